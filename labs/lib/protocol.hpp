// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the test programs of labs say to the grader, one line each. Programs on this machine, in
/// the kernel and in user space all say it with a Transcript.
///
///     @rel4 begin ID
///     @rel4 msg TEXT                    why the test that began fails
///     @rel4 value ID NUMBER MAC         what it measured or found
///     @rel4 pass ID MAC                 or fail ID MAC
///     @rel4 end COUNT MAC
///
/// MAC is SipHash-2-4 of what stands between "@rel4 " and " MAC", 16 hexadecimal digits; its key is
/// the run's nonce. Always holds: lines of verdicts and values are whole, a message may be cut.
/// Read next: host.hpp, kernel_test.hpp.
#pragma once

#include "user/lib/siphash.hpp"

#include <algorithm>
#include <optional>
#include <stddef.h>
#include <stdint.h>
#include <string_view>

namespace lab {

/// From 32 hexadecimal digits, with anything but a digit behind them.
constexpr std::optional<user::SipKey> read_nonce(std::string_view text) {
    constexpr unsigned digits = 32;
    uint64_t halves[2] = {};
    for (unsigned i = 0; i < digits; i++) {
        const size_t value = i < text.size() ? std::string_view("0123456789abcdef").find(text[i])
                                             : std::string_view::npos;
        if (value == std::string_view::npos)
            return std::nullopt;
        halves[i / 16] = halves[i / 16] << 4 | value;
    }
    return user::SipKey{halves[0], halves[1]};
}

/// A test is named "id: what it proves".
constexpr std::string_view id_of(std::string_view name) {
    name.remove_suffix(name.size() - std::min(name.find(':'), name.size()));
    return name;
}

/// Whether `id` is one of a list with commas, which anything but a letter, digit, '-' or ',' ends.
constexpr bool is_listed(std::string_view list, std::string_view id) {
    for (;;) {
        const size_t end = list.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-");
        std::string_view first = list;
        first.remove_suffix(list.size() - std::min(end, list.size()));
        if (first == id)
            return true;
        if (end == list.npos || list[end] != ',')
            return false;
        list.remove_prefix(end + 1);
    }
}

/// A line in the making. What does not fit is left out.
class Line {
public:
    constexpr Line& add(std::string_view text) {
        for (const char letter : text) {
            if (length_ < longest)
                text_[length_++] = letter >= ' ' ? letter : ' ';
        }
        return *this;
    }
    constexpr Line& add(uint64_t number) {
        if (number >= 10)
            add(number / 10);
        const char digit = static_cast<char>('0' + number % 10);
        return add(std::string_view(&digit, 1));
    }
    constexpr Line& add_hex(uint64_t number) {
        for (int shift = 60; shift >= 0; shift -= 4)
            add(std::string_view(&"0123456789abcdef"[number >> shift & 15], 1));
        return *this;
    }
    /// As tests show numbers: from 4096 on in hexadecimal.
    constexpr Line& add_shown(uint64_t number) {
        return number < 4096 ? add(number) : add("0x").add_hex(number);
    }
    /// A zero stands behind it.
    [[nodiscard]] constexpr std::string_view text() const { return {text_, length_}; }
    /// The same with a zero behind it.
    [[nodiscard]] constexpr const char* c_str() const { return text_; }
    /// The text with the end of a line behind it.
    [[nodiscard]] constexpr std::string_view ended() {
        text_[length_] = '\n';
        return {text_, length_ + 1};
    }

private:
    static constexpr size_t longest = 300;

    char text_[longest + 1] = {};
    size_t length_ = 0;
};

/// The lines of one run.
class Transcript {
public:
    /// Writes a line, which has its end; others' text must not come into it.
    using Write = void (*)(std::string_view line);

    constexpr Transcript(const user::SipKey& nonce, Write write) : nonce_(nonce), write_(write) {}

    void begin(std::string_view id) { write_(Line().add("@rel4 begin ").add(id).ended()); }
    void message(std::string_view text) { write_(Line().add("@rel4 msg ").add(text).ended()); }
    void value(std::string_view id, uint64_t number) {
        certify(Line().add("value ").add(id).add(" ").add(number));
    }
    void verdict(std::string_view id, bool passed) {
        count_++;
        certify(Line().add(passed ? "pass " : "fail ").add(id));
    }
    void end() { certify(Line().add("end ").add(count_)); }

private:
    void certify(const Line& line) {
        const uint64_t mac = user::siphash(nonce_, line.text());
        write_(Line().add("@rel4 ").add(line.text()).add(" ").add_hex(mac).ended());
    }

    user::SipKey nonce_;
    Write write_;
    unsigned count_ = 0;
};

} // namespace lab
