// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.4: a client takes replies. The server is played by hand, and may be hostile.
/// Read next: requests.cpp.
#include "labs/5-runtime/tests/host/ends.hpp"

#include "runtime/tests/explore/explore.hpp"

namespace {

using abi::ItemInfo;
using Promise = rt::PromiseBase;

constexpr rt::Priority level = 1;

/// Calls are made, and counted, as the client's submit() does it.
class OpenClient : public ipc::Client {
public:
    OpenClient(rt::Executor& executor, rt::Ends ends)
        : Client(executor, ends, {nobody, nullptr}, 8) {}

    void call(Promise& promise) {
        if (out_.stopped())
            static_cast<void>(out_.refill());
        submit(promise, ipc::Message<0>());
        if (!expect("there is a line for the test's call", promise.awaited == this))
            _exit(1);
    }
    /// As at the end of a burst.
    void publish() {
        in_.publish();
        out_.publish();
    }
    [[nodiscard]] Word taken() const { return in_.head() / abi::line_bytes; }
    [[nodiscard]] bool has_room() const { return !out_.stopped(); }
    rt::Consumer<>& in() { return in_; }
};

struct Setting {
    Blocks blocks;
    rt::Executor executor{blocks.pool};
    Buffer buffer;
    OpenClient client{executor, buffer.shared.client()};
    std::vector<Promise*> callers;
    Word replied = 0; ///< lines

    explicit Setting(unsigned count = 0, Word lines = 16)
        : blocks(std::max(count, 8U) * 2), buffer({lines, lines}) {
        for (unsigned i = 0; i < count; i++) {
            callers.push_back(&blocks.promise(executor, level));
            client.call(*callers.back());
        }
    }
    /// The server replies.
    void reply(uint32_t id, Word word = 0, ItemInfo info = ItemInfo::make(0, 1)) {
        build(buffer.reply(replied++), id, info, word);
    }
    void publish() const {
        buffer.header().server.out.tail.store_relaxed(replied * abi::line_bytes);
        buffer.header().server.in.head.store_relaxed(
            buffer.header().client.out.tail.load_relaxed());
    }
    /// The client looks at all that is published.
    void turn() {
        client.publish();
        publish();
        while (client.open() && client.taken() < replied) {
            const Word before = client.taken();
            dispatch(client);
            if (client.open() && !expect("lines are taken", client.taken() > before))
                _exit(1);
        }
    }
    [[nodiscard]] std::string name(const rt::RunNode* node) const {
        for (size_t i = 0; i < callers.size(); i++) {
            if (callers[i] == node)
                return number(i);
        }
        return "nobody's";
    }
    /// Who is ready, in their order.
    [[nodiscard]] std::string woken() {
        std::string text;
        for (const rt::RunNode* node : ready(executor, level))
            text += (text.empty() ? "" : " ") + name(node);
        return text;
    }
    /// A caller has got this reply.
    void expect_reply(unsigned caller, uint32_t id, Word word) const {
        const Promise& promise = *callers[caller];
        const std::string who = "caller " + number(caller);
        expect_equal(who + ": id in the header of its reply", id,
                     static_cast<uint32_t>(promise.reply.header));
        expect_equal(who + ": first word of its reply", word, promise.reply.words[0]);
        expect(who + " waits for no reply any more", promise.awaited == nullptr);
        expect_equal(who + ": id of its next call", blocks.pool.id_after(id), promise.id);
    }
};

std::string letters(unsigned count) {
    std::string text;
    for (unsigned i = 0; i < count; i++)
        text += (text.empty() ? "" : " ") + number(i);
    return text;
}

} // namespace

TEST_CASE("replies-simple: each reply wakes its caller, and is where the caller finds it") {
    alone([] {
        Setting at(3);
        uint32_t ids[3];
        for (unsigned i = 0; i < 3; i++) {
            ids[i] = at.callers[i]->id;
            at.reply(ids[i], Word{100} * (i + 1), ItemInfo::make(7 + i, 1));
        }
        at.turn();
        expect_equal("callers that are woken, in this order", "0 1 2", at.woken());
        for (unsigned i = 0; i < 3; i++) {
            at.expect_reply(i, ids[i], Word{100} * (i + 1));
            expect_equal("label of the reply", 7 + i, at.callers[i]->reply.label());
            expect("the reply is no error", static_cast<bool>(at.callers[i]->reply));
        }
        expect_equal("lines that were taken", 3, at.client.taken());
        expect_equal("bytes of replies that are owed", 0, at.client.owed());
    });
}

TEST_CASE("replies-order: replies come in any order, and wake their callers in that order") {
    alone([] {
        Setting at(6);
        std::vector<uint32_t> ids;
        for (const Promise* promise : at.callers)
            ids.push_back(promise->id);
        for (const unsigned i : {4U, 0U, 5U})
            at.reply(ids[i], Word{10} * i);
        at.turn();
        expect_equal("callers that are woken, first", "4 0 5", at.woken());
        for (const unsigned i : {3U, 1U, 2U})
            at.reply(ids[i], Word{10} * i);
        at.turn();
        expect_equal("callers that are woken in all", "4 0 5 3 1 2", at.woken());
        for (unsigned i = 0; i < 6; i++)
            at.expect_reply(i, ids[i], Word{10} * i);
    });
}

TEST_CASE("replies-stale: a reply that comes twice, or to an earlier call, wakes nobody") {
    alone([] {
        Setting at(2);
        const uint32_t first = at.callers[0]->id;
        const uint32_t other = at.callers[1]->id;
        at.reply(first, 1);
        at.reply(first, 2);
        at.turn();
        expect_equal("after two replies to one call, callers that are woken", "0", at.woken());
        at.expect_reply(0, first, 1);
        at.client.call(*at.callers[0]);
        at.reply(first, 3);
        at.turn();
        expect_equal("after a reply to an earlier call, callers that are woken", "0", at.woken());
        expect("the later call still waits", at.callers[0]->awaited == &at.client);
        at.reply(other, 4);
        at.turn();
        expect_equal("a right reply behind all that wakes its caller", "0 1", at.woken());
        at.expect_reply(1, other, 4);
        expect("the connection is open: what nobody waits for is dropped", at.client.open());
    });
}

TEST_CASE("replies-told: at the end of a round the server is told what was taken") {
    alone([] {
        Setting at(1);
        at.reply(at.callers[0]->id ^ 1, 5); // to nobody: so nobody is resumed
        at.client.publish();
        at.publish();
        at.executor.attach(at.client, 0);
        at.executor.run_until_idle();
        expect_equal("lines that were taken", 1, at.client.taken());
        expect_equal("the head of the replies, by which the server is told", abi::line_bytes,
                     at.buffer.header().client.in.head.load_relaxed());
    });
}

TEST_CASE("replies-before: a reply to a call that is not made yet wakes nobody") {
    alone([] {
        Setting at(1);
        Promise& idle = at.blocks.promise(at.executor, level);
        at.callers.push_back(&idle);
        at.reply(idle.id, 5);
        at.reply(at.blocks.pool.id_after(at.callers[0]->id), 6);
        at.turn();
        expect_equal("callers that are woken", "", at.woken());
        expect("the call still waits", at.callers[0]->awaited == &at.client);
        const uint32_t id = at.callers[0]->id;
        at.reply(id, 7);
        at.turn();
        expect_equal("callers that are woken by the right reply", "0", at.woken());
        at.expect_reply(0, id, 7);
    });
}

TEST_CASE("replies-foreign: a server cannot reply to calls of another connection") {
    alone([] {
        Setting at(1);
        Buffer other_buffer({16, 16});
        OpenClient other(at.executor, other_buffer.shared.client());
        Promise& victim = at.blocks.promise(at.executor, level);
        at.callers.push_back(&victim);
        other.call(victim);
        at.reply(victim.id, 66);
        at.turn();
        expect_equal("callers that are woken by a forged reply", "", at.woken());
        expect("the call over the other connection still waits", victim.awaited == &other);
        expect("the connection is open", at.client.open());
    });
}

TEST_CASE("replies-kinds: errors and longer replies between simple ones, each once, in order") {
    alone([] {
        Setting at(6, 32);
        std::vector<uint32_t> ids;
        for (const Promise* promise : at.callers)
            ids.push_back(promise->id);
        at.reply(ids[0], 10);
        at.reply(ids[1], 20, ItemInfo::make(0, 3));
        at.reply(ids[2], 30, ItemInfo::make(0, 0, 0, abi::refused));
        at.reply(ids[3], 40, ItemInfo::make(0, 0));
        at.reply(12345, 50, ItemInfo::make(0, 20)); // three lines, to nobody
        at.replied += 2;
        at.reply(ids[4], 60, ItemInfo::make(0, 7));
        at.reply(ids[5], 70);
        at.turn();
        expect_equal("callers that are woken, in this order", letters(6), at.woken());
        at.expect_reply(0, ids[0], 10);
        at.expect_reply(1, ids[1], 20);
        expect_equal("third word of a reply of three", 22, at.callers[1]->reply.words[2]);
        expect("a call that was refused has an error",
               at.callers[2]->reply.error() == ipc::CallError::refused);
        at.expect_reply(4, ids[4], 60);
        expect_equal("seventh word of a reply of seven", 66, at.callers[4]->reply.words[6]);
        at.expect_reply(5, ids[5], 70);
    });
}

TEST_CASE("replies-most: 64 lines are taken before others have a turn; the rest in the next") {
    alone([] {
        Setting at(100, 128);
        for (unsigned i = 0; i < 100; i++)
            at.reply(at.callers[i]->id, i);
        at.publish();
        dispatch(at.client);
        expect_equal("of 100 replies, taken in the first round", 64, at.client.taken());
        expect_equal("callers that are woken in it", letters(64), at.woken());
        dispatch(at.client);
        expect_equal("of 100 replies, taken in two rounds", 100, at.client.taken());
        expect_equal("callers that are woken in the end", letters(100), at.woken());
    });
}

TEST_CASE("replies-room: when all lines were in use, calls find room after replies were taken") {
    alone([] {
        Setting at(16);
        expect("after 16 calls there is no line left", !at.client.has_room());
        for (unsigned i = 0; i < 5; i++)
            at.reply(at.callers[i]->id, i);
        at.turn();
        expect_equal("callers that are woken", letters(5), at.woken());
        expect("a caller finds a line at once, without the long path", at.client.has_room());
    });
}

TEST_CASE("replies-random: right, late, and forged replies by chance, against a model") {
    alone([] {
        Setting at(0, 64);
        Draw draw(54);
        for (unsigned i = 0; i < 8; i++)
            at.callers.push_back(&at.blocks.promise(at.executor, level));
        std::vector<uint32_t> ended; // ids of calls that were cancelled: their replies come late
        unsigned woken = 0;
        for (unsigned round = 0; round < 200; round++) {
            std::string expected;
            const auto expect_woken = [&](Word who) {
                expected += (expected.empty() ? "" : " ") + number(who);
                woken++;
            };
            for (Word i = 0; i < 8; i++) {
                Promise& promise = *at.callers[i];
                if (promise.awaited == nullptr) {
                    at.client.call(promise);
                } else if (draw.below(4) == 0) {
                    ended.push_back(promise.id);
                    static_cast<void>(at.client.end_call(promise, ipc::CallError::cancelled));
                    expect_woken(i);
                }
            }
            bool waits[8];
            for (Word i = 0; i < 8; i++)
                waits[i] = at.callers[i]->awaited != nullptr;
            for (Word lines = draw.below(16); lines > 0; lines--) {
                const Word who = draw.below(8);
                if (draw.below(2) == 0 && !ended.empty()) {
                    const bool forged = draw.below(2) == 0; // no id is odd
                    at.reply(forged ? static_cast<uint32_t>(draw.word()) | 1 : ended.back(), 1);
                    ended.pop_back();
                } else if (std::exchange(waits[who], false)) {
                    at.reply(at.callers[who]->id, who,
                             ItemInfo::make(draw.below(9), 1 + draw.below(7)));
                    expect_woken(who);
                }
            }
            at.turn();
            if (!expect_equal("callers that are woken in round " + number(round), expected,
                              at.woken()))
                return;
            rt::Level& list = at.executor.level(level); // they run, as far as the queue knows
            list.last = &list.head;
        }
        expect("callers were woken", woken > 100);
        expect("the connection is open", at.client.open());
    });
}

TEST_CASE("replies-changing: a server that changes a line while it is read wakes nobody wrongly") {
    alone([] {
        const explore::Outcome outcome = explore::all("changing a line", [] {
            Setting at(2);
            const uint32_t first = at.callers[0]->id;
            const uint32_t second = at.callers[1]->id;
            abi::Item& line = at.buffer.reply(0);
            explore::name(line.id, "id of the line");
            explore::name(at.buffer.header().server.out.tail, "tail");
            at.reply(first, 1);
            at.publish();
            explore::threads({{"client", [&] { dispatch(at.client); }},
                              {"hostile", [&] { line.id.store_relaxed(second); }}});
            const std::string woken = at.woken();
            explore::check(woken == "0" || woken == "1", "one line wakes one caller");
            const unsigned who = woken == "1" ? 1 : 0;
            explore::check(static_cast<uint32_t>(at.callers[who]->reply.header) ==
                               (who == 0 ? first : second),
                           "the reply that it has is to its own call");
            explore::check(at.callers[1 - who]->awaited == &at.client, "the other one still waits");
            explore::check(at.callers[who]->id ==
                               at.blocks.pool.id_after(who == 0 ? first : second),
                           "its next id is that of its own block");
        });
        if (!outcome.passed())
            fail("A line was read more than once, and had changed meanwhile.\n" + outcome.report());
    });
}

TEST_CASE("replies-asleep: a client that sleeps when nothing is left is woken by each reply") {
    alone([] {
        const explore::Outcome outcome = explore::all(
            "a client that sleeps",
            [] {
                Setting at(2);
                const uint32_t ids[] = {at.callers[0]->id, at.callers[1]->id};
                explore::Notification notification{"client's interrupt"};
                abi::BufferHeader& header = at.buffer.header();
                explore::name(header.server.out.tail, "tail");
                explore::name(header.client.in.state, "client's state", {"running", "armed"});
                explore::threads(
                    {{"client",
                      [&] {
                          while (at.client.taken() != 2) {
                              dispatch(at.client);
                              if (at.client.taken() != 2 && rt::may_sleep(at.client.in()))
                                  notification.park();
                          }
                      }},
                     {"server", [&] {
                          for (Word i = 0; i < 2; i++) {
                              abi::Item& line = at.buffer.reply(i);
                              line.id.store_relaxed(ids[i]);
                              line.info.store_relaxed(ItemInfo::make(0, 1).word);
                              line.words[0].store_relaxed(i + 7);
                              header.server.out.tail.store_release((i + 1) * abi::line_bytes);
                              rt::fence_full();
                              if (header.client.in.state.load_relaxed() != abi::running &&
                                  header.client.in.state.exchange(abi::running) != abi::running)
                                  notification.send();
                          }
                      }}});
                explore::check(at.woken() == "0 1", "both callers are woken, once each");
                explore::check(at.callers[0]->reply.words[0] == 7 &&
                                   at.callers[1]->reply.words[0] == 8,
                               "each has its own reply");
            },
            {.executions = 60'000});
        if (!outcome.passed())
            fail("A reply was published, and its caller is not woken, or has another's.\n" +
                 outcome.report());
    });
}
