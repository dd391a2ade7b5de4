// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One board at a serial line: what it runs, and how it is brought back when it hangs.
///
///     reset ─> the loader says "ready" ─> upload ─> boot ─> lines of the tests ─> "end", silence
///     for
///       ^                                                                  │      too long, or the
///       └──────────────────────────────────────────────────────────────────┘      loader once more
///
/// Always holds: each run begins with a reset from outside. A kernel that stays on the board could
/// otherwise play the loader, and be given the next student's program and the key of its verdicts.
/// Read next: boards.hpp.
#pragma once

#include "autograder/board/link.hpp"

namespace grade {

/// How a board is reached.
struct BoardSettings {
    std::filesystem::path device; ///< "/dev/ttyUSB0"
    /// A command of the shell that resets the board, and comes back when that has happened; it
    /// finds the device in $BOARD.
    std::string reset;
    unsigned baud = 115200;
    /// Instructions a microsecond that it does at the least: limits become seconds by it.
    double pace = 10;
    std::chrono::seconds start{20}; ///< until its loader is ready
};

/// It does not fit on any board.
class UnfitProgram : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What is to run.
struct BoardProgram {
    Bytes kernel;    ///< an ELF file
    Bytes root_task; ///< the same
    std::string arguments;
    std::uint64_t limit = 0; ///< instructions
};

struct BoardRun {
    std::string output;
    bool timed_out = false;
    bool restarted = false; ///< the loader came again, or what looked like it
    double seconds = 0;
};

/// Runs it on a line that nobody else has. Tries a few resets before it gives the board up.
/// @throws BoardError if the board does not come back or takes no program; UnfitProgram;
///         EnvironmentError if the line is gone or the reset command fails
[[nodiscard]] BoardRun run_on_board(const BoardSettings& settings, SerialLine& line,
                                    const BoardProgram& program, const std::stop_token& stop);

} // namespace grade
