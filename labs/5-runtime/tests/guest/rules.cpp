// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the judge allows processes of lab 5, and says of them.
/// Read next: alone.cpp.
#include "labs/lib/judge/judge.hpp"

const judge::Rules judge::rules = {
    .rights_to_own = abi::all_rights,
    .user_interrupts = true,
    .endings = {nullptr, nullptr, " has cut the other side off, though that did nothing wrong",
                nullptr, " has got another reply than it should", " has no frame for a coroutine"},
};
