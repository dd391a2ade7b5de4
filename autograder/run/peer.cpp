// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Scripts are text: a step that failed is found by its line, and the note before it says why it
/// stands there.
#include "autograder/run/peer.hpp"

#include "autograder/source/language.hpp"

#include <fmt/core.h>
#include <fstream>
#include <regex>

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

/// @param what "STEP: WHY", or "STEP"
std::vector<std::string> in_words(const std::string& lane, std::size_t number,
                                  std::string_view what, std::string_view script) {
    const std::vector<std::string_view> lines = split_lines(script);
    if (number == 0 || number > lines.size()) {
        return {fmt::format("peer: {}", what)};
    }
    const std::string_view step = trim(lines[number - 1]);
    const std::string_view note = note_before(lines, number - 1);
    std::string_view why = what;
    if (why.starts_with(step)) {
        why.remove_prefix(step.size());
        why = why.starts_with(": ") ? why.substr(2) : "the machine ended before that";
    }
    return {fmt::format("peer: {}; {}", note.empty() ? "lane " + lane : std::string(note), why),
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
    static const std::regex form("net-script \\w+: (passed|failed|unfinished)"
                                 "(?:: lane (\\w+), line (\\d{1,9}): (.*))?");
    for (const std::string_view line : split_lines(said)) {
        std::cmatch found;
        if (!std::regex_match(line.begin(), line.end(), found, form)) {
            continue;
        }
        PeerVerdict verdict;
        if (found[1] != "unfinished") {
            verdict.passed = found[1] == "passed";
        }
        if (found[2].matched) {
            verdict.messages = in_words(found[2], std::stoul(found[3]), found[4].str(), script);
        }
        return verdict;
    }
    return std::nullopt;
}

} // namespace grade
