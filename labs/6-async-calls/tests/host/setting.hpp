// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of a registration begin with: its owner is the current thread, its buffer lies in
/// two pages that are apart, and its coroutines are the test's. The test is the client too: it puts
/// lines into the ring of requests by hand.
/// Read next: script.hpp, labs/lib/alone.hpp.
#pragma once

#include "kernel/tests/vm/space.hpp"
#include "labs/6-async-calls/tests/host/script.hpp"
#include "labs/lib/alone.hpp"

#include <random>

/// Numbers that look drawn by chance, the same for the same seed.
class Draw {
public:
    /// Less than `end`.
    Word below(Word end) { return engine_() % end; }
    Word word() { return engine_(); }

private:
    std::mt19937_64 engine_{lab::seed()};
};

/// A coroutine that the test plays: whenever it goes on, `step` is called, and its answer is the
/// list in which it waits then.
inline async::HandlerList& (*step)(Registration& registration, unsigned number) = nullptr;
inline unsigned played_handlers = 0;

inline async::Handler play(Registration* registration) {
    const unsigned number = played_handlers++;
    for (;;) {
        const async::Turn turn{step(*registration, number)};
        co_await turn;
    }
}

class Setting {
public:
    static constexpr Word page = Word{1} << abi::page_bits;
    /// The requests fill the first page and go on in the second.
    static constexpr abi::RingLines lines = {.requests = 64, .replies = 32};
    static constexpr unsigned most_coroutines = 4;

    Spaces& spaces = *new Spaces; // is not destroyed: the process of the test ends
    World& world = spaces.world;
    Slot& notification = world.notification();
    Registration& registration = *window<Registration>(host::memory(bits));

    explicit Setting(unsigned coroutines = most_coroutines,
                     async::Handler (*handler)(Registration*) = play,
                     abi::RingLines in_rings = lines) {
        for (Word*& memory : memory_) {
            Slot& frame = spaces.frame(host::memory(abi::page_bits));
            memory = window<Word>(frame.cap.as<FrameCap>().base());
            expect("a frame is added", registration.add_frame(frame).has_value());
        }
        Slot& root = world.cnode(8);
        world.caller().slot(Tcb::cspace).cap = root.cap;
        script.handler = handler;
        const Word bytes = abi::async_base_bytes + coroutines * abi::async_coroutine_bytes;
        expect_equal("coroutines for which there is memory", coroutines,
                     registration.open(world.caller(), notification, in_rings, bytes));
    }

    /// Word `index` of line `line` of the requests; word 0 is id and info.
    Word& request_word(Word line, Word index = 0) {
        const Word at = abi::ring_offset + line % lines.requests * abi::line_bytes + index * 8;
        return memory_[at / page][at % page / 8];
    }
    void put_header(Word line, uint32_t id, abi::ItemInfo info) {
        request_word(line) = id | Word{info.word} << 32;
    }
    /// So many lines have been put in since the beginning, and all replies are taken.
    void publish(Word count) {
        abi::BufferHeader& words = header();
        words.client.in.head.store_relaxed(words.server.out.tail.load_relaxed());
        words.client.out.tail.store_relaxed(count * abi::line_bytes);
    }
    /// How many lines the kernel says that it has taken, since the beginning.
    [[nodiscard]] Word taken() const {
        return header().server.in.head.load_relaxed() / abi::line_bytes;
    }

    [[nodiscard]] abi::BufferHeader& header() const {
        return *reinterpret_cast<abi::BufferHeader*>(memory_[0]);
    }

private:
    static constexpr unsigned bits = 14;
    static_assert(abi::async_base_bytes + most_coroutines * abi::async_coroutine_bytes <=
                  Word{1} << bits);

    Word* memory_[2] = {};
};
