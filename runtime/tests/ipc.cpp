// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Calls from coroutines to handlers and back: one and many, at once and later, with and without
/// room; what happens when there is no frame, no time, or no peer any more.
/// Read next: runtime/ipc.hpp.
/// @stage{5}
#include "runtime/tests/pair.hpp"

#include <doctest/doctest.h>
#include <vector>

namespace {

using abi::Word;
using ipc::CallError;
using ipc::Message;
using rt::FramePool;
using rt::Frames;
using rt::Task;
using test::Pair;
using test::Side;

constexpr Word add = 3;

struct Add {
    Message<1> operator()(const ipc::Request<2>& request) const {
        return Message{request.label() + 1, request.words[0] + request.words[1]};
    }
};

struct Results {
    unsigned good = 0;
    unsigned bad = 0;
    std::vector<CallError> errors;
};

Task<> caller(Frames /*frames*/, ipc::Client* client, Word first, unsigned calls,
              Results* results) {
    for (Word i = 0; i < calls; i++) {
        const auto reply = co_await ipc::call<1>(*client, Message{add, first, i});
        if (!reply)
            results->errors.push_back(reply.error());
        else if (reply.words[0] == first + i && reply.label() == add + 1)
            results->good++;
        else
            results->bad++;
    }
}

Task<> timed_caller(Frames /*frames*/, ipc::Client* client, Word deadline, Results* results) {
    const auto reply =
        co_await ipc::with_timeout(ipc::call<1>(*client, Message{add, 1, 2}), deadline);
    results->errors.push_back(reply.error());
}

Task<> cancellable_caller(Frames /*frames*/, ipc::Client* client, ipc::CallToken* token,
                          Results* results) {
    const auto reply = co_await ipc::cancellable(ipc::call<1>(*client, Message{add, 1, 2}), *token);
    results->errors.push_back(reply.error());
}

Task<> sender(Frames /*frames*/, ipc::Client* client, unsigned messages) {
    for (Word i = 0; i < messages; i++) {
        co_await ipc::send(*client, Message{add, i, i});
    }
}

Task<Message<1>> add_later(Frames /*frames*/, ipc::Request<2> request) {
    for (Word i = 0; i < request.words[1] % 5; i++) {
        co_await rt::yield();
    }
    co_return Message{request.label() + 1, request.words[0] + request.words[1]};
}

Task<Message<1>> sleep_and_add(Frames /*frames*/, ipc::Request<2> request) {
    co_await rt::sleep_until(test::clock_time + 1);
    co_return Message{request.label() + 1, request.words[0] + request.words[1]};
}

template <class Handler>
void spawn_callers(Pair<Handler>& pair, unsigned callers, unsigned calls, Results& results) {
    for (unsigned i = 0; i < callers; i++)
        REQUIRE(pair.here.executor.spawn(
            caller(pair.here.pool, &pair.client, Word{i} * 1000, calls, &results), i % 16));
}

} // namespace

TEST_CASE("ipc: one call") {
    Pair pair(Add{});
    Results results;
    spawn_callers(pair, 1, 1, results);
    pair.run();
    CHECK(results.good == 1);
    CHECK(pair.here.pool.used() == 0);
    CHECK(pair.client.owed() == 0);
}

TEST_CASE("ipc: many callers, more than the rings hold, at all priorities") {
    Pair pair(Add{});
    Results results;
    spawn_callers(pair, 100, 100, results);
    pair.run();
    CHECK(results.good == 10'000);
    CHECK(results.bad == 0);
    CHECK(results.errors.empty());
    CHECK(pair.here.pool.used() == 0);
    CHECK(pair.client.owed() == 0);
}

TEST_CASE("ipc: rings of different sizes") {
    for (const abi::RingLines lines :
         {abi::RingLines{16, 128}, abi::RingLines{128, 16}, abi::RingLines{1024, 1024}}) {
        Pair pair(Add{}, lines);
        Results results;
        spawn_callers(pair, 100, 30, results);
        pair.run();
        CHECK(results.good == 3000);
        CHECK(pair.client.owed() == 0);
    }
}

TEST_CASE("ipc: with n calls in flight, two notifications serve n calls") {
    Pair pair(Add{}, {128, 128});
    Results results;
    spawn_callers(pair, 32, 100, results);
    pair.run();
    CHECK(results.good == 3200);
    CHECK(pair.here.notifications + pair.there.notifications <= 210);
}

TEST_CASE("ipc: handlers that are coroutines, which end in another order") {
    Pair pair(add_later);
    Results results;
    spawn_callers(pair, 60, 50, results);
    pair.run();
    CHECK(results.good + results.errors.size() == 3000);
    CHECK(results.bad == 0);
    CHECK(results.errors.empty());
    CHECK(pair.server.in_progress() == 0);
    CHECK(pair.there.pool.used() == 0);
}

TEST_CASE("ipc: without frames a server refuses, and goes on") {
    Pair pair(add_later, {128, 128}, 64);
    Side& server = pair.there;
    std::vector<void*> taken;
    taken.reserve(61);
    for (unsigned i = 0; i < 61; i++)
        taken.push_back(server.pool.allocate(10));
    Results results;
    spawn_callers(pair, 20, 5, results);
    pair.run();
    CHECK(results.good > 0);
    CHECK(results.bad == 0);
    CHECK(results.good + results.errors.size() == 100);
    CHECK(!results.errors.empty());
    for (const CallError error : results.errors)
        CHECK(error == CallError::refused);
    for (void* const frame : taken)
        FramePool::free(frame);
    CHECK(server.pool.used() == 0);
}

TEST_CASE("ipc: a client whose share is used up waits, as its requests do, and is not refused") {
    struct Case {
        abi::RingLines lines;
        unsigned limit;
        unsigned share; ///< what becomes of it
    };
    for (const auto& [lines, limit, share] : {Case{{16, 16}, 3, 3},
                                              {{128, 16}, 3, 3},
                                              {{16, 128}, 3, 3},
                                              {{16, 16}, 1, 1},
                                              {{16, 16}, 0, 1}}) {
        Pair pair(sleep_and_add, lines, 8); // two frames each
        pair.server.limit(limit);
        Results results;
        spawn_callers(pair, 50, 4, results);
        // All that are in progress sleep: nothing is left to be done until their time has come.
        for (test::clock_time = 1; results.good < 200 && test::clock_time < 1000;
             test::clock_time++) {
            pair.here.run(); // though nobody is notified
            pair.there.run();
            pair.run();
            CHECK(pair.server.in_progress() <= share);
        }
        CHECK(results.good == 200);
        CHECK(results.errors.empty());
        CHECK(pair.there.pool.refused() == 0);
        CHECK(pair.there.pool.used() == 0);
    }
}

TEST_CASE("ipc: messages of which no reply is wanted") {
    unsigned count = 0;
    auto counting = [&count](const ipc::Request<2>& request) {
        count++;
        return Message{request.label(), request.words[0]};
    };
    Pair pair(counting);
    Results results;
    REQUIRE(pair.here.executor.spawn(sender(pair.here.pool, &pair.client, 500), 3));
    REQUIRE(pair.here.executor.spawn(caller(pair.here.pool, &pair.client, 1, 3, &results), 3));
    pair.run();
    CHECK(count == 503);
    CHECK(pair.client.owed() == 0);
    CHECK(pair.here.pool.used() == 0);
}

TEST_CASE("ipc: a call that takes too long ends, and its late reply is dropped") {
    test::clock_time = 0;
    Pair pair(Add{});
    Results results;
    pair.here.executor.spawn(timed_caller(pair.here.pool, &pair.client, 100, &results), 3);
    pair.here.run();
    CHECK(results.errors.empty());
    test::clock_time = 200;
    pair.here.run();
    CHECK(results.errors == std::vector{CallError::timed_out});
    spawn_callers(pair, 1, 5, results);
    pair.run();
    CHECK(results.good == 5);
    CHECK(pair.client.owed() == 0);
}

TEST_CASE("ipc: a call that is in time takes its timer away") {
    test::clock_time = 0;
    Pair pair(Add{});
    Results results;
    pair.here.executor.spawn(timed_caller(pair.here.pool, &pair.client, 100, &results), 3);
    pair.run();
    CHECK(results.errors == std::vector{CallError::none});
    CHECK(pair.here.executor.run_until_idle().deadline == 0);
}

TEST_CASE("ipc: a call can be cancelled in flight, and while it waits for room") {
    Pair pair(Add{});
    Results results;
    std::vector<ipc::CallToken> tokens(40);
    for (ipc::CallToken& token : tokens)
        pair.here.executor.spawn(cancellable_caller(pair.here.pool, &pair.client, &token, &results),
                                 3);
    pair.here.run();
    for (const unsigned i : {0U, 7U, 15U, 16U, 30U, 39U}) {
        CHECK(tokens[i].cancel());
        CHECK(!tokens[i].cancel());
    }
    pair.run();
    CHECK(std::ranges::count(results.errors, CallError::cancelled) == 6);
    CHECK(std::ranges::count(results.errors, CallError::none) == 34);
    CHECK(!tokens[1].cancel());
    CHECK(pair.here.pool.used() == 0);
    CHECK(pair.client.owed() == 0);
}

TEST_CASE("ipc: when the peer goes, every call ends, and later ones do at once") {
    Pair pair(Add{});
    Results results;
    unsigned closed = 0;
    pair.client.on_close({[](void* count) { ++*static_cast<unsigned*>(count); }, &closed});
    spawn_callers(pair, 40, 2, results);
    pair.here.run();
    pair.client.close();
    pair.client.close();
    CHECK(closed == 1);
    pair.here.run();
    CHECK(results.errors.size() == 80);
    for (const CallError error : results.errors)
        CHECK(error == CallError::peer_gone);
    CHECK(pair.here.pool.used() == 0);
    CHECK(!pair.client.open());
}

TEST_CASE("ipc: long requests and long replies") {
    auto length_of = [](ipc::LongRequest request) {
        Word sum = 0;
        for (const Word word : request.words)
            sum += word;
        return Message{request.label(), request.words.size(), sum};
    };
    Pair pair(length_of);
    unsigned good = 0;
    struct Caller {
        static Task<> run(Frames /*frames*/, ipc::Client* client, unsigned* count) {
            for (unsigned length = 0; length <= abi::message_words; length++) {
                std::array<Word, abi::message_words> words = {};
                std::array<Word, 2> space = {};
                words.fill(length);
                const auto reply = co_await ipc::call(
                    *client, ipc::LongMessage(9, std::span(words).first(length), space));
                *count += reply && space[0] == length && space[1] == Word{length} * length ? 1 : 0;
            }
        }
    };
    for (unsigned i = 0; i < 8; i++)
        REQUIRE(pair.here.executor.spawn(Caller::run(pair.here.pool, &pair.client, &good), 3));
    pair.run();
    CHECK(good == 8 * (abi::message_words + 1));
    CHECK(pair.client.owed() == 0);
}

TEST_CASE("ipc: a long call with a short reply is like others, and over when it has returned") {
    auto answer = [](ipc::LongRequest request) {
        ipc::Message<2> message{0, request.words.size(), 77};
        if (request.words.size() > 7)
            message.info = abi::ItemInfo::make(0, 1).word;
        return message;
    };
    Pair pair(answer);
    unsigned good = 0;
    struct Caller {
        static Task<> run(Frames /*frames*/, ipc::Client* client, unsigned* count) {
            std::array<Word, 20> words = {};
            for (unsigned i = 0; i < 50; i++) {
                std::array<Word, 2> space = {5, 6};
                const auto first = co_await ipc::call(
                    *client, ipc::LongMessage(1, std::span(words), std::span(space)));
                *count += first && first.words[0] == 20 && space[0] == 20 && space[1] == 6 ? 1 : 0;
                const auto second = co_await ipc::call<2>(*client, Message{2, 1});
                *count += second && second.words[0] == 1 && second.words[1] == 77 ? 1 : 0;
                *count += space[0] == 20 && space[1] == 6 ? 1 : 0;
                const auto none = co_await ipc::call(
                    *client, ipc::LongMessage(1, std::span(words), std::span<Word>()));
                *count += none.error() == CallError::too_long ? 1 : 0;
            }
        }
    };
    for (unsigned i = 0; i < 8; i++)
        REQUIRE(pair.here.executor.spawn(Caller::run(pair.here.pool, &pair.client, &good), 3));
    pair.run();
    CHECK(good == 8 * 50 * 4);
    CHECK(pair.client.open());
    CHECK(pair.client.owed() == 0);
}

TEST_CASE("ipc: one executor with more connections than stay awake") {
    struct Link {
        Link(Side& here, Side& there, unsigned vector)
            : client(here.executor, memory.buffer.client(), there.notify(), vector % 4),
              server(there.executor, memory.buffer.server(), here.notify(), vector % 3, Add{}) {
            here.executor.attach(client, vector);
            there.executor.attach(server, vector);
        }
        Memory memory{{16, 16}};
        ipc::Client client;
        ipc::Server<Add> server;
    };
    Side here(512);
    Side there;
    std::vector<std::unique_ptr<Link>> links;
    Results results;
    links.reserve(20);
    for (unsigned i = 0; i < 20; i++) {
        links.push_back(std::make_unique<Link>(here, there, i));
        for (unsigned k = 0; k < 1 + i; k++)
            here.executor.spawn(caller(here.pool, &links[i]->client, k, 50, &results), k % 7);
    }
    for (unsigned turn = 0; turn < 10'000 && results.good != 210 * 50; turn++) {
        here.executor.run_until_idle(std::exchange(here.notified, 0) != 0 ? abi::mask(20) : 0);
        there.executor.run_until_idle(std::exchange(there.notified, 0) != 0 ? abi::mask(20) : 0);
    }
    CHECK(results.good == 210 * 50);
    CHECK(here.pool.used() == 0);
    for (const std::unique_ptr<Link>& link : links)
        CHECK(link->client.owed() == 0);
    here.executor.detach(links[3]->client);
    here.executor.detach(links[3]->client);
}
