// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Fetching goes by branches lab1, lab2, ...; what came is checked by its marker.
#include "autograder/student/starter.hpp"

#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace grade {

namespace {

namespace fs = std::filesystem;

bool is_derived_folder(const fs::path& folder) {
    return fs::exists(folder / Marker::path) && !fs::exists(folder / ".git");
}

std::vector<std::string> words(const std::string& lines) {
    std::vector<std::string> result;
    for (const std::string_view line : split_lines(lines)) {
        if (!line.empty()) {
            result.emplace_back(line);
        }
    }
    return result;
}

/// Whether a tree is, with every file, what its marker says.
bool is_as_given_out(const Snapshot& tree, const Marker& marker) {
    std::vector<SourceFile> files = tree.files;
    std::erase_if(files, [](const SourceFile& file) { return file.path == Marker::path; });
    return digest_of(files) == marker.digest;
}

std::optional<Marker> marker_in(const Git& git, const std::string& commit) {
    auto content = git.read_file(commit, Marker::path);
    return content ? Marker::parse({Marker::path, std::move(*content)}) : std::nullopt;
}

void check_lab(const Snapshot& tree, const std::string& from, int lab) {
    const Marker marker = marker_of(tree, from);
    if (marker.lab != lab) {
        throw EnvironmentError(
            fmt::format("{} is of lab {}, but lab {}'s starter is wanted", from, marker.lab, lab));
    }
}

} // namespace

Marker marker_of(const Snapshot& tree, const std::string& what) {
    const auto file = std::ranges::find(tree.files, Marker::path, &SourceFile::path);
    const auto marker = file == tree.files.end() ? std::nullopt : Marker::parse(*file);
    if (!marker) {
        throw EnvironmentError(
            fmt::format("{} is no tree of a lab: it has no readable {}", what, Marker::path));
    }
    return *marker;
}

Snapshot read_folder(const fs::path& folder) { return {SourceTree::read(folder).files(), {}}; }

Starter get_starter(const Git& git, const std::string& from, int lab) {
    const fs::path folder = git.folder() / from;
    Starter starter;
    if (is_derived_folder(folder)) {
        starter.tree = read_folder(folder);
    } else {
        const std::string branch = fmt::format("refs/heads/lab{}", lab);
        const Finished fetched = git.attempt({"fetch", "--quiet", "--no-tags", "--", from, branch});
        if (fetched.status != 0) {
            throw EnvironmentError(fmt::format(
                "the starter of lab {} cannot be fetched from {}: {}\nSay where it is with "
                "FROM=path-or-address; or perhaps it is not given out yet.",
                lab, from, fetched.error.substr(0, fetched.error.find('\n'))));
        }
        starter.commit = git.run({"rev-parse", "--verify", "FETCH_HEAD"});
        starter.tree = git.read(starter.commit);
    }
    check_lab(starter.tree, from, lab);
    return starter;
}

std::optional<Snapshot> find_base(const Git& git, const std::string& mine, const std::string& next,
                                  const Marker& marker) {
    if (!mine.empty() && !next.empty()) {
        const Finished meets = git.attempt({"merge-base", "--all", mine, next});
        for (const std::string& commit : words(meets.output)) {
            const auto found = marker_in(git, commit);
            if (found && found->lab == marker.lab) {
                return git.read(commit);
            }
        }
    }
    for (const std::string& tip : {next, mine}) {
        if (tip.empty()) {
            continue;
        }
        for (const std::string& commit :
             words(git.run({"log", "--full-history", "--format=%H", tip, "--", Marker::path}))) {
            const auto found = marker_in(git, commit);
            if (found && found->lab == marker.lab && found->digest == marker.digest) {
                Snapshot tree = git.read(commit);
                if (is_as_given_out(tree, marker)) {
                    return tree;
                }
            }
        }
    }
    return std::nullopt;
}

} // namespace grade
