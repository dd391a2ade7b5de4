// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whole runs against servers that lie, one for each kind of error.
/// @stage{none}
#include "tools/load/report.hpp"
#include "tools/load/tests/runs.hpp"

#include <doctest/doctest.h>

using namespace load;
using namespace load::tests;

namespace {

std::uint64_t count(const Result& result, Error error) {
    return result.statistics.errors.at(static_cast<std::size_t>(error));
}

const std::string& first(const Result& result, Error error) {
    return result.statistics.first.at(static_cast<std::size_t>(error));
}

/// Answers so many bytes, as echo, and has read all that was sent: ending is then no RST.
void answer(Peer& peer, std::size_t bytes) {
    for (; bytes >= 64; bytes -= 64)
        peer.write(peer.read_exactly(64));
    peer.write(peer.read_exactly(64).substr(0, bytes));
}

/// Nothing but errors of this kind, at least one.
void check_only(const Result& result, Error error) {
    INFO(sentence(result));
    CHECK(count(result, error) != 0);
    CHECK(count(result, error) == result.statistics.error_count());
    CHECK_FALSE(result.is_good());
}

} // namespace

TEST_CASE("error: refused") {
    const ClosedPort nobody;
    const Result result = run(options_for(nobody.port(), 3));
    check_only(result, Error::refused);
    CHECK(count(result, Error::refused) == 3);
    CHECK(result.statistics.requests == 0);
}

TEST_CASE("error: reset") {
    const Result result = run_against(
        [](Peer& peer) {
            peer.write(peer.read_exactly(64));
            peer.read_exactly(64);
            peer.break_off();
        },
        options_for(0));
    check_only(result, Error::reset);
    CHECK(count(result, Error::reset) == 10);
    CHECK(first(result, Error::reset) ==
          "connection 0, request 1: receiving: Connection reset by peer");
}

TEST_CASE("error: closed before an answer, or in the middle of one") {
    for (const std::size_t bytes : {0U, 30U, 64U, 100U}) {
        const auto serve = [bytes](Peer& peer) { answer(peer, bytes); };
        const Result result = run_against(serve, options_for(0));
        check_only(result, Error::closed);
        CHECK(count(result, Error::closed) == (bytes < 64 ? 1 : 10));
    }
}

TEST_CASE("error: a connection that the server does not keep") {
    Options options = options_for(0);
    options.mode = Mode::http;
    const auto serve = [](Peer& peer) {
        peer.read_head();
        peer.write("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    };
    const Result result = run_against(serve, options);
    check_only(result, Error::closed);
    CHECK(first(result, Error::closed).contains("the server keeps no connection"));
}

TEST_CASE("error: no answer, or half of it, to the first request or a later one") {
    Options options = options_for(0, 2, 4);
    options.timeout = 0.2;
    for (const std::size_t bytes : {0U, 30U, 64U, 100U}) {
        const Result result = run_against(
            [bytes](Peer& peer) {
                answer(peer, bytes);
                peer.wait_for_end();
            },
            options);
        check_only(result, Error::timeout);
        CHECK(count(result, Error::timeout) == (bytes < 64 ? 2 : 4));
    }
}

TEST_CASE("error: a wrong byte") {
    const Result result = run_against(
        [](Peer& peer) {
            for (int i = 0; i < 5; i++) {
                std::string text = peer.read_exactly(64);
                if (i == 4 && !text.empty())
                    text[33] = static_cast<char>(text[33] ^ 1);
                peer.write(text);
            }
            peer.wait_for_end();
        },
        options_for(0, 1, 8));
    check_only(result, Error::wrong);
    CHECK(count(result, Error::wrong) == 2);
    CHECK(result.statistics.answers == 6);
    CHECK(
        first(result, Error::wrong).starts_with("connection 0, request 4: byte 33 of the answer"));
    CHECK(sentence(result).starts_with("2 errors, such as connection 0, request 4"));
}

TEST_CASE("error: the answer to another request, or for another connection") {
    Options options = options_for(0, 1, 4);
    options.depth = 2;
    check_only(run_against(
                   [](Peer& peer) {
                       peer.write(peer.read_exactly(64));
                       const std::string two = peer.read_exactly(128);
                       peer.write(two.substr(two.size() / 2) + two.substr(0, two.size() / 2));
                       peer.wait_for_end();
                   },
                   options),
               Error::wrong);
    std::string kept; // connections are opened one after the other
    check_only(run_against(
                   [&](Peer& peer) {
                       const std::string text = peer.read_exactly(64);
                       kept = kept.empty() ? text : kept;
                       peer.write(kept);
                       echo(peer);
                   },
                   options_for(0, 2)),
               Error::wrong);
}

TEST_CASE("error: more bytes than were asked for") {
    const Result result = run_against(
        [](Peer& peer) {
            peer.write(peer.read_exactly(64));
            peer.write(peer.read_exactly(64) + "x");
            peer.wait_for_end();
        },
        options_for(0, 1, 3));
    check_only(result, Error::wrong);
    CHECK(first(result, Error::wrong).contains("1 bytes came behind the answer"));
}

TEST_CASE("error: HTTP pages that are not the first one, and answers that are no HTTP") {
    Options options = options_for(0, 1, 5);
    options.mode = Mode::http;
    const auto changing = [](Peer& peer) {
        for (int i = 0; !peer.read_head().empty(); i++)
            peer.write(page(std::to_string(i)));
    };
    check_only(run_against(changing, options), Error::wrong);
    options.same_body = false;
    CHECK(run_against(changing, options).is_good());
    check_only(run_against([](Peer& peer) { peer.write(peer.read()); }, options), Error::wrong);
}

TEST_CASE("error: one connection's does not hide what the others do") {
    const Result result = run_against(
        [](Peer& peer) {
            if (peer.index() != 1)
                return echo(peer);
            peer.write(peer.read_exactly(64));
            peer.read_exactly(64);
            peer.break_off();
        },
        options_for(0, 4, 100));
    check_only(result, Error::reset);
    CHECK(count(result, Error::reset) == 1);
    CHECK(result.statistics.answers == 99);
}

TEST_CASE("error: an unknown host is a sentence") {
    Options options = options_for(1);
    options.host = "no such host";
    CHECK_THROWS_WITH(run(options), doctest::Contains("no such host is no known host: "));
}
