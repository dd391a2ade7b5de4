// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The kernel keeps much in variables, and what is wrong in it may go round for ever. So that a
/// test finds nothing of what another one left there, nor falls with it, each runs in a process of
/// its own:
///
///     TEST_CASE("id: ...") { alone([] { expect_equal("what", 4, found); }); }
///
/// It has two seconds of processor time, so that one that goes round for ever ends. A panic of the
/// kernel, or a hole, ends it. Read next: labs/lib/host.hpp.
#pragma once

#include "labs/lib/host.hpp"

#include <source_location>
#include <unistd.h>

using Place = std::source_location;

/// Runs the body of a test; its failures become those of this process's test.
void alone(void (*body)());

/// The test fails, and says so in these words.
void fail(const std::string& text, const Place& place = Place::current());

/// True if `holds`; else the test fails.
inline bool expect(const std::string& what, bool holds, const Place& place = Place::current()) {
    if (!holds)
        fail(what + ": expected to hold, but does not", place);
    return holds;
}

/// True if two numbers are the same; else the test fails.
inline bool expect_equal(const std::string& what, uint64_t expected, uint64_t got,
                         const Place& place = Place::current()) {
    if (expected != got)
        fail(what + ": expected " + lab::shown(expected) + ", got " + lab::shown(got), place);
    return expected == got;
}

/// The same for texts.
inline bool expect_equal(const std::string& what, const std::string& expected,
                         const std::string& got, const Place& place = Place::current()) {
    if (expected != got)
        fail(what + ": expected " + expected + ", got " + got, place);
    return expected == got;
}
