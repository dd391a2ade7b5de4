// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Results of proofs, as TAP 13 on standard output. Several threads may tell theirs.
#pragma once

#include <fmt/core.h>
#include <mutex>
#include <string>
#include <vector>

namespace grade {

class Tap {
public:
    Tap() { fmt::print("TAP version 13\n"); }
    Tap(const Tap&) = delete;
    Tap& operator=(const Tap&) = delete;
    ~Tap() { fmt::print("1..{}\n", count_); }

    /// @param why lines that explain a failure
    void tell(bool passed, const std::string& name, const std::vector<std::string>& why = {}) {
        const std::scoped_lock hold(mutex_);
        fmt::print("{} {} - {}\n", passed ? "ok" : "not ok", ++count_, name);
        for (const std::string& line : why) {
            fmt::print("  # {}\n", line);
        }
        std::fflush(stdout);
        failed_ += passed ? 0 : 1;
    }

    /// A line that is no result.
    void note(const std::string& text) {
        const std::scoped_lock hold(mutex_);
        fmt::print("# {}\n", text);
        std::fflush(stdout);
    }

    [[nodiscard]] int failed() const { return failed_; }

private:
    std::mutex mutex_; ///< guards what follows, and lines' order
    int count_ = 0;
    int failed_ = 0;
};

} // namespace grade
