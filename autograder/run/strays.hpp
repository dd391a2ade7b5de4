// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A helper that stands outside of its region is not graded, and then an exercise that calls it
/// does not compile: the compiler's message alone would not tell a student why.
/// Read next: grader.hpp.
#pragma once

#include "autograder/overlay/overlay.hpp"

#include <span>

namespace grade {

/// What is to be added to a compiler's message that names, in quotes, what a line outside has; else
/// nothing.
[[nodiscard]] std::string hint_at_strays(std::string_view message,
                                         std::span<const Overlay::Stray> strays);

} // namespace grade
