// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Lines of the forms "file:line:column: error: text" and, of linkers, a text followed by places.
#include "autograder/run/compiler_messages.hpp"

#include "autograder/source/language.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <optional>

namespace grade {

namespace {

constexpr std::size_t most_messages = 100;
constexpr std::size_t longest_line = 2000;

/// "file:12" or "file:12:3" at the beginning of `text`, which is taken off with the ':' behind it.
std::optional<CompilerMessage> take_place(std::string_view& text) {
    const std::size_t colon = text.find(':');
    if (colon == 0 || colon == text.npos) {
        return std::nullopt;
    }
    CompilerMessage message{std::string(text.substr(0, colon)), 0, {}};
    std::string_view rest = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), message.line);
    if (error != std::errc() || message.line <= 0) {
        return std::nullopt;
    }
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.starts_with(':')) { // a column, perhaps
        const std::size_t next = rest.find_first_not_of("0123456789", 1);
        if (next != rest.npos && next > 1 && rest[next] == ':') {
            rest.remove_prefix(next);
        }
    }
    text = rest;
    if (message.file.starts_with("./")) {
        message.file.erase(0, 2);
    }
    return message;
}

class ErrorReader {
public:
    void take(std::string_view line) {
        constexpr std::string_view of_linker = "ld.lld: error: ";
        constexpr std::string_view reference = ">>> referenced by ";
        if (line.starts_with(of_linker)) {
            linker_says_ = line.substr(of_linker.size());
            return;
        }
        if (line.starts_with(reference) && !linker_says_.empty()) {
            // "cspace.cpp:33 (./kernel/cap/cspace.cpp:33)"
            const std::size_t bracket = line.find('(');
            line.remove_prefix(bracket != line.npos ? bracket + 1 : reference.size());
            line = line.substr(0, line.find(')'));
            add(fmt::format("{}:", line), linker_says_);
            return;
        }
        std::string_view rest = line;
        auto message = take_place(rest);
        if (!message) {
            return;
        }
        for (const std::string_view mark : {": error: ", ": fatal error: ", ": Error: "}) {
            if (rest.starts_with(mark)) {
                add(line, rest.substr(mark.size()));
                return;
            }
        }
        if (rest.starts_with(": undefined reference to ")) {
            add(line, rest.substr(2));
        }
    }

    std::vector<CompilerMessage> messages;

private:
    void add(std::string_view line, std::string_view text) {
        if (auto message = take_place(line); message && messages.size() < most_messages) {
            message->text = text;
            if (std::ranges::find(messages, *message) == messages.end()) {
                messages.push_back(std::move(*message));
            }
        }
    }

    std::string linker_says_;
};

} // namespace

std::vector<CompilerMessage> read_errors(std::string_view output) {
    ErrorReader reader;
    for (const std::string_view line : split_lines(output)) {
        reader.take(line.substr(0, longest_line));
    }
    return std::move(reader.messages);
}

} // namespace grade
