// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Once an unmap is answered no hart reads the page any more: another hart reads an address in a
/// loop, while the frames behind it change places. What a frame has in it tells when it was read:
///
///     reply to "unmap A" ──> A's word := outdated (through another mapping)     nobody reads
///     outdated
///
/// @stage{6}
#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

namespace {

constexpr Word good = 1;
constexpr Word outdated = 2;

/// Reads pages in a row again and again, on a hart of its own. It faults where there is none: then
/// poke() lets it go on.
class Reader {
public:
    Reader(Word vaddr, Word pages, Word hart) : body_{vaddr, pages, &seen_, &rounds_} {
        create_unwatched(thread_, above);
        expect_success("a hart", set_affinity(thread_.tcb(), hart));
        start(thread_, body_);
    }
    void poke() const { tcb_resume(thread_.tcb()); }
    [[nodiscard]] bool saw_stale() const { return seen_ != 0; }
    [[nodiscard]] Word rounds() const { return rounds_; }

private:
    struct Body {
        Word vaddr;
        Word pages;
        std::atomic<Word>* seen;
        std::atomic<Word>* rounds;
        void operator()() const {
            for (;;) {
                for (Word i = 0; i < pages; i++) {
                    if (word_at(vaddr + i * page) == outdated)
                        seen->fetch_add(1, std::memory_order_relaxed);
                }
                rounds->fetch_add(1, std::memory_order_relaxed);
            }
        }
    };
    std::atomic<Word> seen_ = 0;
    std::atomic<Word> rounds_ = 0;
    Body body_;
    user::Thread thread_;
};

/// Two sets of frames for one place. Both are shown elsewhere too.
struct Sets {
    explicit Sets(Word pages) : frames{empty_slot(pages), empty_slot(pages)} {
        for (unsigned set = 0; set < 2; set++) {
            for (Word i = 0; i < pages; i++) {
                const CPtr frame = make(ObjectType::page);
                words[set][i] = map(frame);
                *words[set][i] = set == 0 ? good : outdated;
                expect_success("a second capability", cap_copy(frame, frames[set] + i));
            }
        }
    }

    CPtr frames[2];
    volatile Word* words[2][8];
};

/// They take turns there.
void change_places(Word pages, unsigned times) {
    Calls calls;
    const Word base = fresh_gigabyte();
    tables_at(base);
    const Sets sets(pages);
    const auto& [frames, words] = sets;
    for (Word i = 0; i < pages; i++)
        expect_success("mapped", map_page(frames[0] + i, base + i * page));
    const Reader reader(base, pages, 1);
    expect("it reads", comes_true([&] { return reader.rounds() > 10; }));
    for (unsigned time = 0; time < times; time++) {
        const unsigned old = time % 2;
        for (Word i = 0; i < pages; i++)
            *words[1 - old][i] = good;
        for (uint32_t i = 0; i < pages; i++)
            calls.put(i, frames[old] + i, abi::PageUnmap{});
        for (uint32_t i = 0; i < pages; i++)
            calls.put(8 + i, frames[1 - old] + i,
                      abi::PageMap{base + i * page, user::read_write, 1}, abi::root_vspace);
        calls.submit();
        for (uint32_t i = 0; i < 2 * pages; i++) {
            const Reply reply = calls.reply();
            // From the first reply on.
            if (reply.id < pages)
                *words[old][reply.id] = outdated;
            expect_equal("no error", Error::none, reply.error);
        }
        reader.poke();
        const Word before = reader.rounds();
        if (time % 16 == 0)
            expect("it goes on", comes_true([&] { return reader.rounds() > before + 2; }));
    }
    expect("nobody reads a page that is not there any more", !reader.saw_stale());
}

} // namespace

TEST("async harts: an unmap is answered when no hart reads the page any more") {
    if (several_harts() != 0)
        change_places(1, 150);
}

TEST("async harts: the same for many pages in one burst") {
    if (several_harts() != 0)
        change_places(8, 100);
}

TEST("async harts: a page that goes away stops the hart that uses it") {
    if (several_harts() == 0)
        return;
    Calls calls;
    const Word base = fresh_gigabyte();
    tables_at(base);
    const CPtr frame = make(ObjectType::page);
    for (unsigned i = 0; i < 20; i++) {
        expect_success("mapped", map_page(frame, base));
        const Reader reader(base, 1, 1);
        expect("it reads", comes_true([&] { return reader.rounds() > 5; }));
        expect_equal("unmapped", Error::none, calls.call(frame, abi::PageUnmap{}).error);
        const Word then = reader.rounds();
        for (unsigned k = 0; k < 20; k++)
            yield();
        // It may have counted the round in which it was.
        expect("it has stopped", reader.rounds() <= then + 1);
    }
}
