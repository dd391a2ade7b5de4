// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The stage at which something first exists: the lab 1 to 7, or one of two that come after all
/// labs: `none` (endpoints, FPU, fuzzers: in no lab) and `staff` (the instructor's).
/// Always holds: what first exists at stage s is in the tree of lab n if s <= n.
/// Read next: brackets.hpp.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace grade {

class Stage {
public:
    static constexpr int labs = 7;

    /// @pre 1 <= lab <= labs
    explicit constexpr Stage(int lab) : order_(lab) {}

    static constexpr Stage none() { return Stage(labs + 1); }
    static constexpr Stage staff() { return Stage(labs + 2); }

    /// From "1" to "7", "none", "staff".
    static std::optional<Stage> parse(std::string_view text) {
        if (text.size() == 1 && text[0] >= '1' && text[0] < '1' + labs) {
            return Stage(text[0] - '0');
        }
        return text == "none"    ? std::optional(none())
               : text == "staff" ? std::optional(staff())
                                 : std::nullopt;
    }

    [[nodiscard]] bool is_lab() const { return order_ <= labs; }
    [[nodiscard]] int lab() const { return order_; }
    [[nodiscard]] std::string text() const {
        return is_lab()          ? "lab " + std::to_string(order_)
               : *this == none() ? "no lab"
                                 : "the staff's files";
    }

    auto operator<=>(const Stage&) const = default;

private:
    int order_;
};

} // namespace grade
