// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the other end of the cable says, in words: the note before the step that failed.
#include "autograder/run/peer.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace grade;

namespace {

using Lines = std::vector<std::string>;

// Line 1 is the first of it.
const std::string script = "# about the script\n"
                           "\n"
                           "lane arp\n"
                           "  expect ever arp.op=1\n"
                           "\n"
                           "lane one\n"
                           "  # connection 1: expected 64 bytes back\n"
                           "  set seq 1\n"
                           "  stream 1s ack payload=\"a: b\"\n";

std::string said(const std::string& text) {
    return "qemu: warning: net-script n0: passed\nverdict passed time=1\nnet-script n0: " + text +
           "\nnet-script n0: passed\n";
}

} // namespace

TEST_SUITE("peer") {
    TEST_CASE("the verdict is the first line of the card, and nothing else") {
        const auto passed = read_peer_verdict(said("passed"), script);
        REQUIRE(passed);
        CHECK(passed->passed == true);
        CHECK(passed->messages.empty());
        CHECK(read_peer_verdict(said("failed: lane one, line 8: set seq 1: x"), script)->passed ==
              false);
        CHECK(!read_peer_verdict("", script));
        CHECK(!read_peer_verdict("verdict passed time=1\n", script));
    }

    TEST_CASE("a failure is told by the note before its step") {
        const std::string step = "stream 1s ack payload=\"a: b\"";
        const auto failed = read_peer_verdict(
            said("failed: lane one, line 9: " + step + ": byte 3: expected 0x1, got 0x2"), script);
        REQUIRE(failed);
        CHECK(failed->messages == Lines{"peer: connection 1: expected 64 bytes back; byte 3: "
                                        "expected 0x1, got 0x2",
                                        "this is line 9 of the script: " + step});
    }

    TEST_CASE("a lane without a note has its name") {
        const auto failed = read_peer_verdict(
            said("failed: lane arp, line 4: expect ever arp.op=1: it is not ARP"), script);
        REQUIRE(failed);
        CHECK(failed->messages[0] == "peer: lane arp; it is not ARP");
    }

    TEST_CASE("a machine that ended before is no verdict") {
        const auto unfinished =
            read_peer_verdict(said("unfinished: lane one, line 8: set seq 1"), script);
        REQUIRE(unfinished);
        CHECK(!unfinished->passed);
        CHECK(unfinished->messages[0] ==
              "peer: connection 1: expected 64 bytes back; the machine ended before that");
    }

    TEST_CASE("steps of any length, and lines that the script does not have") {
        const std::string step = "send " + std::string(1 << 20, 'a');
        const auto failed = read_peer_verdict(said("failed: lane one, line 2: " + step + ": late"),
                                              "lane one\n  " + step + "\n");
        REQUIRE(failed);
        CHECK(failed->messages[0] == "peer: lane one; late");
        CHECK(failed->messages[1].size() < 200);
        for (const char* number : {"0", "10", "x", "99999999999999999999999", ""}) {
            const auto where = fmt::format("lane one, line {}: a: b", number);
            CHECK(read_peer_verdict(said("failed: " + where), script)->messages ==
                  Lines{"peer: " + where});
        }
    }
}
