// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whole runs against servers that are right. Read next: errors.cpp.
/// @stage{none}
#include "tools/load/report.hpp"
#include "tools/load/tests/runs.hpp"

#include <doctest/doctest.h>

using namespace load;
using namespace load::tests;

TEST_CASE("session: every request is sent, answered, timed and counted once") {
    for (const unsigned connections : {1U, 3U, 40U})
        for (const unsigned depth : {1U, 5U})
            for (const unsigned threads : {1U, 3U}) {
                Options options = options_for(0, connections, 500);
                options.depth = depth;
                options.threads = std::min(threads, connections);
                options.ramp = threads;
                const Server server(echo);
                options.port = server.port();
                const Result result = run(options);
                INFO(sentence(result));
                CHECK(result.is_good());
                CHECK(result.statistics.requests == 500);
                CHECK(result.statistics.answers == 500);
                CHECK(result.statistics.latency.count() == 500);
                CHECK(result.statistics.opening.count() == connections);
                CHECK(result.statistics.sent == (500 + connections) * 64);
                CHECK(result.statistics.received == (500 + connections) * 64);
                CHECK(server.connections() == connections);
            }
}

TEST_CASE("session: requests of a megabyte, longer than what a socket keeps") {
    Options options = options_for(0, 2, 6);
    options.size = 1 << 20;
    options.depth = 2;
    const Result result = run_against(echo, options);
    INFO(sentence(result));
    CHECK(result.is_good());
    CHECK(result.statistics.received == 8U << 20);
}

TEST_CASE("session: connections are opened one after the other, each with one exchange") {
    std::atomic<int> opening = 0;
    std::atomic<int> most = 0;
    const auto serve = [&](Peer& peer) {
        const int now = ++opening;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        const std::string request = peer.read_exactly(64);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        opening--;
        peer.write(request);
        echo(peer);
    };
    Options options = options_for(0, 30, 300);
    options.reconnect = 5;
    options.threads = 2;
    CHECK(run_against(serve, options).is_good());
    CHECK(most == 1);
}

TEST_CASE("session: a new connection after some requests") {
    Options options = options_for(0, 4, 400);
    options.reconnect = 7;
    options.depth = 3;
    const Server server(echo);
    options.port = server.port();
    const Result result = run(options);
    CHECK(result.is_good());
    CHECK(result.statistics.answers == 400);
    CHECK(server.connections() >= 400 / 7);
    CHECK(server.connections() <= 400 / 7 + 5);
    CHECK(result.statistics.opening.count() == server.connections());
}

TEST_CASE("session: so many seconds") {
    Options options = options_for(0, 4, 0);
    options.seconds = 0.3;
    const Result result = run_against(echo, options);
    CHECK(result.is_good());
    CHECK(result.seconds >= 0.3);
    CHECK(result.seconds < 3);
    CHECK(result.statistics.answers == result.statistics.requests);
}

TEST_CASE("session: an interrupt ends it with what was done so far") {
    const Server server(echo);
    Options options = options_for(server.port(), 2, 0);
    options.seconds = 1000;
    const Event interrupt;
    const std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        interrupt.set();
    });
    const Result result = perform(options, interrupt, {});
    CHECK(result.interrupted);
    CHECK_FALSE(result.is_good());
    CHECK(result.statistics.answers != 0);
    CHECK(result.statistics.error_count() == 0);
    CHECK(sentence(result).starts_with("interrupted; the "));
}

TEST_CASE("session: HTTP with a length, in chunks, and with several requests in flight") {
    const auto chunked = [](Peer& peer) {
        while (!peer.read_head().empty())
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n");
    };
    for (const unsigned depth : {1U, 4U}) {
        Options options = options_for(0, 3, 90);
        options.mode = Mode::http;
        options.depth = depth;
        CHECK(run_against(http, options).is_good());
        CHECK(run_against(chunked, options).is_good());
    }
}

TEST_CASE("session: a server that ends connections in good order is joined again") {
    const auto serve = [](Peer& peer) {
        for (int i = 0; i < 4; i++) {
            peer.read_head();
            peer.write(i < 3 ? page("x")
                             : "HTTP/1.1 200 OK\r\nConnection: close\r\n"
                               "Content-Length: 1\r\n\r\nx");
        }
    };
    Options options = options_for(0, 2, 30);
    options.mode = Mode::http;
    const Result result = run_against(serve, options);
    INFO(sentence(result));
    CHECK(result.is_good());
    CHECK(result.statistics.opening.count() >= 10);
}
