// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Why an invocation failed: the label of its answer, with details in the message words.
/// Read next: invocation.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"

namespace abi {

enum class Error : Word {
    none = 0,
    invalid_argument = 1,   ///< word 0: which argument
    invalid_capability = 2, ///< word 0: which capability; 0 is the invoked one
    illegal_operation = 3,
    range_error = 4, ///< words 0 and 1: least and greatest allowed
    alignment_error = 5,
    failed_lookup = 6, ///< word 0: 1 if it was the source; then as LookupFailure says
    truncated_message = 7,
    delete_first = 8,
    revoke_first = 9,
    not_enough_memory = 10, ///< word 0: bytes that are left
};

/// Why the lookup of a capability failed. Words that follow: bits left to resolve, then
/// depth_mismatch: bits that this level would resolve; guard_mismatch: the guard, its size.
enum class LookupFailure : Word {
    none = 0,
    invalid_root = 1,
    missing_capability = 2,
    depth_mismatch = 3,
    guard_mismatch = 4,
};

/// One line of text for people.
constexpr const char* text(Error error) {
    constexpr const char* texts[] = {
        "no error",           "invalid argument", "invalid capability", "illegal operation",
        "value out of range", "not aligned",      "lookup failed",      "message too short",
        "delete first",       "revoke first",     "not enough memory",
    };
    const Word index = static_cast<Word>(error);
    return index < sizeof texts / sizeof texts[0] ? texts[index] : "unknown error";
}

/// @cond LAB2
/// Label of a fault message.
enum class Fault : Word {
    none = 0,
    capability = 1,
    unknown_syscall = 2,
    user_exception = 3,
    vm = 5,
};

/// What kind of access failed, in the last word of a vm fault.
constexpr Word fault_status_instruction = 1;
constexpr Word fault_status_load = 5;
constexpr Word fault_status_store = 7;
/// @endcond

} // namespace abi
