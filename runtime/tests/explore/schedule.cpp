// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Decisions as text, and back.
/// @stage{4}
#include "runtime/tests/explore/search.hpp"

#include <charconv>
#include <tuple>

namespace explore {

namespace {

/// `A`, `A-1` or `A=5`.
std::string decision_text(const Decision& decision) {
    std::string text(1, static_cast<char>('A' + decision.thread));
    if (decision.late)
        text += '=' + std::to_string(decision.value);
    else if (decision.way != 0)
        text += '-' + std::to_string(decision.way);
    return text;
}

/// Takes a sign and the number behind it from the text; nothing if it does not begin so.
std::optional<uint64_t> taken(std::string_view& text, char sign) {
    uint64_t number = 0;
    if (!text.starts_with(sign))
        return {};
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (error != std::errc())
        return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

} // namespace

std::string schedule_text(std::span<const Decision> decisions) {
    std::string text;
    for (std::size_t i = 0; i < decisions.size();) {
        const std::string one = decision_text(decisions[i]);
        std::size_t count = 0;
        for (; i < decisions.size() && decision_text(decisions[i]) == one; i++)
            count++;
        text += (text.empty() ? "" : " ") + one + (count == 1 ? "" : '*' + std::to_string(count));
    }
    return text;
}

std::optional<std::vector<Decision>> parsed_schedule(std::string_view text) {
    std::vector<Decision> decisions;
    while (!text.empty()) {
        std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (word.empty() || word[0] < 'A' || word[0] >= static_cast<char>('A' + most_threads))
            return {};
        Decision decision{.thread = static_cast<uint8_t>(word[0] - 'A')};
        word.remove_prefix(1);
        if (const std::optional<uint64_t> value = taken(word, '='))
            std::tie(decision.late, decision.value) = std::pair(true, *value);
        decision.way = static_cast<uint16_t>(taken(word, '-').value_or(0));
        decisions.insert(decisions.end(), taken(word, '*').value_or(1), decision);
        if (!word.empty())
            return {};
    }
    return decisions;
}

} // namespace explore
