// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is left out as equal must be equal: random programs come to the same without reduction.
/// @stage{4}
#include "runtime/tests/explore/tests/program.hpp"

#include <doctest/doctest.h>

using explore::Action;

TEST_SUITE("explore") {
    TEST_CASE("reduction leaves out nothing") {
        constexpr Action others[] = {
            Action::load_acquire, Action::store_release,    Action::exchange,
            Action::fetch_or,     Action::compare_exchange, Action::fence_acquire,
            Action::fence_full,   Action::fence_full,       Action::send,
            Action::park};
        for (unsigned seed = 1; seed <= 200; seed++) {
            const Program program = random_program(seed, others);
            CHECK_MESSAGE(explored(program, {}) == explored(program, {.reduce = false}), "seed ",
                          seed, "\n", text(program));
        }
    }
}
