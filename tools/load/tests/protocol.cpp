// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Both protocols with answers in pieces, with wrong ones, and with several in a row; no sockets.
/// @stage{none}
#include "tools/load/protocol.hpp"

#include <doctest/doctest.h>
#include <set>
#include <vector>

using load::Mode;
using load::Options;
using load::Protocol;
using load::Taken;

namespace {

using State = Taken::State;

Options http_options() {
    Options options;
    options.mode = Mode::http;
    options.host = "server";
    options.port = 80;
    return options;
}

std::string request(Protocol& protocol, std::uint64_t number) {
    std::string text;
    protocol.request(number, text);
    return text;
}

/// What becomes of an answer that comes in pieces of this size.
Taken take(Protocol& protocol, std::string_view answer, std::size_t piece) {
    while (!answer.empty()) {
        const Taken taken = protocol.take(answer.substr(0, piece));
        if (taken.state != State::more)
            return taken;
        CHECK(taken.bytes == std::min(piece, answer.size()));
        answer.remove_prefix(taken.bytes);
    }
    return {};
}

/// The answer as a new connection takes it.
Taken fresh_take(std::string_view answer, std::size_t piece = 1 << 20,
                 const Options& options = http_options()) {
    const auto protocol = make_protocol(options, 0, nullptr);
    request(*protocol, 0);
    return take(*protocol, answer, piece);
}

} // namespace

TEST_CASE("echo: payloads differ for each request, connection and seed, and come again") {
    std::set<std::string> seen;
    for (std::uint64_t seed = 1; seed <= 3; seed++)
        for (unsigned connection = 0; connection < 20; connection++)
            for (std::uint64_t number = 0; number < 20; number++) {
                Options options;
                options.seed = seed;
                const auto protocol = make_protocol(options, connection, nullptr);
                const std::string text = request(*protocol, number);
                CHECK(text.size() == 64);
                CHECK(text == request(*protocol, number));
                seen.insert(text);
            }
    CHECK(seen.size() == 3 * 20 * 20);
}

TEST_CASE("echo: answers in pieces of any size, several requests in flight") {
    for (const std::size_t size : {1UL, 7UL, 64UL, 1000UL})
        for (std::size_t piece = 1; piece <= 3 * size; piece += 1 + size / 9) {
            Options options;
            options.size = static_cast<unsigned>(size);
            const auto protocol = make_protocol(options, 3, nullptr);
            std::string stream;
            for (std::uint64_t number = 0; number < 5; number++)
                protocol->request(number, stream);
            REQUIRE(stream.size() == 5 * size);
            unsigned complete = 0;
            while (!stream.empty()) {
                const Taken taken = protocol->take(std::string_view(stream).substr(0, piece));
                REQUIRE(taken.state != State::wrong);
                REQUIRE(taken.bytes != 0);
                complete += taken.state == State::complete ? 1 : 0;
                stream.erase(0, taken.bytes);
            }
            CHECK(complete == 5);
        }
}

TEST_CASE("echo: one wrong bit anywhere is found, and where it is") {
    const auto protocol = make_protocol(Options(), 0, nullptr);
    for (std::size_t at = 0; at < 64; at++) {
        protocol->reset();
        std::string text = request(*protocol, at);
        text[at] = static_cast<char>(text[at] ^ 4);
        const Taken taken = take(*protocol, text, 10);
        CHECK(taken.state == State::wrong);
        CHECK(taken.problem.starts_with("byte " + std::to_string(at) + " of the answer is 0x"));
    }
}

TEST_CASE("http: a request as RFC 9112 wants it") {
    const auto protocol = make_protocol(http_options(), 0, nullptr);
    CHECK(request(*protocol, 0) ==
          "GET / HTTP/1.1\r\nHost: server:80\r\nUser-Agent: rel4-load\r\n\r\n");
}

TEST_CASE("http: right answers, in pieces of any size") {
    const std::vector<std::string> answers = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200\r\ncontent-LENGTH:5\r\n\r\nhello",
        "HTTP/1.1 200 \r\nServer: a b\r\nContent-Length: \t5 \r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n") +
            "3;a=b\r\nhel\r\n02\r\nlo\r\n000\r\nTrailer: x\r\n\r\n",
    };
    for (const std::string& answer : answers)
        for (std::size_t piece = 1; piece <= answer.size(); piece++) {
            load::Reference reference;
            REQUIRE(reference.accepts("hello"));
            const auto protocol = make_protocol(http_options(), 0, &reference);
            CAPTURE(answer);
            CAPTURE(piece);
            const Taken first = take(*protocol, answer, piece);
            CHECK(first.state == State::complete);
            CHECK_FALSE(first.last);
            CHECK(take(*protocol, answer, piece).state == State::complete);
        }
}

TEST_CASE("http: several answers in one piece are taken one by one") {
    const auto protocol = make_protocol(http_options(), 0, nullptr);
    const std::string one = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    const Taken taken = protocol->take(one + one);
    CHECK(taken.state == State::complete);
    CHECK(taken.bytes == one.size());
}

TEST_CASE("http: whether the connection stays") {
    const std::string rest = "Content-Length: 0\r\n\r\n";
    CHECK(fresh_take("HTTP/1.1 200 OK\r\nConnection: close\r\n" + rest).last);
    CHECK(fresh_take("HTTP/1.0 200 OK\r\n" + rest).last);
    CHECK_FALSE(fresh_take("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + rest).last);
    CHECK_FALSE(fresh_take("HTTP/1.1 200 OK\r\n" + rest).last);
}

TEST_CASE("http: wrong answers, and what is said of them") {
    struct Wrong {
        std::string answer;
        std::string problem;
    };
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    const std::vector<Wrong> wrongs = {
        {"hello\r\n", "is no status line"},
        {"HTTP/2.0 200 OK\r\n", "is no status line"},
        {"HTTP/1.1 20 OK\r\n", "is no status line"},
        {"HTTP/1.1 2000 OK\r\n", "is no status line"},
        {"HTTP/1.1 404 Not Found\r\n", "the status is 404 and must be 200"},
        {"HTTP/1.1 200 OK\n", "does not end with CR LF"},
        {ok + "no colon\r\n", "is no header"},
        {ok + "two words: 1\r\n", "is no header"},
        {ok + ": 1\r\n", "is no header"},
        {ok + "Content-Length: five\r\n", "is no length"},
        {ok + "Content-Length: -5\r\n", "is no length"},
        {ok + "Content-Length:\r\n", "is no length"},
        {ok + "Content-Length: 99999999999999999999\r\n", "is no length"},
        {ok + "Content-Length: 1\r\nContent-Length: 2\r\n", "is no length"},
        {ok + "Transfer-Encoding: gzip\r\n", "is unknown"},
        {ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "and is chunked"},
        {ok + "\r\n", "neither has a Content-Length nor is chunked"},
        {chunked + "x\r\n", "is no chunk's size"},
        {chunked + "\r\n", "is no chunk's size"},
        {chunked + "fffffffffffffff\r\n", "is no chunk's size"},
        {chunked + "2\r\nhello\r\n", "a chunk is longer than it says"},
        {chunked + "0\r\nno trailer\r\n", "is no header"},
        {ok + "A: " + std::string(1 << 17, 'a'), "the answer's head does not end"},
    };
    for (const Wrong& wrong : wrongs)
        for (const std::size_t piece : {std::size_t{1}, wrong.answer.size()}) {
            const Taken taken = fresh_take(wrong.answer, piece);
            CAPTURE(wrong.answer.substr(0, 100));
            CAPTURE(taken.problem);
            CHECK(taken.state == State::wrong);
            CHECK(taken.problem.contains(wrong.problem));
        }
}

TEST_CASE("http: another status may be wanted") {
    Options options = http_options();
    options.status = 404;
    const std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx";
    CHECK(fresh_take(answer, 5, options).state == State::complete);
}

TEST_CASE("http: a body other than the first is wrong, if that matters") {
    load::Reference reference;
    const auto strict = make_protocol(http_options(), 0, &reference);
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
    CHECK(strict->take(head + "a").state == State::complete);
    CHECK(strict->take(head + "a").state == State::complete);
    CHECK(strict->take(head + "b").problem ==
          "the body, of 1 bytes, is not the one of the first answer");
    const auto lenient = make_protocol(http_options(), 0, nullptr);
    CHECK(lenient->take(head + "a").state == State::complete);
    CHECK(lenient->take(head + "b").state == State::complete);
}

TEST_CASE("http: a new connection forgets half an answer") {
    const auto protocol = make_protocol(http_options(), 0, nullptr);
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (std::size_t length = 0; length < answer.size(); length++) {
        CHECK(take(*protocol, std::string_view(answer).substr(0, length), 100).state ==
              State::more);
        protocol->reset();
        CHECK(take(*protocol, answer, 100).state == State::complete);
    }
}
