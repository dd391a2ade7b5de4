// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whoever presses ^C, or ends the grader, gets what was done so far: the first such signal asks
/// everything to stop, the second one ends the program as usual.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace grade {

/// At most one at a time; to be made before any other thread.
class Interruption {
public:
    Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    ~Interruption();

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
    [[nodiscard]] bool happened() const { return source_.stop_requested(); }

private:
    std::stop_source source_;
    sigset_t signals_{};
    sigset_t before_{};
    std::jthread waiter_;
};

} // namespace grade
