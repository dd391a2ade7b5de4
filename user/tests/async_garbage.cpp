// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Garbage in every word that a client can write, while the kernel works and before: it survives,
/// serves others, and nothing outside of the buffer changes.
/// @stage{6}
#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

namespace {

/// Frames that lie before and behind a buffer's in memory, and must keep what is in them.
class Canary {
public:
    static constexpr Word value = 0xcafe'f00d'dead'beef;

    Canary() {
        for (volatile Word*& words : pages_) {
            words = map(make(ObjectType::page));
            for (Word i = 0; i < words_of_page; i++)
                words[i] = value;
        }
    }
    void expect_intact(const Place& place = Place::current()) const {
        Word spoilt = 0;
        for (const volatile Word* words : pages_) {
            for (Word i = 0; i < words_of_page; i++)
                spoilt += words[i] != value ? 1 : 0;
        }
        expect_equal("words outside of the buffer that changed", 0, spoilt, place);
    }

private:
    static constexpr Word words_of_page = user::page_size / sizeof(Word);
    volatile Word* pages_[4];
};

/// Another registration, of a thread that works all the time: it must be served.
class Witness {
public:
    Witness() : calls_({.open = false}), frame_(make(ObjectType::page)) {
        start(thread_, as_test, body_);
    }
    [[nodiscard]] Word served() const { return served_; }

private:
    struct Body {
        Witness* self;
        void operator()() const {
            self->calls_.open();
            for (;;) {
                if (self->calls_.call(self->frame_, abi::PageGetAddress{}).error == Error::none)
                    self->served_.fetch_add(1, std::memory_order_relaxed);
                yield();
            }
        }
    };
    Calls calls_;
    CPtr frame_;
    std::atomic<Word> served_ = 0;
    Body body_{this};
    user::Thread thread_;
};

/// Objects that garbage may do anything to. The test itself must not be named by it.
struct Victims {
    static constexpr unsigned count = 6;
    CPtr objects[count] = {make(ObjectType::page),         make(ObjectType::cnode, 4),
                           make(ObjectType::untyped, 13),  bare_thread(),
                           make(ObjectType::notification), make(ObjectType::page_table)};
};

/// Any number, of those that are interesting. None of them names a slot that is in use.
Word any(Draw& draw) {
    switch (draw.below(6)) {
    case 0:
        return ~Word{0} - draw.below(200);
    case 1:
        return Word{1} << (20 + draw.below(44));
    case 2:
        return 0x8000'0000 + draw.below(1U << 20);
    case 3:
        return 0;
    default:
        return 1U << 20 | draw.below(1U << 30) << 34 | draw.below(1U << 30) << 21;
    }
}

/// A counter or state, right or wrong.
void spoil(Calls& calls, Draw& draw) {
    abi::BufferHeader& header = calls.header();
    rt::SharedWord<Word>* const words[] = {
        &header.client.out.tail, &header.client.out.state, &header.client.in.head,
        &header.client.in.state, &header.server.out.tail,  &header.server.out.state,
        &header.server.in.head,  &header.server.in.state,
    };
    words[draw.below(std::size(words))]->store_relaxed(
        draw.below(2) == 0 ? any(draw) : draw.below(200) * abi::line_bytes);
}

/// One line of the ring of requests. Any pair of words may be read by the kernel together, as two
/// harts are at work: no small number is among them.
void fill(const Calls& calls, const Victims& victims, Draw& draw) {
    abi::Item& item = calls.items()[draw.below(32)];
    item.id.store_relaxed(static_cast<uint32_t>(draw.below(1U << 31)));
    const auto info =
        draw.below(400) == 0
            ? static_cast<uint32_t>(any(draw))
            : abi::ItemInfo::make(1 + draw.below(44), draw.below(8), draw.below(4)).word;
    item.info.store_relaxed(info);
    for (auto& word : item.words)
        word.store_relaxed(draw.below(2) == 0 ? victims.objects[draw.below(Victims::count)]
                                              : any(draw));
}

/// Goes on with the rings as a client that is not quite right in its head.
void go_on(Calls& calls, Draw& draw) {
    abi::BufferHeader& header = calls.header();
    if (draw.below(200) == 0)
        return spoil(calls, draw);
    header.client.out.tail.store_relaxed(header.server.in.head.load_relaxed() +
                                         draw.below(16) * abi::line_bytes);
    header.client.in.head.store_relaxed(header.server.out.tail.load_relaxed());
}

/// Clients one after the other, each with so many bursts. `meanwhile` writes on another hart.
void send_garbage(Word first_seed, Word seeds, unsigned bursts, bool meanwhile) {
    const Canary before;
    const Victims victims;
    Witness witness;
    std::atomic<Calls*> shared = nullptr;
    user::Thread thread;
    const auto writes = [&] {
        for (Draw draw(99);;) {
            if (const Calls* calls = shared.load(std::memory_order_acquire))
                fill(*calls, victims, draw);
        }
    };
    if (meanwhile)
        start_on(thread, 1, above, writes);
    const Word served = witness.served();
    Word requests = 0;
    for (Word seed = first_seed; seed < first_seed + seeds; seed++) {
        Calls calls;
        shared.store(&calls, std::memory_order_release);
        const Canary behind;
        Draw draw(seed * 104729);
        for (unsigned i = 0; i < bursts; i++) {
            for (Word left = draw.below(6); left > 0; left--)
                fill(calls, victims, draw);
            go_on(calls, draw);
            wake_handler();
            if (config::smp) // the kernel may work elsewhere
                yield();
        }
        requests += calls.header().server.in.head.load_relaxed() / abi::line_bytes % 100'000;
        shared.store(nullptr, std::memory_order_release);
        behind.expect_intact();
        expect_success("its end", cap_delete(calls.registration()));
        expect_success("nothing of it can be used any more", cap_revoke(calls.frame(0)));
    }
    thread.stop();
    before.expect_intact();
    if (!config::smp) // else it depends on who is faster
        expect("the kernel has looked at many of them", requests > 20'000);
    expect("others are served", comes_true([&] { return witness.served() > served + 3; }));
}

} // namespace

TEST("async: garbage in every word, and the kernel goes on, seeds 1 to 20") {
    send_garbage(1, 20, 500, false);
}

TEST("async: garbage in every word, and the kernel goes on, seeds 21 to 40") {
    send_garbage(21, 20, 500, false);
}

TEST("async harts: lines that change while the kernel reads them, seeds 1 to 20") {
    if (several_harts() != 0)
        send_garbage(1, 20, 300, true);
}

TEST("async harts: lines that change while the kernel reads them, seeds 21 to 40") {
    if (several_harts() != 0)
        send_garbage(21, 20, 300, true);
}
