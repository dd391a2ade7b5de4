// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bursts of pages: what is mapped and unmapped, on this hart and another, and what it costs.
#include "user/tests/async.hpp"
#include "user/tests/harts.hpp"
#include "user/tests/vspace.hpp"

namespace {

constexpr unsigned many = 16;

/// Frames; the first word of each is its number, and can be changed through a mapping elsewhere.
struct Frames {
    CPtr first = empty_slot(many);
    volatile Word* words[many] = {};
    Word base = fresh_gigabyte();

    Frames() {
        for (unsigned i = 0; i < many; i++) {
            const CPtr frame = make(ObjectType::page);
            words[i] = map(frame);
            *words[i] = i + 1;
            expect_success("a second capability", cap_copy(frame, first + i));
        }
        tables_at(base);
    }
    void put_map(Calls& calls, unsigned i, unsigned place) const {
        calls.put(i, first + i, abi::PageMap{base + place * page, user::read_write, 1},
                  abi::root_vspace);
    }
    void put_unmap(Calls& calls, unsigned i) const { calls.put(i, first + i, abi::PageUnmap{}); }
    static void take(Calls& calls) {
        for (unsigned i = 0; i < many; i++)
            calls.expect_reply(i, Error::none);
    }
};

/// Reads a word again and again, on a hart of its own, and faults while there is none.
class Reader {
public:
    static constexpr Word outdated = 99;

    Reader(Word vaddr, Word hart) : body_{vaddr, &stale_, &rounds_} {
        create_unwatched(thread_, above);
        expect_success("a hart", set_affinity(thread_.tcb(), hart));
        start(thread_, body_);
    }
    void go_on() const { tcb_resume(thread_.tcb()); }
    [[nodiscard]] Word stale() const { return stale_; }
    [[nodiscard]] Word rounds() const { return rounds_; }

private:
    struct Body {
        Word vaddr;
        std::atomic<Word>* stale;
        std::atomic<Word>* rounds;
        void operator()() const {
            for (;;) {
                for (unsigned i = 0; i < many; i++) {
                    if (word_at(vaddr + i * page) == outdated)
                        stale->fetch_add(1, std::memory_order_relaxed);
                }
                rounds->fetch_add(1, std::memory_order_relaxed);
            }
        }
    };
    std::atomic<Word> stale_ = 0;
    std::atomic<Word> rounds_ = 0;
    Body body_;
    user::Thread thread_;
};

/// Takes as many replies as a burst has; how many are missing or say an error?
Word take_fast(Calls& calls) {
    Word wrong = 0;
    for (unsigned i = 0; i < many; i++) {
        if (!calls.has_reply())
            return wrong + many - i;
        wrong += calls.in().line_at(0).info.load_relaxed() == 0 ? 0 : 1;
        calls.in().advance_by(abi::line_bytes);
    }
    return wrong;
}

Word instructions() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory"); // the emulator counts instructions
    return count;
}

} // namespace

TEST("burst-pages: pages mapped in one burst are there, and those unmapped are not") {
    Calls calls;
    const Frames frames;
    const CPtr probe = make(ObjectType::page);
    for (unsigned round = 0; round < 5; round++) {
        for (unsigned i = 0; i < many; i++)
            frames.put_map(calls, i, (i + round) % many);
        calls.submit();
        Frames::take(calls);
        for (unsigned i = 0; i < many; i++)
            expect_equal("which page is read", i + 1,
                         word_at(frames.base + (i + round) % many * page));
        for (unsigned i = 0; i < many; i++)
            frames.put_unmap(calls, i);
        calls.submit();
        Frames::take(calls);
        for (unsigned i = 0; i < many; i++) {
            expect_success("the place is free", map_page(probe, frames.base + i * page));
            page_unmap(probe);
        }
    }
}

TEST("burst-shootdown: once an unmap is answered no hart reads the page any more") {
    if (several_harts() == 0)
        return;
    Calls calls;
    const Frames frames;
    for (unsigned i = 0; i < many; i++)
        frames.put_map(calls, i, i);
    calls.submit();
    Frames::take(calls);
    const Reader reader(frames.base, 1);
    for (unsigned round = 0; round < 30; round++) {
        const Word before = reader.rounds();
        if (!expect("the other hart reads", comes_true([&] { return reader.rounds() > before; })))
            return;
        for (unsigned i = 0; i < many; i++)
            frames.put_unmap(calls, i);
        calls.submit();
        for (unsigned i = 0; i < many; i++) { // each counts as soon as it is answered
            calls.expect_reply(i, Error::none);
            *frames.words[i] = Reader::outdated;
        }
        for (unsigned i = 0; i < many; i++)
            *frames.words[i] = i + 1;
        for (unsigned i = 0; i < many; i++)
            frames.put_map(calls, i, i);
        calls.submit();
        Frames::take(calls);
        reader.go_on();
    }
    expect_equal("how often the other hart has read a page that was unmapped", 0, reader.stale());
}

TEST("speed: instructions of 100 calls, pages mapped and unmapped in bursts of 16") {
    Calls calls;
    const Frames frames;
    constexpr unsigned rounds = 25;
    Word start = 0;
    Word errors = 0;
    for (unsigned round = 0; round <= rounds; round++) {
        if (round == 1) // everything was there once
            start = instructions();
        for (unsigned i = 0; i < many; i++)
            frames.put_map(calls, i, i);
        calls.submit();
        errors += take_fast(calls);
        for (unsigned i = 0; i < many; i++)
            frames.put_unmap(calls, i);
        calls.submit();
        errors += take_fast(calls);
    }
    const Word took = instructions() - start;
    if (expect_equal("calls that failed or were not answered", 0, errors))
        test::value(took * 100 / (Word{rounds} * 2 * many));
}
