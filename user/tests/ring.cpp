// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two threads exchange messages through a shared buffer, and notify only when the other sleeps.
/// @stage{4}
#include "runtime/buffer.hpp"
#include "runtime/long_message.hpp"
#include "runtime/status.hpp"
#include "user/tests/uintr.hpp"

namespace {

constexpr abi::RingLines lines{.requests = 16, .replies = 16};

/// One side: its ends of the rings, its notification, and how it notifies the other.
struct Side {
    rt::Ends ends;
    CPtr own;
    CPtr other;
    Word notified = 0; ///< how often it notified

    /// What was put in and taken counts for the other side, which is told if it sleeps.
    void publish() {
        if (rt::end_burst(ends.out, ends.in, false).notify) {
            notified++;
            signal(other);
        }
    }
    /// Sleeps until there is something to take.
    void await() {
        while (ends.in.refill() != rt::Ring::ready) {
            if (rt::may_sleep(ends.in))
                wait(own);
        }
    }
    /// Takes one message of one word.
    Word take() {
        if (ends.in.stopped())
            await();
        Word word = 0;
        rt::copy_words(ends.in, 0, 1, &word);
        ends.in.advance_by(abi::line_bytes);
        return word;
    }
    void put(Word word) {
        if (ends.out.stopped())
            expect("there is room", ends.out.refill() == rt::Ring::ready);
        rt::put_message(ends.out, 1, abi::ItemInfo::make(2, 1), std::span(&word, 1));
    }
};

/// Sends `count` words in bursts and adds up what comes back, each word plus one.
void exchange(const Place& place, bool other_hart, Word burst) {
    alignas(64) std::byte memory[abi::buffer_bytes(lines)];
    rt::SharedBuffer buffer(memory, lines);
    buffer.initialise();
    const CPtr first = make(ObjectType::notification), second = make(ObjectType::notification);
    Side server{buffer.server(), second, first};
    Side client{buffer.client(), first, second};
    constexpr Word count = 96;
    Word sum = 0;
    const auto serve = [&] {
        for (Word i = 0; i < count; i++) {
            server.put(server.take() + 1);
            server.publish();
        }
    };
    const auto call = [&] {
        for (Word i = 0; i < count; i += burst) {
            for (Word k = 0; k < burst; k++)
                client.put(i + k);
            client.publish();
            for (Word k = 0; k < burst; k++)
                sum += client.take();
        }
    };
    user::Thread serving, calling;
    create(serving, as_test, place);
    if (other_hart)
        set_affinity(serving.tcb(), 1);
    start(serving, serve);
    start(calling, as_test, call, place);
    serving.join();
    calling.join();
    expect_equal("sum", count * (count + 1) / 2, sum, place);
    expect("nobody notifies more often than the other can sleep",
           client.notified <= count / burst && server.notified <= count, place);
}

} // namespace

TEST("ring: messages go to and fro, one at a time and in bursts") {
    for (const Word burst : {Word{1}, Word{2}, Word{12}})
        exchange(Place::current(), false, burst);
}

TEST("ring: they do between harts") {
    if (several_harts() == 0)
        return;
    for (const Word burst : {Word{1}, Word{12}})
        exchange(Place::current(), true, burst);
}
