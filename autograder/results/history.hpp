// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a student's earlier runs gave: the last score of each test and the best of all. It is a
/// small file in the build folder; without it, or with one that cannot be read, nothing is lost but
/// the comparison.
/// Always holds: a run of single tests changes only what is known of these, never the best score.
/// Read next: terminal.hpp.
#pragma once

#include "autograder/results/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace grade {

struct History {
    std::string course;                  ///< digest; of another course no score can be compared
    std::map<std::string, double> tests; ///< the last score of each
    std::optional<double> last;          ///< of the last whole run
    std::optional<double> best;          ///< of all whole runs
};

/// Since the run before.
struct Change {
    std::string test;
    double before;
    double now;
};

struct Comparison {
    std::vector<Change> better;
    std::vector<Change> worse;
    std::optional<double> last;
    std::optional<double> best; ///< before this run
};

[[nodiscard]] std::filesystem::path history_path(const std::filesystem::path& build, int lab);

/// Empty if there is none that can be read.
[[nodiscard]] History read_history(const std::filesystem::path& path);
/// @throws EnvironmentError
void write_history(const History& history, const std::filesystem::path& path);

/// Every test of the lab was run to its end.
[[nodiscard]] bool is_whole(const Result& result);

[[nodiscard]] Comparison compare(const History& history, const Result& result);
/// The history with this run in it.
[[nodiscard]] History with(History history, const Result& result);

} // namespace grade
