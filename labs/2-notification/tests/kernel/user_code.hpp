// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Instructions for user mode: copied into a page, they use no address of their own.
/// Read next: user_code.cpp.
#pragma once

#include "kernel/lib/types.hpp"

extern "C" {
extern const char user_code_start[];
extern const char user_code_end[];

/// Loads each register n from word n behind sp, sp last; then makes a system call,
extern const char user_load[];
extern const char user_call[]; ///< which is here.
/// The same, and then does what traps at user_break: ebreak,
extern const char user_load_and_break[];
extern const char user_break[];
/// or at user_fault: loads from where a0 points.
extern const char user_load_and_fault[];
extern const char user_fault[];

/// Stores each register n into word n behind sp; then makes a system call.
extern const char user_store[];

/// Makes a system call, and another one.
extern const char user_call_twice[];

/// Adds one to s1 for ever, by four instructions.
extern const char user_count[];
extern const char user_count_end[];
}

inline Word user_code_size() { return static_cast<Word>(user_code_end - user_code_start); }
