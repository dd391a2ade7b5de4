// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Calls: the judge is the server of a process that calls, the client of one that serves; and it
/// looks on while two processes call each other.
/// Read next: park.cpp.
#include "labs/5-runtime/tests/process/task.hpp"
#include "labs/lib/judge/judge.hpp"

#include <algorithm>

using namespace judge;
using abi::ItemInfo;

namespace {

constexpr Word lines = party::ring_lines.requests;

/// Wakes process `which` if it sleeps, or waits for room.
void wake(World& world, unsigned which) {
    abi::SideWords& words = which == 0 ? world.header().client : world.header().server;
    rt::fence_full();
    Word changed = 0;
    if (words.in.state.load_relaxed() != abi::running)
        changed = words.in.state.exchange(abi::running);
    if (words.out.state.load_relaxed() != abi::flowing)
        changed |= words.out.state.exchange(abi::flowing);
    if (changed != 0)
        sel4::signal(world.side(which).own);
}

/// Every reply that a caller has got is to its own call.
bool expect_replies(const Side& side, Word count, Word key, const Place& place = Place::current()) {
    for (Word i = 0; i < count; i++) {
        const Word right = party::changed(side.input[i], key);
        const Word got = side.output[i];
        if (got == right)
            continue;
        test::fail(place, "call ", i, " of ", count, ": expected the reply ", console::Hex{right},
                   ", got ", console::Hex{got}, got == party::no_reply ? " (an error)" : "");
        return false;
    }
    return true;
}

/// A server that answers in any order.
class ByHandServer {
public:
    ByHandServer(World& world, Draw& draw, Word key) : world_(world), draw_(draw), key_(key) {}

    /// Takes what has come, answers some of it. False if the client does what it must not.
    bool step() {
        abi::BufferHeader& header = world_.header();
        const Word tail = header.client.out.tail.load_acquire() / abi::line_bytes;
        if (!test::expect("the client has at most 16 calls in flight", tail - answered_ <= lines))
            return false;
        for (; taken_ < tail; taken_++, open_++) {
            const abi::Item& item = world_.requests()[taken_ % lines];
            ids_[open_] = item.id.load_relaxed();
            words_[open_] = item.words[0].load_relaxed();
        }
        header.server.in.head.store_release(taken_ * abi::line_bytes);
        for (Word some = draw_.below(open_ + 1); some > 0; some--)
            answer(draw_.below(open_));
        header.server.out.tail.store_release(answered_ * abi::line_bytes);
        wake(world_, 0);
        return true;
    }
    [[nodiscard]] Word answered() const { return answered_; }

private:
    void answer(Word which) {
        abi::Item& item = world_.replies()[answered_ % lines];
        item.id.store_relaxed(ids_[which]);
        item.info.store_relaxed(ItemInfo::make(0, 1).word);
        item.words[0].store_relaxed(party::changed(words_[which], key_));
        answered_++;
        open_--;
        ids_[which] = ids_[open_];
        words_[which] = words_[open_];
    }

    World& world_;
    Draw& draw_;
    Word key_;
    Word taken_ = 0;
    Word answered_ = 0;
    Word open_ = 0;
    uint32_t ids_[lines] = {};
    Word words_[lines] = {};
};

/// A client that asks for this and that, and knows what must be answered.
class ByHandClient {
public:
    ByHandClient(World& world, Draw& draw, Word key) : world_(world), draw_(draw), key_(key) {}

    void ask(Word count) {
        for (; count > 0; count--) {
            const Word kind = draw_.below(8);
            const Word word = draw_.word();
            const auto id = static_cast<uint32_t>(draw_.word());
            const uint32_t flags = kind == 0 ? uint32_t{abi::one_way} : 0;
            const Word label = draw_.below(1000);
            put(id, ItemInfo::make(label, 1 + draw_.below(7), kind == 1 ? 1 : 0, flags), word);
            if (flags == 0)
                wanted_[wanted_count_++] = {id, label, party::changed(word, key_)};
        }
        publish();
    }
    /// Asks for something of which only the first line is there.
    void ask_too_much() {
        put(1, ItemInfo::make(0, abi::message_words), 0);
        publish();
    }
    /// Awaits and compares all answers.
    bool collect() {
        Word right = 0;
        bool good = true;
        const bool all = world_.until("all answers, and the server to take all requests", [&] {
            const Word tail = world_.header().server.out.tail.load_acquire() / abi::line_bytes;
            for (; good && seen_ < tail; seen_++)
                good = compare(right++);
            world_.header().client.in.head.store_release(seen_ * abi::line_bytes);
            return !good ||
                   (right == wanted_count_ &&
                    world_.header().server.in.head.load_acquire() == asked_ * abi::line_bytes);
        });
        wanted_count_ = 0;
        return all && good;
    }

private:
    struct Wanted {
        uint32_t id;
        Word label;
        Word word;
    };

    void put(uint32_t id, ItemInfo info, Word word) {
        abi::Item& item = world_.requests()[asked_++ % lines];
        item.id.store_relaxed(id);
        item.info.store_relaxed(info.word);
        item.words[0].store_relaxed(word);
    }
    void publish() {
        world_.header().client.out.tail.store_release(asked_ * abi::line_bytes);
        wake(world_, 1);
    }
    bool compare(Word number) {
        if (!test::expect("no more is answered than was asked for", number < wanted_count_))
            return false;
        const abi::Item& item = world_.replies()[seen_ % lines];
        const Wanted& wanted = wanted_[number];
        const ItemInfo info{item.info.load_relaxed()};
        return test::expect_equal("id of an answer", wanted.id, item.id.load_relaxed()) &&
               test::expect_equal("label of an answer", wanted.label, info.label()) &&
               test::expect_equal("length of an answer", 1, info.length()) &&
               test::expect_equal("word of an answer", wanted.word, item.words[0].load_relaxed());
    }

    World& world_;
    Draw& draw_;
    Word key_;
    Word asked_ = 0;
    Word seen_ = 0;
    Wanted wanted_[lines] = {};
    Word wanted_count_ = 0;
};

} // namespace

TEST("calls-machine: 24 coroutines call a server that answers in any order") {
    constexpr Word width = 24;
    constexpr Word count = 8;
    World world;
    Draw draw(4);
    const Word key = draw.word();
    for (Word i = 0; i < width * count; i++)
        world.side(0).input[i] = draw.word();
    if (!world.start(0, {.role = Role::call, .count = count, .burst = width}))
        return;
    ByHandServer server(world, draw, key);
    bool right = true;
    const bool all = world.until("192 calls", [&] {
        right = server.step();
        return !right || server.answered() == width * count;
    });
    if (all && right && world.finish())
        expect_replies(world.side(0), width * count, key);
}

TEST("served-machine: a server on another hart answers batches of any kind, and is not hurt") {
    World world;
    Draw draw(5);
    const Word key = draw.word();
    world.side(1).may_give_up = true;
    if (!world.start(1, {.role = Role::serve, .key = key, .hart = 1}))
        return;
    ByHandClient client(world, draw, key);
    for (Word i = 0; i < 60; i++) {
        client.ask(1 + draw.below(lines));
        if (!client.collect() ||
            !test::expect("the server does not cut off a client that did nothing wrong",
                          !world.side(1).gave_up))
            return;
    }
    client.ask_too_much();
    world.until("the server to cut off a client that asks for 13 lines and puts one in",
                [&] { return world.side(1).gave_up; });
}

TEST("pair-calls: coroutines of one process call another process, on another hart") {
    constexpr Word width = 20;
    constexpr Word count = 12;
    World world;
    Draw draw(6);
    const Word key = draw.word();
    for (Word i = 0; i < width * count; i++)
        world.side(0).input[i] = draw.word();
    if (!world.start(1, {.role = Role::serve, .key = key, .hart = 1}) ||
        !world.start(0, {.role = Role::call, .count = count, .burst = width}) ||
        !world.until("the end of the client", [&] { return world.side(0).ended; }))
        return;
    world.side(1).task->stop.store_release(1);
    sel4::signal(world.side(1).own);
    if (!world.finish() || !expect_replies(world.side(0), width * count, key))
        return;
    test::expect("a server is not notified more often than something is put in",
                 world.side(0).notifications <= width * count);
    test::expect("a client is not notified more often than it is answered, or given room",
                 world.side(1).notifications <= 2 * width * count);
}
