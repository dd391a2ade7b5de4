// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests on boards at serial lines instead of in the emulator: the same programs, tests and lines.
/// What differs: a limit is a time, and one run is not like another.
/// Read next: boards.hpp.
#pragma once

#include "autograder/board/boards.hpp"
#include "autograder/run/target.hpp"

namespace grade {

class SerialTarget final : public Target {
public:
    /// @param note is told, by any thread, of boards that are given up
    SerialTarget(std::vector<BoardSettings> boards, std::function<void(const std::string&)> note)
        : boards_(std::move(boards), std::move(note)) {}

    [[nodiscard]] std::string_view name() const override { return "serial"; }
    [[nodiscard]] std::string_view platform() const override { return "fpga"; }
    [[nodiscard]] Ending run(const MachineRun& what, const std::stop_token& stop) const override;

private:
    mutable Boards boards_; ///< for any number of threads
};

/// From what was said on the command line: "serial:/dev/ttyUSB0".
/// @throws EnvironmentError if it is neither that nor "qemu"
[[nodiscard]] std::optional<std::filesystem::path> device_of(std::string_view target);

} // namespace grade
