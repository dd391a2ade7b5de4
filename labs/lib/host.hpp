// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// For tests of labs that run on this machine: doctest, and expectations that tell a student what
/// is wrong in words. A test is
///
///     TEST_CASE("id: what it proves") { lab::expect_equal("bits that are left", 4, found); }
///
/// Expectations do not end a test; they answer whether they held. INFO("while ...") says more.
/// Read next: host_report.cpp, protocol.hpp.
#pragma once

#include <concepts>
#include <doctest/doctest.h>
#include <random>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

namespace lab {

/// How a value is shown: numbers from 4096 on in hexadecimal, the rest as streams show it.
template <class Value>
[[nodiscard]] std::string shown(const Value& value) {
    std::ostringstream text;
    if constexpr (std::is_enum_v<Value>)
        text << +std::to_underlying(value);
    else if constexpr (std::same_as<Value, bool>)
        text << (value ? "true" : "false");
    else if constexpr (std::integral<Value>) {
        if (std::cmp_greater_equal(value, 4096))
            text << "0x" << std::hex;
        text << +value;
    } else
        text << value;
    return text.str();
}

/// True if `holds`; else the test fails, and says so in these words.
inline bool expect(const std::string& what, bool holds) {
    if (!holds)
        FAIL_CHECK(what << ": expected to hold, but does not");
    return holds;
}

/// Names of numbers are compared as numbers, whatever operators a student has declared for them.
template <class Expected, class Got>
[[nodiscard]] bool is_same(const Expected& expected, const Got& got) {
    if constexpr (std::is_enum_v<Expected> && std::same_as<Expected, Got>)
        return std::to_underlying(expected) == std::to_underlying(got);
    else
        return expected == got;
}

/// True if two values are the same.
template <class Expected, class Got>
bool expect_equal(const std::string& what, const Expected& expected, const Got& got) {
    const bool holds = is_same(expected, got);
    if (!holds)
        FAIL_CHECK(what << ": expected " << shown(expected) << ", got " << shown(got));
    return holds;
}

/// Tells a number that the current test measured or found.
void value(uint64_t number);

/// What inputs that are drawn by chance depend on: of the environment's REL4_SEED, else 1.
[[nodiscard]] uint64_t seed();

} // namespace lab
