// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// When work had to be handed in, and what lateness costs.
/// Read next: handed_in.hpp.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace grade {

using Time = std::chrono::sys_seconds;

/// "2026-12-01T23:59:00+01:00"; without seconds, without a time of day (the day's end), or without
/// a zone (UTC).
[[nodiscard]] std::optional<Time> parse_time(std::string_view text);

struct LatePolicy {
    std::optional<Time> deadline; ///< none: nothing is late
    int percent_a_day = 0;        ///< of the points reached, for each day that began
    int accepted_days = 7;        ///< what comes later counts for nothing

    /// The last moment of which something counts; none if everything does.
    /// @param extension days that this student has more
    [[nodiscard]] std::optional<Time> latest(int extension) const;
    [[nodiscard]] int late_days(Time handed_in, int extension) const;
    /// What is taken off, of the points reached.
    [[nodiscard]] int percent(int late_days) const;
};

} // namespace grade
