// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Waiting is looking every now and then: a lock on a device has no queue that several programs
/// could share.
#include "autograder/board/boards.hpp"

#include <thread>

namespace grade {

namespace {

using namespace std::chrono_literals;

} // namespace

Boards::Boards(std::vector<BoardSettings> boards, std::function<void(const std::string&)> note)
    : note_(std::move(note)) {
    for (BoardSettings& board : boards) {
        places_.push_back({std::move(board), false});
    }
}

BoardRun Boards::run(const BoardProgram& program, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        for (Place& place : places_) {
            auto line = take(place);
            if (!line) {
                continue;
            }
            try {
                return run_on_board(place.settings, *line, program, stop);
            } catch (const BoardError& error) {
                give_up(place, error.what());
            } catch (const EnvironmentError& error) {
                give_up(place, fmt::format("{}: {}", place.settings.device.string(), error.what()));
            }
        }
        if (!is_one_left()) {
            const std::scoped_lock hold(mutex_);
            throw EnvironmentError("no board is left: " + last_failure_);
        }
        std::this_thread::sleep_for(100ms);
    }
    throw EnvironmentError("interrupted");
}

std::optional<SerialLine> Boards::take(Place& place) {
    {
        const std::scoped_lock hold(mutex_);
        if (place.is_broken) {
            return std::nullopt;
        }
    }
    try {
        return SerialLine::take(place.settings.device, place.settings.baud);
    } catch (const EnvironmentError& error) {
        give_up(place, error.what());
        return std::nullopt;
    }
}

void Boards::give_up(Place& place, const std::string& why) {
    {
        const std::scoped_lock hold(mutex_);
        place.is_broken = true;
        last_failure_ = why;
    }
    note_("given up: " + why);
}

bool Boards::is_one_left() {
    const std::scoped_lock hold(mutex_);
    return std::ranges::any_of(places_, [](const Place& place) { return !place.is_broken; });
}

} // namespace grade
