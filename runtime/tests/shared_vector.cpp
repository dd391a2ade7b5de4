// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A server with more clients than vectors: several connections have the same one, and whoever of
/// its clients notifies, all of them are looked at.
/// Read next: runtime/executor.hpp.
/// @stage{5}
#include "runtime/tests/pair.hpp"

#include <deque>
#include <doctest/doctest.h>

namespace {

using abi::Word;
using ipc::Message;
using test::Side;

struct AddOne {
    ipc::Message<1> operator()(const ipc::Request<1>& request) const {
        return Message(0, request.words[0] + 1);
    }
};

rt::Task<> call(rt::Frames /*frames*/, ipc::Client* client, Word value, unsigned* right) {
    const auto reply = co_await ipc::call<1>(*client, Message{1, value});
    if (reply && reply.words[0] == value + 1)
        ++*right;
}

/// A client of its own, whose server end is one of many of an executor.
struct Guest {
    Guest(Side& there, unsigned vector)
        : client(here.executor, memory.buffer.client(), there.notify(), 8),
          server(there.executor, memory.buffer.server(), here.notify(), 8, AddOne{}) {
        here.executor.attach(client, Side::vector);
        there.executor.attach(server, vector);
    }

    void ask(Word value) { here.executor.spawn(call(here.pool, &client, value, &right), 1); }

    Memory memory{{16, 16}};
    Side here{4};
    ipc::Client client;
    ipc::Server<AddOne> server;
    unsigned right = 0;
};

/// More than stay awake when there is nothing to be done.
constexpr unsigned many = 2 * rt::Executor::most_awake;

struct World {
    World() {
        for (unsigned i = 0; i < many; i++)
            guests.emplace_back(there, Side::vector);
        run();
    }
    /// Each runs; then the server, with what it was notified of.
    void run() {
        for (unsigned turn = 0; turn < 4; turn++) {
            for (Guest& guest : guests)
                guest.here.run();
            there.run();
        }
    }

    Side there{4};
    std::deque<Guest> guests;
};

} // namespace

TEST_CASE("shared vector: each of those who have it is looked at") {
    World world;
    for (unsigned i = 0; i < many; i++) {
        world.guests[i].ask(i);
        world.run();
        CHECK(world.guests[i].right == 1);
    }
    for (Guest& guest : world.guests)
        guest.ask(7);
    world.run();
    for (const Guest& guest : world.guests)
        CHECK(guest.right == 2);
}

TEST_CASE("shared vector: that one is awake does not hide a notification of another") {
    World world;
    world.there.executor.look_at(world.guests[0].server);
    world.guests[1].ask(1);
    world.run();
    CHECK(world.guests[1].right == 1);
}

TEST_CASE("shared vector: who goes leaves the others in their places") {
    for (unsigned gone = 0; gone < many; gone++) {
        World world;
        world.there.executor.detach(world.guests[gone].server);
        for (Guest& guest : world.guests)
            guest.ask(3);
        world.run();
        for (unsigned i = 0; i < many; i++)
            CHECK(world.guests[i].right == (i == gone ? 0 : 1));
    }
}

TEST_CASE("shared vector: when it is released everybody is looked at once more") {
    World world;
    for (Guest& guest : world.guests)
        guest.ask(5);
    for (Guest& guest : world.guests)
        guest.here.run();
    world.there.notified = 0; // it was somebody else's by then
    world.there.executor.release(Side::vector);
    world.run();
    for (const Guest& guest : world.guests)
        CHECK(guest.right == 1);
    // Nobody has the vector now.
    static unsigned unknown = 0;
    world.there.executor.on_unknown([](void*, Word) { unknown++; }, nullptr);
    world.there.executor.run_until_idle(Word{1} << Side::vector);
    CHECK(unknown == 1);
}
