// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bad clients as a server sees them, and the well-behaved ones beside them.
/// @stage{none}
#include "tools/load/session.hpp"
#include "tools/load/tests/server.hpp"

#include <doctest/doctest.h>

using namespace load;
using namespace load::tests;

namespace {

/// What a server saw of all connections but the first, which is the well-behaved one.
struct Seen {
    std::atomic<unsigned> connections = 0;
    std::atomic<unsigned> silent = 0; ///< sent nothing
    std::atomic<unsigned> parts = 0;  ///< ended within a request
    std::atomic<unsigned> broken = 0; ///< by RST
    std::atomic<unsigned> single = 0; ///< bytes that came alone
    std::atomic<std::uint64_t> bytes = 0;
};

Options options_with(Kind kind, unsigned clients, double seconds) {
    Options options;
    options.host = "127.0.0.1";
    options.seconds = seconds;
    options.timeout = 20;
    options.misbehaving.at(static_cast<std::size_t>(kind)) = clients;
    return options;
}

Result run_against(const Server::Serve& serve, Options options) {
    const Server server(serve);
    options.port = server.port();
    const Event never;
    return perform(options, never, {});
}

/// Echo that takes notes.
Server::Serve noting(Seen& seen) {
    return [&seen](Peer& peer) {
        if (peer.index() == 0)
            return echo(peer);
        seen.connections++;
        std::size_t bytes = 0;
        for (std::string text = peer.read(); !text.empty(); text = peer.read()) {
            bytes += text.size();
            seen.bytes += text.size();
            seen.single += text.size() == 1 ? 1 : 0;
            peer.write(text);
        }
        seen.silent += bytes == 0 ? 1 : 0;
        seen.parts += bytes % 64 != 0 ? 1 : 0;
        seen.broken += peer.was_broken() ? 1 : 0;
    };
}

const Misbehaved& counts(const Result& result, Kind kind) {
    return result.statistics.misbehaved.at(static_cast<std::size_t>(kind));
}

} // namespace

TEST_CASE("misbehaving: slow sends, and reads, byte for byte") {
    Seen seen;
    const Result result = run_against(noting(seen), options_with(Kind::slow, 4, 1));
    CHECK(result.is_good());
    CHECK(seen.bytes > 64);
    CHECK(seen.single > 64); // on a busy computer the kernel puts some together
    CHECK(seen.broken <= 4); // at the end of the run
    CHECK(counts(result, Kind::slow).received > 64);
}

TEST_CASE("misbehaving: slow finds a wrong answer all the same") {
    const Result result = run_against(
        [](Peer& peer) {
            if (peer.index() == 0)
                return echo(peer);
            peer.read(1);
            peer.write("?");
            peer.wait_for_end();
        },
        options_with(Kind::slow, 1, 0.3));
    CHECK(result.statistics.errors.at(static_cast<std::size_t>(Error::wrong)) != 0);
}

TEST_CASE("misbehaving: half sends nothing, or half a request, and stays a while") {
    Seen seen;
    const Result result = run_against(noting(seen), options_with(Kind::half, 8, 0.3));
    CHECK(result.is_good());
    CHECK(seen.connections == 8);
    CHECK(seen.silent != 0);
    CHECK(seen.parts != 0);
    CHECK(seen.silent + seen.parts == 8);
}

TEST_CASE("misbehaving: reset breaks connections at random places") {
    Seen seen;
    const Result result = run_against(noting(seen), options_with(Kind::reset, 4, 0.5));
    CHECK(result.is_good());
    CHECK(seen.connections > 4); // each has come again
    CHECK(seen.broken * 2 > seen.connections);
    CHECK(seen.parts != 0);
}

TEST_CASE("misbehaving: garbage is sent, and answers to it are read") {
    Seen seen;
    const Result result = run_against(noting(seen), options_with(Kind::garbage, 4, 0.5));
    CHECK(result.is_good());
    CHECK(seen.parts > 5);
    CHECK(counts(result, Kind::garbage).received > 1000);
}

TEST_CASE("misbehaving: flood sends until nothing goes any more, and never reads") {
    Seen seen;
    const Result result = run_against(noting(seen), options_with(Kind::flood, 1, 0.5));
    CHECK(result.is_good());
    CHECK(seen.bytes > 100'000);
    CHECK(counts(result, Kind::flood).received == 0);
}

TEST_CASE("misbehaving: HTTP, all kinds at once; a server that hangs up on them is right") {
    Options options = options_with(Kind::garbage, 3, 0.5);
    options.mode = Mode::http;
    options.misbehaving = {2, 2, 2, 2, 2};
    options.connections = 4;
    options.reconnect = 10;
    const Result result = run_against(
        [](Peer& peer) {
            for (std::string head = peer.read_head(); !head.empty(); head = peer.read_head()) {
                if (!head.starts_with("GET / HTTP/1.1\r\nHost: 127.0.0.1"))
                    return;
                peer.write(page("a page"));
            }
        },
        options);
    CHECK(result.is_good());
    CHECK(counts(result, Kind::garbage).ended != 0);
    for (const Misbehaved& each : result.statistics.misbehaved)
        CHECK(each.opened != 0);
}

TEST_CASE("misbehaving: a server that is confused by them is found out") {
    std::atomic<bool> confused = false;
    const Result result = run_against(
        [&](Peer& peer) {
            if (peer.index() != 0)
                confused = true;
            for (std::string text = peer.read(); !text.empty(); text = peer.read())
                peer.write(confused ? std::string(text.size(), '!') : text);
        },
        options_with(Kind::half, 1, 0.3));
    CHECK_FALSE(result.is_good());
}

TEST_CASE("misbehaving: a server that refuses them is not in error") {
    const Server server([](Peer& peer) {
        if (peer.index() == 0)
            return echo(peer);
        peer.break_off();
    });
    Options options = options_with(Kind::slow, 2, 0.3);
    options.port = server.port();
    const Event never;
    const Result result = perform(options, never, {});
    CHECK(result.is_good());
    CHECK(counts(result, Kind::slow).ended != 0);
}
