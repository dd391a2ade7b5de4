// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Text and numbers, without a heap.
/// @stage{7}
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <span>
#include <stdint.h>
#include <string.h>
#include <string_view>

namespace text {

/// A decimal number; nothing if it is none, or a very large one.
constexpr std::optional<uint64_t> number(std::string_view digits) {
    uint64_t value = 0;
    if (digits.empty() || digits.size() > 18)
        return {};
    for (const char digit : digits) {
        if (digit < '0' || digit > '9')
            return {};
        value = value * 10 + static_cast<uint64_t>(digit - '0');
    }
    return value;
}

/// Puts texts and numbers together; what does not fit is cut off.
class Builder {
public:
    explicit Builder(std::span<char> buffer) : buffer_(buffer) {}

    template <class... Parts>
    void add(const Parts&... parts) {
        (add_one(parts), ...);
    }
    [[nodiscard]] std::string_view text() const { return {buffer_.data(), length_}; }

private:
    void add_one(std::string_view part) {
        const size_t taken = std::min(part.size(), buffer_.size() - length_);
        memcpy(buffer_.data() + length_, part.data(), taken);
        length_ += taken;
    }
    void add_one(std::unsigned_integral auto value) {
        char digits[20];
        size_t at = sizeof digits;
        uint64_t rest = value;
        do {
            digits[--at] = static_cast<char>('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        add_one(std::string_view(digits + at, sizeof digits - at));
    }

    std::span<char> buffer_;
    size_t length_ = 0;
};

} // namespace text
