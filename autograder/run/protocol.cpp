// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading line by line; most of it is not to believe.
#include "autograder/run/protocol.hpp"

#include "autograder/source/source_tree.hpp"
#include "labs/lib/protocol.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <sys/random.h>

namespace grade {

namespace {

constexpr std::string_view mark = "@rel4 ";
constexpr std::size_t most_messages = 40;
constexpr std::size_t most_other_lines = 400;

/// The first word of `text`, which is taken off.
std::string_view take_word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

std::optional<std::uint64_t> number(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

class Reader {
public:
    Reader(const Nonce& nonce, std::span<const std::string> expected)
        : nonce_(nonce), expected_(expected) {}

    Statements run(std::string_view output) {
        while (!output.empty()) {
            const std::size_t end = std::min(output.find('\n'), output.size());
            std::string_view line = output.substr(0, end);
            output.remove_prefix(std::min(end + 1, output.size()));
            if (line.ends_with('\r')) {
                line.remove_suffix(1);
            }
            take(line);
        }
        return std::move(result_);
    }

private:
    void take(std::string_view line) {
        // What a kernel printed before may have no end of line.
        const std::size_t at = line.find(mark);
        if (at == line.npos) {
            if (result_.other.size() < most_other_lines) {
                result_.other.emplace_back(line);
            }
            return;
        }
        line.remove_prefix(at + mark.size());
        if (result_.complete || !take_statement(line)) {
            ++result_.forged;
        }
    }

    /// False if it cannot come from the tests.
    bool take_statement(std::string_view line) {
        std::string_view rest = line;
        const std::string_view kind = take_word(rest);
        if (kind == "begin") {
            return begin(rest);
        }
        if (kind == "msg") {
            if (!result_.tests.empty() && result_.tests.back().messages.size() < most_messages) {
                result_.tests.back().messages.emplace_back(rest);
            }
            return true;
        }
        const std::size_t last = line.rfind(' ');
        if (last == line.npos ||
            number(line.substr(last + 1), 16) != nonce_.sum(line.substr(0, last))) {
            return false;
        }
        rest.remove_suffix(line.size() - last);
        return kind == "end" ? end(rest) : of_current(kind, rest);
    }

    bool begin(std::string_view id) {
        if (std::ranges::find(expected_, id) == expected_.end() ||
            std::ranges::find(result_.tests, id, &Statement::id) != result_.tests.end()) {
            return false;
        }
        result_.tests.push_back({std::string(id), {}, {}, {}});
        return true;
    }

    /// A verdict or a value belongs to the test that began last.
    bool of_current(std::string_view kind, std::string_view rest) {
        const std::string_view id = take_word(rest);
        if (result_.tests.empty() || result_.tests.back().id != id || result_.tests.back().passed) {
            return false;
        }
        Statement& test = result_.tests.back();
        if (kind == "value") {
            if (test.value) {
                return false;
            }
            test.value = number(rest, 10);
            return test.value.has_value();
        }
        if (kind != "pass" && kind != "fail") {
            return false;
        }
        test.passed = kind == "pass";
        return true;
    }

    bool end(std::string_view count) {
        const auto verdicts = std::ranges::count_if(
            result_.tests, [](const Statement& test) { return test.passed.has_value(); });
        result_.complete = number(count, 10) == static_cast<std::uint64_t>(verdicts);
        return result_.complete;
    }

    const Nonce& nonce_;
    std::span<const std::string> expected_;
    Statements result_;
};

} // namespace

Nonce::Nonce(std::string digits)
    : digits_(std::move(digits)), key_(lab::read_nonce(digits_).value_or(user::SipKey())) {}

Nonce Nonce::draw() {
    std::uint64_t words[2] = {};
    if (getrandom(words, sizeof words, 0) != sizeof words) {
        throw EnvironmentError("the system gives no random numbers");
    }
    return Nonce(fmt::format("{:016x}{:016x}", words[0], words[1]));
}

std::uint64_t Nonce::sum(std::string_view text) const { return user::siphash(key_, text); }

Statements read_statements(std::string_view output, const Nonce& nonce,
                           std::span<const std::string> expected) {
    return Reader(nonce, expected).run(output);
}

} // namespace grade
