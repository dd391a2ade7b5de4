// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A serial line: bytes out, lines in, with deadlines.
/// Read next: link.hpp.
#pragma once

#include "autograder/sandbox/descriptor.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace grade {

using Deadline = std::chrono::steady_clock::time_point;

[[nodiscard]] inline Deadline in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

/// Always holds: who has one has the device for itself, among all who take it by this class.
class SerialLine {
public:
    /// Nothing if somebody else has it.
    /// @param baud one of those that termios names; a pseudo-terminal has none
    /// @throws EnvironmentError if there is no such device, or it cannot be that fast
    [[nodiscard]] static std::optional<SerialLine> take(const std::filesystem::path& device,
                                                        unsigned baud);

    /// False if the other side does not take it until then. @throws EnvironmentError if it is gone
    [[nodiscard]] bool write(std::string_view bytes, Deadline deadline);

    /// The next line, without its end; nothing if it does not come until then, or somebody asks to
    /// stop. @throws EnvironmentError if the device is gone
    [[nodiscard]] std::optional<std::string> read_line(Deadline deadline,
                                                       const std::stop_token& stop = {});

    /// Throws away what has come so far.
    void discard();

private:
    explicit SerialLine(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

    /// Some bytes; false if none come. They are appended to what was read.
    bool receive(Deadline deadline);

    Descriptor descriptor_;
    std::string unread_;
};

} // namespace grade
