// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who is notified, and who must not sleep: every order of the two sides' steps that one thread can
/// play.
/// Read next: runtime/status.hpp.
/// @stage{4}
#include "runtime/status.hpp"
#include "runtime/tests/memory.hpp"

#include <doctest/doctest.h>

namespace {

constexpr abi::RingLines small{16, 16};

struct Sides {
    Memory memory{small};
    rt::Ends client = memory.buffer.client();
    rt::Ends server = memory.buffer.server();

    void put() {
        client.out.refill();
        client.out.next();
    }
    void take() {
        server.in.refill();
        server.in.take(server.in.run());
    }
    bool end_client(bool sleepy = false) {
        return rt::end_burst(client.out, client.in, sleepy).notify;
    }
    bool end_server(bool sleepy = false) {
        return rt::end_burst(server.out, server.in, sleepy).notify;
    }

    /// Fills the client's ring, and publishes that.
    void fill() {
        for (unsigned i = 0; i < small.requests; i++)
            put();
        end_client();
    }
    /// The client waits for room. @pre its ring is full
    void wait_for_room() {
        CHECK(client.out.refill() == rt::Ring::blocked);
        CHECK(rt::may_wait(client.out));
    }
};

} // namespace

TEST_CASE("status: who runs is not notified") {
    Sides sides;
    sides.put();
    CHECK(!sides.end_client());
}

TEST_CASE("status: who sleeps is notified once") {
    Sides sides;
    CHECK(rt::may_sleep(sides.server.in));
    sides.put();
    CHECK(sides.end_client());
    sides.put();
    CHECK(!sides.end_client());
}

TEST_CASE("status: who has put nothing in wakes nobody") {
    Sides sides;
    sides.put();
    CHECK(!sides.end_client());
    sides.take();
    CHECK(rt::may_sleep(sides.server.in));
    CHECK(!sides.end_client());
    sides.put();
    CHECK(sides.end_client());
}

TEST_CASE("status: who finds something new does not sleep, and is not notified") {
    Sides sides;
    sides.put();
    CHECK(!sides.end_client());
    CHECK(!rt::may_sleep(sides.server.in));
    sides.put();
    CHECK(!sides.end_client());
}

TEST_CASE("status: a burst that ends in sleep is the same with one fence") {
    Sides sides;
    const rt::BurstEnd end = rt::end_burst(sides.server.out, sides.server.in, true);
    CHECK(!end.news);
    CHECK(!end.notify);
    sides.put();
    CHECK(sides.end_client());
    sides.take();
    sides.put();
    CHECK(!sides.end_client());
    CHECK(rt::end_burst(sides.server.out, sides.server.in, true).news);
    CHECK(!sides.end_client());
}

TEST_CASE("status: a producer that waits for room is told when there is some") {
    Sides sides;
    sides.fill();
    sides.wait_for_room();
    sides.take();
    CHECK(sides.end_server());
    CHECK(!sides.end_server());
    CHECK(sides.client.out.refill() == rt::Ring::ready);
}

TEST_CASE("status: who has taken nothing tells no producer that waits") {
    Sides sides;
    sides.fill();
    sides.wait_for_room();
    CHECK(!sides.end_server());
    sides.take();
    CHECK(sides.end_server());
}

TEST_CASE("status: a producer that finds room does not wait") {
    Sides sides;
    sides.fill();
    sides.take();
    CHECK(!sides.end_server());
    CHECK(!rt::may_wait(sides.client.out));
    CHECK(!sides.end_server());
}

TEST_CASE("status: any other value counts as asleep, once") {
    Sides sides;
    sides.memory.header().server.in.state.store_relaxed(0x1234'5678'9abc'def0);
    sides.put();
    CHECK(sides.end_client());
    CHECK(!sides.end_client());
}
