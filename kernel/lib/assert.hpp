// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What to do when the kernel finds itself wrong: say where, and stop the machine.
/// `require` is checked in debug builds only: a condition that holds unless the kernel has a bug.
/// Read next: print.hpp.
/// @stage{1}
#pragma once

#include "kernel/config.hpp"

#include <source_location>

/// Prints the message and where it comes from; stops every hart. Does not return.
[[noreturn]] void panic(const char* message,
                        std::source_location place = std::source_location::current());

constexpr void require(bool condition, const char* message = "an invariant is broken",
                       std::source_location place = std::source_location::current()) {
    if constexpr (config::debug) {
        if (!condition)
            panic(message, place);
    }
}
