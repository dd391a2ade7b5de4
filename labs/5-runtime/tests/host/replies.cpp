// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.4: replies. The server is played by hand; it answers as it should, or as it likes.
/// Read next: requests.cpp.
#include "labs/5-runtime/tests/host/calls.hpp"

#include <algorithm>

using namespace setting;

namespace {

/// A client with callers; what comes of their calls is in `said`, a word each.
struct Calls {
    explicit Calls(Side& own, abi::RingLines lines = {16, 16}, unsigned vector = 1)
        : side(own), memory(lines), client(own.executor, memory.buffer.client(), quiet, 8),
          server(memory.buffer.server()) {
        own.executor.attach(client, vector);
    }

    /// A coroutine that makes calls with these words, one after the other.
    void spawn(Word first, unsigned calls = 1) {
        expect("there is a frame for each coroutine",
               side.executor.spawn(make(side.pool, this, first, calls), 3));
    }
    void run() { side.executor.run_until_idle(); }
    /// What was said since it was last asked.
    [[nodiscard]] std::string take_said() { return std::exchange(said, {}); }

    static Task<> make(Frames /*frames*/, Calls* at, Word first, unsigned calls) {
        for (Word i = 0; i < calls; i++) {
            const auto reply = co_await ipc::call<2>(at->client, ipc::Message{7, first + i});
            if (!at->said.empty())
                at->said += ' ';
            at->said += std::to_string(first + i) + ":";
            if (reply)
                at->said += std::to_string(reply.label()) + "," + std::to_string(reply.words[0]);
            else
                at->said += "error" + std::to_string(static_cast<int>(reply.error()));
        }
    }

    Side& side;
    Memory memory;
    ipc::Client client;
    Peer server;
    std::string said;
};

} // namespace

TEST_CASE("reply-one: a reply wakes its caller, with its label and its word") {
    alone([] {
        Side side(16);
        Calls at(side);
        at.spawn(40);
        at.run();
        const auto asked = at.server.take();
        if (!expect_equal("requests that were put in", 1, asked.size()))
            return;
        expect_equal("who was woken before there is a reply", "", at.take_said());
        at.server.put(asked[0].id, 9, {77});
        at.run();
        expect_equal("the call, its reply's label and word", "40:9,77", at.take_said());
        expect_equal("bytes of replies that are owed", 0, at.client.owed());
        expect_equal("frames in use when the caller has ended", 0, side.pool.used());
    });
}

TEST_CASE("reply-order: replies come in any order, and each wakes its own caller") {
    alone([] {
        Side side(16);
        Calls at(side);
        for (const unsigned number : {10U, 20U, 30U, 40U})
            at.spawn(number);
        at.run();
        const auto asked = at.server.take();
        if (!expect_equal("requests that were put in", 4, asked.size()))
            return;
        for (const unsigned i : {2U, 0U, 3U, 1U})
            at.server.put(asked[i].id, 1, {asked[i].words.at(0) + 5});
        at.run();
        expect_equal("calls and replies, in the order of the replies",
                     "30:1,35 10:1,15 40:1,45 20:1,25", at.take_said());
    });
}

TEST_CASE("reply-next: the next call of a coroutine has another id") {
    alone([] {
        Side side(16);
        Calls at(side);
        at.spawn(1, 3);
        std::vector<uint32_t> ids;
        for (unsigned call = 0; call < 3; call++) {
            at.run();
            const auto asked = at.server.take();
            if (!expect_equal("requests that were put in", 1, asked.size()))
                return;
            for (const uint32_t id : ids)
                expect("an id that was used before is not used again", id != asked[0].id);
            ids.push_back(asked[0].id);
            at.server.put(asked[0].id, 0, {call});
        }
        at.run();
        expect_equal("calls and replies", "1:0,0 2:0,1 3:0,2", at.take_said());
        expect_equal("bytes of replies that are owed", 0, at.client.owed());
    });
}

TEST_CASE("reply-twice: a reply that comes twice, or before its call, wakes nobody") {
    alone([] {
        Side side(16);
        Calls at(side);
        at.spawn(1, 2);
        at.spawn(50);
        at.run();
        const auto asked = at.server.take();
        if (!expect_equal("requests that were put in", 2, asked.size()))
            return;
        at.server.put(asked[0].id, 0, {5});
        at.server.put(asked[0].id, 0, {6});
        at.run();
        expect_equal("who was woken by one reply that came twice", "1:0,5", at.take_said());
        const auto second = at.server.take();
        if (!expect_equal("requests of the second call", 1, second.size()))
            return;
        at.server.put(asked[0].id, 0, {7});
        at.run();
        expect_equal("who was woken by the first call's id, when the second is made", "",
                     at.take_said());
    });
}

TEST_CASE("reply-early: a reply to the next call, before it is made, wakes nobody") {
    alone([] {
        Side side(16);
        Calls at(side);
        struct Caller {
            static Task<> make(Frames /*frames*/, Calls* at) {
                static_cast<void>(co_await ipc::call<1>(at->client, ipc::Message{7, 1}));
                at->said += "first ";
                co_await rt::sleep_until(10);
                at->said += "slept ";
            }
        };
        clock_time = 0;
        side.executor.spawn(Caller::make(side.pool, &at), 3);
        at.spawn(50); // so that another reply is owed
        at.run();
        const auto asked = at.server.take();
        if (!expect_equal("requests that were put in", 2, asked.size()))
            return;
        at.server.put(asked[0].id, 0, {5});
        at.run();
        expect_equal("who was woken by the first call's reply", "first ", at.take_said());
        at.server.put(side.pool.id_after(asked[0].id), 0, {6});
        at.run();
        expect_equal("who was woken by a reply to a call that was not made: it sleeps", "",
                     at.take_said());
    });
}

TEST_CASE("reply-foreign: a server cannot answer calls to another one") {
    alone([] {
        Side side(16);
        Calls honest(side, {16, 16}, 1);
        Calls hostile(side, {16, 16}, 2);
        honest.spawn(1);
        hostile.spawn(2);
        side.executor.run_until_idle();
        const auto asked = honest.server.take();
        if (!expect_equal("requests that were put in", 1, asked.size()))
            return;
        hostile.server.put(asked[0].id, 0, {66});
        side.executor.run_until_idle();
        expect_equal("who was woken by the other server", "", honest.take_said());
        honest.server.put(asked[0].id, 0, {7});
        side.executor.run_until_idle();
        expect_equal("who was woken by its own", "1:0,7", honest.take_said());
    });
}

TEST_CASE("reply-invented: ids of all kinds, for which nobody waits, wake nobody") {
    alone([] {
        for (const uint32_t id : {0U, 1U, 16U, ~0U, 0x8000'0000U, 0x1234'5678U}) {
            Side side(16);
            Calls at(side);
            at.spawn(1);
            at.run();
            const auto asked = at.server.take();
            if (asked.size() != 1 || asked[0].id == id)
                continue;
            at.server.put(id, 0, {66});
            at.run();
            expect_equal("who was woken by id " + lab::shown(id), "", at.take_said());
        }
    });
}

TEST_CASE("reply-mixed: replies of several words and refusals among simple ones") {
    alone([] {
        Side side(16);
        Calls at(side);
        for (const unsigned number : {1U, 2U, 3U, 4U, 5U})
            at.spawn(number);
        at.run();
        const auto asked = at.server.take();
        if (!expect_equal("requests that were put in", 5, asked.size()))
            return;
        at.server.put(asked[0].id, 0, {10});
        at.server.put(asked[1].id, 3, {20, 21, 22});
        at.server.put(asked[2].id, abi::ItemInfo::make(0, 0, 0, abi::refused), {});
        at.server.put(asked[3].id, 0, {40});
        at.server.put(asked[4].id, 0, {50});
        at.run();
        expect_equal("calls and replies; error1 is refused", "1:0,10 2:3,20 3:error1 4:0,40 5:0,50",
                     at.take_said());
        expect_equal("bytes of replies that are owed", 0, at.client.owed());
    });
}

TEST_CASE("reply-empty: a reply without a word is simple, too") {
    alone([] {
        Side side(16);
        Calls at(side);
        at.spawn(1);
        at.run();
        const auto asked = at.server.take();
        if (!expect_equal("requests that were put in", 1, asked.size()))
            return;
        at.server.put(asked[0].id, 0xffff, {});
        at.run();
        expect("a reply with the largest label and no word wakes its caller",
               at.take_said().starts_with("1:65535,"));
    });
}

TEST_CASE("reply-budget: after 64 lines of replies others have their turn") {
    alone([] {
        Side side(256);
        Calls at(side, {256, 256});
        Memory memory({16, 16});
        Onlooker onlooker(side.executor, memory);
        for (Word i = 0; i < 150; i++)
            at.spawn(i);
        at.run();
        for (const Peer::Line& line : at.server.take())
            at.server.put(line.id, 0, {line.words.at(0)});
        Word before = 0;
        Word most = 0;
        const rt::SharedWord<Word>& head = at.memory.header().client.in.head;
        onlooker.look = [&] {
            most = std::max(most, head.load_relaxed() - before);
            before = head.load_relaxed();
        };
        at.run();
        onlooker.look();
        expect_equal("lines that were taken at the end", 150, before / abi::line_bytes);
        expect("no more than 64 lines are taken in a round", most <= 64 * abi::line_bytes);
        expect("and not only one", most >= 32 * abi::line_bytes);
    });
}

TEST_CASE("reply-corrupt: a server that counts more than the ring holds is cut off") {
    alone([] {
        Side side(16);
        Calls at(side);
        at.spawn(1);
        at.spawn(2);
        at.run();
        at.memory.header().server.out.tail.store_relaxed(1000 * abi::line_bytes);
        at.run();
        at.run();
        expect("the connection is closed", !at.client.open());
        expect_equal("calls: error4 is peer_gone", "1:error4 2:error4", at.take_said());
        expect_equal("frames in use", 0, side.pool.used());
    });
}

TEST_CASE("reply-random: many callers; replies in any order, some wrong, some twice") {
    alone([] {
        auto random = draw(5);
        Side side(64);
        Calls at(side);
        for (Word i = 0; i < 40; i++)
            at.spawn(1000 * i, 50);
        std::vector<Peer::Line> open;
        std::vector<uint32_t> old;
        unsigned answered = 0;
        for (unsigned step = 0; step < 40'000 && answered < 2000; step++) {
            at.run();
            for (Peer::Line& line : at.server.take())
                open.push_back(std::move(line));
            for (auto left = random() % 5; left > 0 && !open.empty(); left--) {
                std::swap(open[random() % open.size()], open.back());
                const Peer::Line line = open.back();
                open.pop_back();
                // A wrong reply counts as one, so it is put where its ring has room for it.
                if (at.server.put(line.id, 0, {line.words.at(0) ^ 0x5555}))
                    answered++;
                old.push_back(line.id);
            }
        }
        at.run();
        std::vector<Word> calls;
        std::istringstream words(at.take_said());
        for (std::string word; words >> word;) {
            const Word number = std::stoull(word);
            calls.push_back(number);
            if (!expect_equal("a call and its reply",
                              std::to_string(number) + ":0," + std::to_string(number ^ 0x5555),
                              word))
                return;
        }
        std::ranges::sort(calls);
        expect_equal("calls that were answered", 2000, calls.size());
        expect("each call is answered once", std::ranges::adjacent_find(calls) == calls.end());
        expect_equal("frames in use", 0, side.pool.used());
    });
}
