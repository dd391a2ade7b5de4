// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// 7.4, echo: a conversation with an other end that the test plays.
#include "labs/7-tcp-server/tests/host/draw.hpp"
#include "labs/7-tcp-server/tests/host/program.hpp"

extern "C" const char page_start[1] = {};
extern "C" const char page_end[1] = {};

namespace {

using net::Error;
using played::Stream;

/// How a text is shown that may be long.
std::string in_short(const std::string& text) {
    constexpr size_t most = 40;
    return lab::shown(text.size()) + " bytes \"" + text.substr(0, most) +
           (text.size() > most ? "..." : "") + "\"";
}

/// A connection whose conversation is an echo.
class Talk {
public:
    Talk(Program& program, Stream stream)
        : program_(program), handle_(program.net.open(std::move(stream))) {
        connection_->handle = handle_;
        connection_->packet = packet_.get();
        expect(
            "there is a frame for the conversation",
            program.spawn(tcpsrv::echo(program.pool(), program.server.get(), connection_.get())));
    }

    [[nodiscard]] Stream& stream() { return program_.net.stream(handle_); }
    void expect_sent_back(const std::string& what, const std::string& expected) {
        if (stream().got != expected)
            fail(what + ": expected " + in_short(expected) + " to be sent back, got " +
                 in_short(stream().got));
    }

private:
    Program& program_;
    abi::Word handle_;
    std::unique_ptr<net::Packet> packet_ = std::make_unique<net::Packet>();
    std::unique_ptr<tcpsrv::Connection> connection_ = std::make_unique<tcpsrv::Connection>();
};

/// Connections that were given back to the server, which has opened none.
abi::Word given_back(Program& program) {
    constexpr net::Counters counters = {};
    return static_cast<uint32_t>(0 - program.server->measure(counters).connections);
}

} // namespace

TEST_CASE("echo-back: what comes is sent back, piece by piece, as it comes") {
    alone([] {
        Program program;
        Talk talk(program, {});
        program.run();
        talk.expect_sent_back("nothing has come", "");
        std::string all;
        unsigned pieces = 0;
        for (const std::string& piece :
             {std::string("a"), std::string("hello, rel4"), std::string(net::most_data, 'x'),
              std::string("\0\r\n\xff", 4), std::string(100, '\0')}) {
            all += piece;
            talk.stream().comes.push_back(piece);
            program.net.look();
            program.run();
            talk.expect_sent_back("a piece of " + lab::shown(piece.size()) + " bytes", all);
            expect_equal("echoes that are counted", ++pieces, program.server->figures.echoes);
            const abi::Word calls = program.server->figures.calls;
            expect("a request to receive is counted, and one or two for each piece: " +
                       lab::shown(calls) + " for " + lab::shown(pieces) + " pieces",
                   calls == 1 + pieces || calls == 1 + 2 * pieces);
        }
        expect_equal("times that the handle was closed, while the other end goes on", 0,
                     talk.stream().closed);
        program.expect_good();
    });
}

TEST_CASE("echo-end: when the other end sends no more, handle and connection are given back") {
    alone([] {
        for (const unsigned pieces : {0U, 1U, 5U}) {
            Program program;
            Stream stream{.ends = true};
            std::string all;
            for (unsigned i = 0; i < pieces; i++) {
                stream.comes.push_back("piece " + lab::shown(i));
                all += stream.comes.back();
            }
            Talk talk(program, stream);
            program.run();
            const std::string what = "an end behind " + lab::shown(pieces) + " pieces";
            talk.expect_sent_back(what, all);
            expect_equal(what + ": times that the handle was closed", 1, talk.stream().closed);
            expect_equal(what + ": connections that the server has back", 1, given_back(program));
            expect_equal(what + ": frames that are still in use", 0, program.frames());
            program.expect_good();
        }
    });
}

TEST_CASE("echo-error: a connection that breaks off is given back like others") {
    alone([] {
        for (const Error error : {Error::reset, Error::timed_out, Error::no_memory}) {
            for (const bool at_send : {false, true}) {
                Program program;
                Stream stream{.comes = {"one", "two"}};
                if (at_send)
                    stream.answer_to_send = error;
                else
                    stream.error = error;
                Talk talk(program, stream);
                program.run();
                const std::string what =
                    std::string(net::text(error)) + (at_send ? ", while it sends" : "");
                talk.expect_sent_back(what, at_send ? "" : "onetwo");
                expect_equal(what + ": times that the handle was closed", 1, talk.stream().closed);
                expect_equal(what + ": connections that the server has back", 1,
                             given_back(program));
                expect_equal(what + ": frames that are still in use", 0, program.frames());
                program.expect_good();
            }
        }
    });
}

TEST_CASE("echo-random: many conversations at once, and each gets its own bytes") {
    alone([] {
        Draw draw;
        Program program;
        constexpr unsigned count = 20;
        std::vector<std::unique_ptr<Talk>> talks;
        std::vector<std::string> all(count);
        for (unsigned i = 0; i < count; i++)
            talks.push_back(std::make_unique<Talk>(program, Stream{}));
        for (unsigned round = 0; round < 200; round++) {
            for (unsigned i = 0; i < count; i++) {
                if (draw.below(3) != 0)
                    continue;
                const std::string piece = draw.bytes(1 + draw.below(net::most_data - 8));
                talks[i]->stream().comes.push_back(piece);
                all[i] += piece;
            }
            program.net.look();
            program.run();
        }
        for (unsigned i = 0; i < count; i++) {
            talks[i]->expect_sent_back("conversation " + lab::shown(i), all[i]);
            talks[i]->stream().ends = true;
        }
        program.net.look();
        program.run();
        expect_equal("connections that the server has back", count, given_back(program));
        program.expect_good();
    });
}
