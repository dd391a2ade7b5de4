// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What test programs say is believed exactly if it can only come from them.
#include "autograder/run/protocol.hpp"

#include "labs/lib/protocol.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace grade;

namespace {

const Nonce nonce = Nonce::of("000102030405060708090a0b0c0d0e0f");
const std::vector<std::string> both = {"first", "second"};

std::string certified(const std::string& text) {
    return fmt::format("@rel4 {} {:016x}\n", text, nonce.sum(text));
}

Statements read(const std::string& output) { return read_statements(output, nonce, both); }

std::string said;

} // namespace

TEST_SUITE("protocol") {
    TEST_CASE("what a transcript writes is read again") {
        said.clear();
        lab::Transcript transcript(*lab::read_nonce(nonce.digits()),
                                   [](std::string_view line) { said += line; });
        transcript.begin("first");
        transcript.message("it is\nwrong");
        transcript.value("first", 42);
        transcript.verdict("first", false);
        transcript.begin("second");
        transcript.verdict("second", true);
        transcript.end();
        const Statements statements = read("ReL4 boots\r\n" + said);
        CHECK(statements.complete);
        CHECK(statements.forged == 0);
        REQUIRE(statements.tests.size() == 2);
        CHECK(statements.tests[0].passed == false);
        CHECK(statements.tests[0].value == 42);
        CHECK(statements.tests[0].messages == std::vector<std::string>{"it is wrong"});
        CHECK(statements.tests[1].passed == true);
        CHECK(statements.other == std::vector<std::string>{"ReL4 boots"});
    }

    TEST_CASE("the sum is SipHash-2-4 as its authors' example has it") {
        std::string bytes;
        for (char byte = 0; byte < 15; ++byte) {
            bytes += byte;
        }
        CHECK(user::siphash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, bytes) == 0xa129ca6149be45e5);
    }

    TEST_CASE("a verdict with a wrong sum is forged") {
        const Statements statements =
            read("@rel4 begin first\n@rel4 pass first 0123456789abcdef\n");
        CHECK(statements.forged == 1);
        CHECK_FALSE(statements.tests[0].passed);
        CHECK_FALSE(statements.complete);
    }

    TEST_CASE(
        "a verdict of another run, of a test that did not begin, and a second one are forged") {
        const Nonce other = Nonce::of("ff0102030405060708090a0b0c0d0e0f");
        CHECK(read(fmt::format("@rel4 begin first\n@rel4 pass first {:016x}\n",
                               other.sum("pass first")))
                  .forged == 1);
        CHECK(read(certified("pass first")).forged == 1);
        const Statements twice =
            read("@rel4 begin first\n" + certified("fail first") + certified("pass first"));
        CHECK(twice.forged == 1);
        CHECK(twice.tests[0].passed == false);
    }

    TEST_CASE("a test that was not asked for, or begins twice, is forged") {
        CHECK(read("@rel4 begin third\n").forged == 1);
        CHECK(read("@rel4 begin first\n@rel4 begin first\n").forged == 1);
    }

    TEST_CASE("a test without a verdict did not come to its end") {
        const Statements statements = read("@rel4 begin first\nkernel panic: no\n");
        REQUIRE(statements.tests.size() == 1);
        CHECK_FALSE(statements.tests[0].passed);
        CHECK_FALSE(statements.complete);
    }

    TEST_CASE("an end with another count, and what comes behind the end, are forged") {
        CHECK_FALSE(read(certified("end 1")).complete);
        CHECK(read(certified("end 0")).complete);
        CHECK(read(certified("end 0") + "@rel4 begin first\n").forged == 1);
    }

    TEST_CASE("a line may begin behind other text, and lines may be rubbish") {
        CHECK(read("> @rel4 begin first\n").tests.size() == 1);
        CHECK(read("@rel4 \n@rel4 pass\n@rel4 end\n@rel4 value first x y\n").forged == 4);
    }

    TEST_CASE("nonces differ") { CHECK(Nonce::draw().digits() != Nonce::draw().digits()); }
}
