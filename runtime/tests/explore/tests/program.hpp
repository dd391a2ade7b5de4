// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Small random programs of operations on two words and a notification, to compare what is found
/// by one way with what is found by another.
/// Read next: rvwmo.cpp, reduction.cpp.
/// @stage{4}
#pragma once

#include "runtime/tests/explore/explore.hpp"
#include "runtime/tests/explore/operation.hpp"

#include <set>
#include <span>
#include <string>
#include <vector>

struct Instruction {
    explore::Action action;
    unsigned word = 0;
    uint32_t value = 0;
};

using Program = std::vector<std::vector<Instruction>>; ///< by thread
using Results = std::vector<uint32_t>; ///< of all that loads, and of the words at the end

constexpr unsigned program_words = 2;

/// Of loads, stores and two of the other actions, so that patterns are frequent. Two threads of
/// four instructions, or three of up to three.
[[nodiscard]] Program random_program(unsigned seed, std::span<const explore::Action> others);

[[nodiscard]] bool loads(const Instruction& one);
[[nodiscard]] bool stores(const Instruction& one);

struct Found {
    std::set<Results> results;
    explore::Verdict verdict;
    bool operator==(const Found&) const = default;
};

/// What the explorer finds.
[[nodiscard]] Found explored(const Program& program, const explore::Limits& limits);

[[nodiscard]] std::string text(const Program& program);
[[nodiscard]] std::string text(const std::set<Results>& results);
