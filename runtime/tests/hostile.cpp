// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Peers that write what they like. Whatever it is, nothing outside of the buffer is touched (the
/// sanitizers see to that), every turn ends, and a coroutine is woken only by a reply to the very
/// call that it waits for.
/// Read next: runtime/client.hpp.
/// @stage{5}
#include "runtime/tests/pair.hpp"

#include <doctest/doctest.h>
#include <random>
#include <vector>

namespace {

using abi::Word;
using ipc::Message;
using rt::Frames;
using rt::Task;
using test::Side;

constexpr abi::RingLines small{16, 16};

struct Counts {
    unsigned replies = 0;
    unsigned errors = 0;
};

Task<> caller(Frames /*frames*/, ipc::Client* client, unsigned calls, Counts* counts) {
    for (Word i = 0; i < calls; i++) {
        const auto reply = co_await ipc::call(*client, Message{1, i});
        ++(reply ? counts->replies : counts->errors);
    }
}

/// A client with a peer that is played by hand.
struct Victim {
    explicit Victim(Side& own)
        : side(own), client(side.executor, memory.buffer.client(), {quiet}, 8) {
        side.executor.attach(client, vector++);
    }
    ~Victim() { side.executor.detach(client); }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    static void quiet(void* /*nobody*/) {}

    uint32_t request() {
        rt::Consumer<>& in = peer.in;
        if (in.stopped())
            REQUIRE(in.refill() == rt::Ring::ready);
        return in.take(abi::line_bytes).first->id.load_relaxed();
    }
    void reply(uint32_t id, uint32_t info = abi::ItemInfo::make(0, 1).word) {
        if (peer.out.stopped())
            REQUIRE(peer.out.refill() == rt::Ring::ready);
        abi::Item& item = peer.out.next();
        item.id.store_relaxed(id);
        item.info.store_relaxed(info);
        item.words[0].store_relaxed(7);
    }
    void turn() {
        peer.in.publish();
        peer.out.publish();
        side.executor.run_until_idle();
    }

    static inline unsigned vector = 0;
    Side& side;
    Memory memory{small};
    rt::Ends peer = memory.buffer.server();
    ipc::Client client;
};

/// Anything, or something near to what is right.
void scribble(Memory& memory, std::mt19937_64& random) {
    auto* const words = reinterpret_cast<rt::SharedWord<Word>*>(memory.words());
    const size_t header_words = abi::ring_offset / sizeof(Word);
    const bool in_header = random() % 2 == 0;
    const size_t index = random() % (in_header ? header_words : memory.word_count());
    switch (random() % 4) {
    case 0:
        return words[index].store_relaxed(random());
    case 1:
        return words[index].store_relaxed(words[index].load_relaxed() +
                                          random() % 20 * abi::line_bytes);
    case 2:
        return words[index].store_relaxed(random() % 64);
    default:
        return words[index].store_relaxed(
            random() % 4096 | Word{abi::ItemInfo::make(random(), random(), random()).word} << 32);
    }
}

} // namespace

TEST_CASE("hostile: a reply comes twice, or before it is asked for") {
    Side side(8);
    Victim victim(side);
    Counts counts;
    side.executor.spawn(caller(side.pool, &victim.client, 3, &counts), 3);
    victim.turn();
    const uint32_t id = victim.request();
    victim.reply(id);
    victim.reply(id);
    victim.reply(side.pool.id_after(id));
    victim.turn();
    CHECK(counts.replies == 1); // the second call is made, and waits
    victim.reply(id);
    victim.turn();
    CHECK(counts.replies == 1);
    CHECK(victim.request() == side.pool.id_after(id));
    victim.reply(side.pool.id_after(id));
    victim.turn();
    CHECK(counts.replies == 2);
}

TEST_CASE("hostile: replies to calls of somebody else") {
    Side side(8);
    Victim honest(side);
    Victim hostile(side);
    Counts counts;
    Counts others;
    side.executor.spawn(caller(side.pool, &honest.client, 1, &counts), 3);
    side.executor.spawn(caller(side.pool, &hostile.client, 1, &others), 3);
    honest.turn();
    const uint32_t id = honest.request();
    hostile.reply(id);
    hostile.turn();
    CHECK(counts.replies == 0);
    honest.reply(id);
    honest.turn();
    CHECK(counts.replies == 1);
}

TEST_CASE("hostile: replies while a call waits for room") {
    Side side(64);
    Victim victim(side);
    Counts counts;
    for (unsigned i = 0; i < 40; i++)
        side.executor.spawn(caller(side.pool, &victim.client, 1, &counts), 3);
    victim.turn();
    for (uint32_t block = 0; block < 16; block++)
        victim.reply(static_cast<uint32_t>((63 - block) * Side::block));
    victim.turn();
    CHECK(counts.replies <= 16);
    victim.client.close();
    side.executor.run_until_idle();
    CHECK(counts.replies + counts.errors == 40);
    CHECK(side.pool.used() == 0);
}

TEST_CASE("hostile: flags and lengths of replies") {
    const uint32_t infos[] = {~0U,
                              1U << 31,
                              abi::one_way,
                              abi::refused,
                              abi::ItemInfo::make(0, 127).word,
                              abi::ItemInfo::make(0, 8).word,
                              abi::ItemInfo::make(0, 7, 3).word};
    for (const uint32_t info : infos) {
        Side side(8);
        Victim victim(side);
        Counts counts;
        side.executor.spawn(caller(side.pool, &victim.client, 1, &counts), 3);
        victim.turn();
        victim.reply(victim.request(), info);
        victim.turn();
        CHECK(counts.replies + counts.errors == 1);
        if (!victim.client.open())
            CHECK(counts.errors == 1);
    }
}

TEST_CASE("hostile: more replies than calls cut the peer off") {
    Side side(8);
    Victim victim(side);
    Counts counts;
    side.executor.spawn(caller(side.pool, &victim.client, 100, &counts), 3);
    for (unsigned i = 0; i < 40 && victim.client.open(); i++) {
        victim.turn();
        if (!victim.client.open())
            break;
        const uint32_t id = victim.request();
        victim.reply(id);
        victim.reply(id);
    }
    CHECK(!victim.client.open());
    side.executor.run_until_idle();
    CHECK(counts.replies + counts.errors == 100);
}

TEST_CASE("hostile: a server that scribbles") {
    std::mt19937_64 random(1);
    unsigned operations = 0;
    for (unsigned life = 0; life < 3000; life++) {
        Side side(32);
        Victim::vector = 0;
        Victim victim(side);
        Counts counts;
        for (unsigned i = 0; i < 20; i++)
            side.executor.spawn(caller(side.pool, &victim.client, 5, &counts), i % 8);
        for (unsigned step = 0; step < 100 && victim.client.open(); step++) {
            for (unsigned i = 0; i < 1 + random() % 4; i++, operations++)
                scribble(victim.memory, random);
            side.executor.run_until_idle(1);
        }
        victim.client.close();
        side.executor.run_until_idle();
        CHECK(counts.replies + counts.errors == 100);
        CHECK(side.pool.used() == 0);
    }
    CHECK(operations > 100'000);
}

TEST_CASE("hostile: a server that answers as often as it should, and often the wrong call") {
    std::mt19937_64 random(2);
    unsigned replies = 0;
    for (unsigned life = 0; life < 300; life++) {
        Side side(32);
        Victim::vector = 0;
        Victim victim(side);
        Counts counts;
        for (unsigned i = 0; i < 20; i++)
            side.executor.spawn(caller(side.pool, &victim.client, 100, &counts), i % 8);
        for (unsigned step = 0; step < 2000 && victim.client.open(); step++) {
            if (random() % 4 == 0)
                victim.turn();
            if (victim.peer.in.stopped() && victim.peer.in.refill() != rt::Ring::ready)
                continue;
            const uint32_t right = victim.request();
            const uint32_t block = static_cast<uint32_t>(random() % 32 * Side::block);
            const uint32_t wrong = block + static_cast<uint32_t>(random() % 100 * 32 * Side::block);
            victim.reply(random() % 64 == 0 ? wrong : right, static_cast<uint32_t>(random() % 8));
            replies++;
        }
        CHECK(victim.client.open());
        victim.client.close();
        side.executor.run_until_idle();
        CHECK(counts.replies + counts.errors == 2000);
    }
    CHECK(replies > 100'000);
}

namespace {

struct Echo {
    Message<1> operator()(const ipc::Request<3>& request) const {
        return Message{request.label(), request.words[2]};
    }
};

Task<Message<2>> echo_later(Frames /*frames*/, ipc::Request<1> request) {
    co_await rt::yield();
    co_return Message{request.label(), request.words[0], request.words[0]};
}

template <class Handler>
void scribble_at_server(Handler handler, unsigned seed) {
    std::mt19937_64 random(seed);
    for (unsigned life = 0; life < 2000; life++) {
        Side side(64);
        Memory memory(small);
        ipc::Server server(side.executor, memory.buffer.server(), {Victim::quiet}, 8, handler);
        side.executor.attach(server, 0);
        if (random() % 2 == 0)
            server.limit(2);
        rt::Ends peer = memory.buffer.client();
        for (unsigned step = 0; step < 100 && server.open(); step++) {
            for (unsigned i = 0; i < random() % 8; i++) {
                if (!peer.out.stopped() || peer.out.refill() == rt::Ring::ready) {
                    abi::Item& item = peer.out.next();
                    item.id.store_relaxed(static_cast<uint32_t>(random()));
                    item.info.store_relaxed(static_cast<uint32_t>(
                        random() % 2 == 0 ? random() % 8 : random() % (1U << 27)));
                }
            }
            peer.out.publish();
            if (random() % 8 == 0)
                scribble(memory, random);
            if (peer.in.stopped() && peer.in.refill() == rt::Ring::ready)
                peer.in.take(peer.in.run());
            peer.in.publish();
            side.executor.run_until_idle(1);
        }
        server.close();
        side.executor.run_until_idle();
        CHECK(server.in_progress() == 0);
        CHECK(side.pool.used() == 0);
    }
}

} // namespace

TEST_CASE("hostile: a client that scribbles, at a handler that answers at once") {
    scribble_at_server(Echo{}, 3);
}

TEST_CASE("hostile: a client that scribbles, at a handler that suspends") {
    scribble_at_server(echo_later, 4);
}
