// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Test cases. A program is a list of CASE(name, needs...) { body } and a guest_main that calls
/// run_cases. Each case starts with user interrupts in the state they have at reset (scene.hpp)
/// and prints one line:
///
///     ok NAME        FAIL NAME: WHAT: expected 0x.. got 0x..        skip NAME: WHY
///
/// where NAME has '-' for '_'. Then comes `end COUNT`, and the machine is ended. A failed
/// expectation does not end the case; the first one is reported.
#pragma once

#include "platform/tests/lib/environment.hpp"

#include <stdint.h>

enum class Needs : uint8_t {
    nothing,
    machine_mode, ///< skipped under firmware
    firmware,     ///< skipped without
    wake,         ///< skipped on a machine without the Wake line
    no_wake,      ///< the opposite
    two_harts,
    four_harts,
    no_paging,  ///< skipped with paging=sv39
    hypervisor, ///< skipped without the H extension
    without_n,  ///< these three: skipped unless the command line says without=n and so on
    without_uipi,
    without_uintc,
};

struct Case {
    const char* name;
    unsigned line;
    void (*body)();
    Needs needs[3];
};

#define CASE(name, ...)                                                                            \
    static void name();                                                                            \
    [[gnu::used, gnu::section(".cases")]] static constinit const Case case_##name = {              \
        #name, __LINE__, name, {__VA_ARGS__}};                                                     \
    static void name()

void expect_equal(const char* what, uint64_t expected, uint64_t got);
void expect(const char* what, bool holds);

/// What the following expectations of this case are about, in front of them in a report.
void concerning(const char* what, uint64_t value);
void concerning(const char* what);

/// Runs every case of the program in the order of the source, and ends the machine.
[[noreturn]] void run_cases();
/// The same on a machine that has user interrupts; on another it fails.
[[noreturn]] void run_user_interrupt_cases();
