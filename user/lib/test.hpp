// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests that run inside the machine. A test is
///
///     TEST("topic: what it proves") { expect_equal("what", expected, got); }
///
/// in any source of a root task; the linker collects them. Each starts with memory and slots of
/// its own, which are taken back afterwards, whatever it did with them. Results are TAP 13 on the
/// console. A test goes on after a failed expectation; every expectation tells whether it held.
/// Read next: test.cpp; test_run_alone.cpp, which runs them.
/// @cond LAB2
/// From stage 2 on test_run_threads.cpp runs them, each in a thread that may fault or hang.
/// @endcond
/// @stage{1}
#pragma once

#include "user/lib/console.hpp"
#include "user/lib/vspace.hpp"

#include <initializer_list>
#include <source_location>
#include <type_traits>

namespace test {

using abi::CPtr;
using abi::Word;
using Place = std::source_location;

/// What the current test makes objects of, and where it may map them: 4 MiB, 1000 slots.
extern constinit user::Allocator allocator;
extern constinit user::VSpace vspace;
constexpr unsigned memory_bits = 22;

/// True if `holds`; else the test fails, and says so in these words.
bool expect(const char* what, bool holds, const Place& place = Place::current());

/// True if two values are the same; likewise for enumerations.
bool expect_equal(const char* what, Word expected, Word got, const Place& place = Place::current());
template <class Value>
    requires std::is_enum_v<Value>
bool expect_equal(const char* what, Value expected, Value got,
                  const Place& place = Place::current());

/// An invocation succeeds.
bool expect_success(const char* what, const sel4::Result& result,
                    const Place& place = Place::current());

/// An invocation fails in this way, with these details as its first words.
bool expect_error(const char* what, abi::Error error, const sel4::Result& result,
                  std::initializer_list<Word> details = {}, const Place& place = Place::current());

/// The test cannot be done in this build or on this machine.
void skip(const char* why);

/// Tells a number that the test measured or found.
void value(Word number);

/// What inputs that are drawn by chance depend on: `seed=N` of the command line, else 1.
Word seed();

/// Notes a failure: the parts are its text.
template <class... Parts>
void fail(const Place& place, const Parts&... parts);

/// Runs every test, or those that the machine's command line chooses (test.cpp). The answer is
/// an exit code: 1 if a test failed.
int run_all();

// The rest is for the framework itself.

struct Descriptor {
    const char* name;
    const char* file;
    unsigned line;
    void (*body)();
};

/// Called once, before the first test.
void prepare_runner();

/// Runs the body of a test, and notes a failure if it does not come to its end.
void run_body(const Descriptor& test);

/// A line of explanation for the current test's result; null if it has enough.
console::Line* explanation();

template <class... Parts>
void fail_at(const char* file, unsigned line_number, const Parts&... parts) {
    console::Line* const line = explanation();
    if (line == nullptr)
        return;
    line->add("  # ");
    line->add(file);
    line->add(':');
    line->add(line_number);
    line->add(": ");
    (line->add(parts), ...);
    line->add('\n');
}

template <class... Parts>
void fail(const Place& place, const Parts&... parts) {
    fail_at(place.file_name(), place.line(), parts...);
}

/// How a value is shown.
inline console::Shown shown(Word value) { return {value}; }
inline const char* shown(abi::Error value) { return abi::text(value); }
template <class Value>
console::Shown shown(Value value) {
    return {static_cast<Word>(value)};
}

template <class Value>
    requires std::is_enum_v<Value>
bool expect_equal(const char* what, Value expected, Value got, const Place& place) {
    if (expected == got)
        return true;
    fail(place, what, ": expected ", shown(expected), ", got ", shown(got));
    return false;
}

} // namespace test

#define TEST_JOIN_(first, second) first##second
#define TEST_JOIN(first, second) TEST_JOIN_(first, second)
#define TEST_OF(name, body)                                                                        \
    static void body();                                                                            \
    [[gnu::used, gnu::section(".tests")]] static constinit const test::Descriptor TEST_JOIN(       \
        body, _descriptor) = {name, __FILE__, __LINE__, body};                                     \
    static void body()
#define TEST(name) TEST_OF(name, TEST_JOIN(test_body_, __LINE__))
