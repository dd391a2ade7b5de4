// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Scripts are text: a step that failed is found by its line, and the note before it says why it
/// stands there.
#include "autograder/run/peer.hpp"

#include "autograder/source/language.hpp"

#include <charconv>
#include <fmt/core.h>
#include <fstream>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr Limits limits{.output = 16ull << 20};
constexpr std::size_t longest_step = 100;

/// The last comment before a line, in its lane; empty if there is none.
std::string_view note_before(const std::vector<std::string_view>& lines, std::size_t number) {
    constexpr std::string_view mark = "# ";
    for (std::size_t at = number; at-- > 0;) {
        const std::string_view line = trim(lines[at]);
        if (line.starts_with(mark)) {
            return line.substr(mark.size());
        }
        if (line.starts_with("lane ")) {
            break;
        }
    }
    return {};
}

/// Takes what is before `end` off, and `end` itself; all of it if `end` is not in it.
std::string_view take(std::string_view& text, std::string_view end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(std::min(at + end.size(), text.size()));
    return taken;
}

/// @param where "lane NAME, line N: STEP: WHY", or without ": WHY"
std::vector<std::string> in_words(std::string_view where, std::string_view script) {
    const std::vector<std::string_view> lines = split_lines(script);
    std::string_view rest = where;
    const std::string_view lane = take(rest, ", line ");
    const std::string_view digits = take(rest, ": ");
    std::size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number == 0 || number > lines.size()) {
        return {fmt::format("peer: {}", where)};
    }
    const std::string_view step = trim(lines[number - 1]);
    const std::string_view note = note_before(lines, number - 1);
    rest.remove_prefix(rest.starts_with(step) ? step.size() : 0);
    const std::string_view why = rest.empty() ? "the machine ended before that"
                                              : rest.substr(rest.starts_with(": ") ? 2 : 0);
    return {fmt::format("peer: {}; {}", note.empty() ? lane : note, why),
            fmt::format("this is line {} of the script: {}{}", number, step.substr(0, longest_step),
                        step.size() > longest_step ? "..." : "")};
}

} // namespace

fs::path peer_script_path(const WorkTree& tree, std::string_view id, std::uint64_t seed) {
    return tree.path().parent_path() / fmt::format("peer/{}-{}.net", id, seed);
}

std::string write_peer_script(const Sandbox& sandbox, const WorkTree& tree, const PlannedTest& test,
                              std::uint64_t seed) {
    const Command command{
        .arguments = {(tree.path() / test.file).string(), test.id, std::to_string(seed)}};
    const View view{.readonly = {tree.path()}, .writable = {}, .folder = tree.path()};
    Outcome outcome = sandbox.run(command, view, limits);
    if (!outcome.succeeded()) {
        throw EnvironmentError(
            fmt::format("{} writes no script of {}: {}", test.file, test.id, outcome.err));
    }
    const fs::path path = peer_script_path(tree, test.id, seed);
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << outcome.out;
    file.close();
    if (!file) {
        throw EnvironmentError(path.string() + " cannot be written: is the disk full?");
    }
    return std::move(outcome.out);
}

std::optional<PeerVerdict> read_peer_verdict(std::string_view said, std::string_view script) {
    for (std::string_view line : split_lines(said)) {
        if (take(line, " ") != "net-script") {
            continue;
        }
        take(line, ": "); // the card's name
        const std::string_view verdict = take(line, ": ");
        std::vector<std::string> messages;
        if (!line.empty()) {
            messages = in_words(line, script);
        }
        return PeerVerdict{verdict == "unfinished" ? std::nullopt
                                                   : std::optional(verdict == "passed"),
                           std::move(messages)};
    }
    return std::nullopt;
}

} // namespace grade
