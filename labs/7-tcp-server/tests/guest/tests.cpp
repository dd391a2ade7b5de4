// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What came of the sessions. Each has run before the first test: programs are made of memory that
/// no test takes back.
/// Read next: session.hpp.
#include "labs/7-tcp-server/tests/guest/session.hpp"
#include "labs/lib/protocol.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"

#include <string_view>

using namespace session;
using abi::Word;
using test::Place;

namespace {

/// The session came to its end, and all connections were served.
bool expect_good(const Result& result, Word connections, Word right) {
    const bool started = result.end != End::not_started && result.report != nullptr;
    test::expect("the programs can be started", started);
    if (!started)
        return false;
    const Report& report = *result.report;
    if (report.wrong.load_relaxed() != 0)
        test::fail(Place::current(),
                   report.task == Task::pages ? "status of the first wrong answer"
                                              : "bytes that are right of the first wrong piece",
                   ": expected ", report.expected.load_relaxed(), ", got ",
                   report.got.load_relaxed());
    const bool came_to_end =
        test::expect("the TCP server goes on to the end, without a fault",
                     result.end != End::server_ended) &&
        test::expect("all connections are closed in time", result.end == End::closed);
    const bool all =
        test::expect_equal("listeners", 2, report.listeners.load_relaxed()) &&
        test::expect_equal("connections that were accepted", connections,
                           report.begun.load_relaxed()) &&
        test::expect_equal("requests that make no sense", 0, report.refused.load_relaxed()) &&
        test::expect_equal("pieces that came back, or answers", right,
                           report.right.load_relaxed()) &&
        test::expect_equal("connections that were closed", connections,
                           report.closed.load_relaxed());
    return came_to_end && all;
}

/// Whether the machine's command line chooses this test.
bool is_wanted(std::string_view id) {
    constexpr std::string_view option = "tests=";
    std::string_view arguments = user::boot_arguments();
    const size_t at = arguments.find(option);
    if (at == arguments.npos)
        return true;
    arguments.remove_prefix(at + option.size());
    return lab::is_listed(arguments, id);
}

} // namespace

TEST("echo-machine: on the machine, 6 connections get back each byte of 20 pieces") {
    expect_good(result_of(Task::echo), lab7::echo_connections,
                lab7::echo_connections * lab7::echo_pieces);
}

TEST("next-machine: on the machine, 4 browsers get an answer to each request, in random pieces") {
    expect_good(result_of(Task::pages), lab7::page_connections,
                lab7::page_connections * lab7::page_requests);
}

TEST("speed: instructions of 100 echoes of 64 bytes, of the TCP server and its net server") {
    const Result& result = result_of(Task::measured);
    if (expect_good(result, 1, lab7::speed_warm + lab7::speed_pieces))
        test::value(result.report->instructions.load_relaxed() * 100 / lab7::speed_pieces);
}

int main() {
    if (is_wanted("echo-machine"))
        run(Task::echo, test::seed());
    if (is_wanted("next-machine"))
        run(Task::pages, test::seed());
    if (is_wanted("speed"))
        run(Task::measured, test::seed());
    return test::run_all();
}
