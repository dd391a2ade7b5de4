// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What processes of lab 5 do. A call is two words of input; its answer is one word, or every
/// eighth time two, which the client adds up.
///
///     words w0, w1 ── call ──> (w0 ^ key) + w1 ── output, a word for each call ──> judge
///
/// Read next: main.cpp; labs/4-rings/tests/process/task.hpp.
#pragma once

#include "labs/4-rings/tests/process/task.hpp"

namespace party {

constexpr Role ask{32};          ///< makes calls, `burst` at a time, each from a coroutine
constexpr Role answer{33};       ///< answers at once
constexpr Role answer_later{34}; ///< a coroutine for each request, which lets others run
constexpr Role both{35};         ///< makes calls to itself, `burst` at a time

constexpr unsigned simple = 1; ///< label of a call with an answer of one word
constexpr unsigned wide = 2;   ///< of one with an answer of two

constexpr Word most_calls = data_words / 2;

} // namespace party
