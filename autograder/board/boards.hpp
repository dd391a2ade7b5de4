// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The boards of a laboratory, for any number of graders: who needs one waits until one is free.
/// Always holds: a board that does not come back is left alone from then on; what it was given is
/// given to another.
/// Read next: serial_target.hpp.
#pragma once

#include "autograder/board/board.hpp"

#include <deque>
#include <functional>
#include <mutex>

namespace grade {

class Boards {
public:
    /// @param note is told, by any thread, of boards that are given up
    Boards(std::vector<BoardSettings> boards, std::function<void(const std::string&)> note);

    /// Runs it on the first board that is free, in this program or another one.
    /// @throws EnvironmentError if no board is left, or somebody asks to stop; UnfitProgram
    [[nodiscard]] BoardRun run(const BoardProgram& program, const std::stop_token& stop);

private:
    struct Place {
        BoardSettings settings;
        bool is_broken = false;
    };

    /// Nothing if it is broken or somebody has it.
    std::optional<SerialLine> take(Place& place);
    void give_up(Place& place, const std::string& why);
    bool is_one_left();

    std::function<void(const std::string&)> note_;
    std::mutex mutex_; ///< guards what follows
    std::deque<Place> places_;
    std::string last_failure_;
};

} // namespace grade
