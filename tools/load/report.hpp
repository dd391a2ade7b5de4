// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A result as text: a table for people, JSON for programs, and one sentence that judges.
/// @stage{none}
#pragma once

#include "tools/load/session.hpp"

namespace load {

std::string table(const Options& options, const Result& result);
/// All figures; times are in microseconds, but for `seconds`.
std::string json(const Options& options, const Result& result);
/// Whether all was right, and if not, what was wrong first.
std::string sentence(const Result& result);

} // namespace load
