// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a few threads can see, of two words or three.
///
///     const Seen seen = outcomes({[](Words& at) { at.x.store_relaxed(1); return
///     at.y.load_relaxed(); },
///                                 [](Words& at) { ... }});
///     CHECK(seen.contains({0, 0}));      what the first thread returned, what the second
///
/// @stage{4}
#pragma once

#include "runtime/shared_word.hpp"
#include "runtime/tests/explore/explore.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

struct Words {
    rt::SharedWord<uint32_t> x;
    rt::SharedWord<uint32_t> y;
    rt::SharedWord<uint32_t> z;
};

using Results = std::vector<uint32_t>;
using Seen = std::set<Results>;
using Body = uint32_t (*)(Words&);

/// What the threads return, and then x and y at the end, in all executions.
Seen outcomes_and_ends(const std::vector<Body>& bodies, const explore::Limits& limits = {});
/// What the threads return.
Seen outcomes(const std::vector<Body>& bodies, const explore::Limits& limits = {});
/// How many executions are tried, without those that turned out to be equal to another.
uint64_t executions(const std::vector<Body>& bodies, const explore::Limits& limits = {});
