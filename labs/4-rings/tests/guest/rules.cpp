// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the judge allows processes of lab 4, and says of them.
/// Read next: inputs.hpp.
#include "labs/lib/judge/judge.hpp"

const judge::Rules judge::rules = {
    .rights_to_own = abi::Rights::read,
    .user_interrupts = false,
    .endings = {nullptr, nullptr,
                ": refill() says corrupt, though the other side's counter is possible",
                " has taken a message that is longer than all that is published",
                " has read something else than it had put in", nullptr},
};
