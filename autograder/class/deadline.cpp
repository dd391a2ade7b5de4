// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading a time, and counting days.
#include "autograder/class/deadline.hpp"

#include <algorithm>
#include <charconv>

namespace grade {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes numbers and the signs between them off a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    /// A number of exactly so many digits.
    [[nodiscard]] std::optional<int> number(std::size_t digits, int least, int most) {
        int value = 0;
        const std::string_view text = rest_.substr(0, digits);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + digits || text[0] == '-' ||
            value < least || value > most) {
            return std::nullopt;
        }
        rest_.remove_prefix(digits);
        return value;
    }
    [[nodiscard]] bool take(std::string_view sign) {
        const bool is_next = rest_.starts_with(sign);
        rest_.remove_prefix(is_next ? sign.size() : 0);
        return is_next;
    }
    [[nodiscard]] bool ended() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<Time> read_day(Reader& reader) {
    const auto year = reader.number(4, 1970, 9999);
    const auto month = year && reader.take("-") ? reader.number(2, 1, 12) : std::nullopt;
    const auto day = month && reader.take("-") ? reader.number(2, 1, 31) : std::nullopt;
    if (!day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(Time(std::chrono::sys_days(date))) : std::nullopt;
}

std::optional<minutes> read_hour_and_minute(Reader& reader) {
    const auto hour = reader.number(2, 0, 23);
    const auto minute = hour && reader.take(":") ? reader.number(2, 0, 59) : std::nullopt;
    return minute ? std::optional(hours(*hour) + minutes(*minute)) : std::nullopt;
}

std::optional<seconds> read_time_of_day(Reader& reader) {
    const auto time = read_hour_and_minute(reader);
    if (!time || !reader.take(":")) {
        return time;
    }
    const auto second = reader.number(2, 0, 59);
    return second ? std::optional(*time + seconds(*second)) : std::nullopt;
}

std::optional<minutes> read_zone(Reader& reader) {
    const bool is_east = reader.take("+");
    if (!is_east && !reader.take("-")) {
        return reader.take("Z") || reader.ended() ? std::optional(minutes(0)) : std::nullopt;
    }
    const auto shift = read_hour_and_minute(reader);
    return shift ? std::optional(is_east ? *shift : -*shift) : std::nullopt;
}

} // namespace

std::optional<Time> parse_time(std::string_view text) {
    Reader reader(text);
    const auto day = read_day(reader);
    if (!day || reader.ended()) {
        return day ? std::optional(*day + days(1) - seconds(1)) : std::nullopt;
    }
    if (!reader.take("T") && !reader.take(" ")) {
        return std::nullopt;
    }
    const auto time = read_time_of_day(reader);
    const auto zone = time ? read_zone(reader) : std::nullopt;
    return zone && reader.ended() ? std::optional(*day + *time - *zone) : std::nullopt;
}

std::optional<Time> LatePolicy::latest(int extension) const {
    return deadline ? std::optional(*deadline + days(extension + accepted_days)) : std::nullopt;
}

int LatePolicy::late_days(Time handed_in, int extension) const {
    if (!deadline || handed_in <= *deadline + days(extension)) {
        return 0;
    }
    return static_cast<int>(
        std::chrono::ceil<days>(handed_in - *deadline - days(extension)).count());
}

int LatePolicy::percent(int late_days) const {
    return late_days > accepted_days ? 100 : std::min(percent_a_day * late_days, 100);
}

} // namespace grade
