// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One whole run: starts the threads, shows progress, and adds up what they counted.
/// Read next: run.hpp, report.hpp.
/// @stage{none}
#pragma once

#include "tools/load/run.hpp"
#include "tools/load/statistics.hpp"

#include <functional>

namespace load {

struct Result {
    Statistics statistics;
    double seconds = 0; ///< from the first request to the last answer
    bool interrupted = false;

    /// All that was to be done was done, and nothing was wrong.
    [[nodiscard]] bool is_good() const {
        return !interrupted && statistics.error_count() == 0 && statistics.answers != 0;
    }
};

/// How far a run has come.
struct Progress {
    double seconds; ///< since the first request; 0 while connections are being opened
    std::uint64_t answers;
    std::uint64_t errors;
};

/// Blocks until the run has ended.
/// @param interrupt ends it when it is set
/// @param show is called once a second; may be empty
/// @throws std::runtime_error, a sentence, if this machine does not allow it
Result perform(const Options& options, const Event& interrupt,
               const std::function<void(const Progress&)>& show);

} // namespace load
