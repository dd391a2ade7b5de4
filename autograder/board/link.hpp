// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the grader asks of a board's loader, over a line that may garble some of it: what is not
/// answered is asked again.
/// Read next: platform/loader/frame.hpp, board.hpp.
#pragma once

#include "autograder/board/serial_line.hpp"
#include "platform/loader/frame.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace grade {

/// The board does not do what is asked of it. It may after a reset.
class BoardError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

using Bytes = std::vector<std::uint8_t>;

/// What a loader says of itself.
struct Greeting {
    std::uint64_t tree = 0; ///< where the device tree is
    std::uint64_t tree_size = 0;
    std::uint64_t begin = 0; ///< the loader's own memory
    std::uint64_t end = 0;
};

/// All of it throws BoardError, or EnvironmentError if the line is gone.
class Link {
public:
    /// @param answer how long an answer to a request may take before it is sent again
    explicit Link(SerialLine& line,
                  std::chrono::milliseconds answer = std::chrono::milliseconds(5000))
        : line_(line), answer_(answer) {}

    /// Waits for a loader, which may be about to start.
    [[nodiscard]] Greeting greet(Deadline deadline);
    [[nodiscard]] Bytes read(std::uint64_t address, std::uint64_t size);
    void write(std::uint64_t address, std::span<const std::uint8_t> bytes);
    /// From here on the line belongs to what was booted.
    void boot(std::uint64_t entry, std::uint64_t tree);

    /// Requests that had to be sent again.
    [[nodiscard]] unsigned repeated() const { return repeated_; }

private:
    using Words = std::vector<std::string>;

    /// What the loader says to this, without the first word, which is `word`.
    Words ask(loader::Kind kind, std::uint64_t address, std::span<const std::uint8_t> data,
              std::string_view word);
    std::optional<Words> answer(Deadline deadline);

    SerialLine& line_;
    std::chrono::milliseconds answer_;
    std::uint32_t number_ = 0;
    unsigned repeated_ = 0;
};

} // namespace grade
