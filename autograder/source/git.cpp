// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Many objects go through one process: blobs through fast-import, trees through an index of their
/// own, reading through cat-file --batch.
#include "autograder/source/git.hpp"

#include "autograder/source/scratch.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <map>

namespace grade {

namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string without_last_end(std::string text) {
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

/// "100644 blob ID<tab>path", each ended by a zero.
std::vector<TreeEntry> parse_listing(std::string_view listing) {
    std::vector<TreeEntry> entries;
    while (!listing.empty()) {
        const std::string_view line = listing.substr(0, listing.find('\0'));
        const std::size_t tab = line.find('\t');
        const std::size_t id = line.rfind(' ', tab);
        entries.push_back({std::string(line.substr(tab + 1)),
                           std::string(line.substr(0, line.find(' '))),
                           std::string(line.substr(id + 1, tab - id - 1))});
        listing.remove_prefix(std::min(line.size() + 1, listing.size()));
    }
    return entries;
}

bool is_file(const TreeEntry& entry) { return entry.mode.starts_with("100"); }

/// "ID blob SIZE", a line's end, the content, a line's end; for each.
std::vector<std::string> parse_batch(std::string_view batch) {
    std::vector<std::string> contents;
    while (!batch.empty()) {
        const std::size_t end = batch.find('\n');
        const std::string_view head = batch.substr(0, end);
        const auto size = std::stoull(std::string(head.substr(head.rfind(' ') + 1)));
        contents.emplace_back(batch.substr(end + 1, size));
        batch.remove_prefix(end + 1 + size + 1);
    }
    return contents;
}

} // namespace

Finished Git::attempt(std::vector<std::string> arguments, std::string input,
                      std::vector<std::string> environment) const {
    std::vector<std::string> all = {"git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"};
    if (is_bare_) {
        all.emplace_back("--git-dir=."); // never that of a folder further up
    }
    std::ranges::move(arguments, std::back_inserter(all));
    environment.emplace_back("LC_ALL=C");
    environment.emplace_back("GIT_TERMINAL_PROMPT=0");
    if (config_ == Config::none) {
        environment.emplace_back("GIT_CONFIG_GLOBAL=/dev/null");
        environment.emplace_back("GIT_CONFIG_NOSYSTEM=1");
        environment.emplace_back("GIT_ATTR_NOSYSTEM=1");
    }
    return grade::run({std::move(all), std::move(input), folder_, std::move(environment)});
}

std::string Git::run(std::vector<std::string> arguments, std::string input) const {
    const std::string name = arguments.front();
    Finished finished = attempt(std::move(arguments), std::move(input));
    if (finished.status != 0) {
        throw EnvironmentError(fmt::format("git {} failed in {}: {}", name, folder_.string(),
                                           first_line(finished.error)));
    }
    return without_last_end(std::move(finished.output));
}

std::optional<std::string> Git::resolve(const std::string& name) const {
    Finished finished = attempt({"rev-parse", "--verify", "--quiet", "--end-of-options", name});
    return finished.status == 0 ? std::optional(without_last_end(std::move(finished.output)))
                                : std::nullopt;
}

bool Git::is_ancestor(const std::string& older, const std::string& newer) const {
    return attempt({"merge-base", "--is-ancestor", older, newer}).status == 0;
}

Snapshot Git::read(const std::string& revision) const {
    Snapshot result;
    std::string ids;
    for (TreeEntry& entry : parse_listing(run({"ls-tree", "-r", "-z", "--full-tree", revision}))) {
        if (is_file(entry)) {
            ids += entry.object + "\n";
            result.files.push_back({entry.path, {}, entry.mode == "100755"});
        } else {
            result.others.push_back(std::move(entry));
        }
    }
    const Finished batch = attempt({"cat-file", "--batch"}, ids);
    std::vector<std::string> contents = parse_batch(batch.output);
    if (batch.status != 0 || contents.size() != result.files.size()) {
        throw EnvironmentError(
            fmt::format("{} cannot be read: `git fsck` tells more", folder_.string()));
    }
    for (std::size_t index = 0; index < contents.size(); ++index) {
        result.files[index].content = std::move(contents[index]);
    }
    std::ranges::sort(result.files, {}, &SourceFile::path);
    return result;
}

std::optional<std::string> Git::read_file(const std::string& revision,
                                          const std::string& path) const {
    Finished finished = attempt({"cat-file", "blob", revision + ":" + path});
    return finished.status == 0 ? std::optional(std::move(finished.output)) : std::nullopt;
}

/// Ids in the order of the files, all snapshots one after the other.
std::vector<std::string> Git::write_blobs(std::span<const Snapshot> snapshots) const {
    const Scratch scratch;
    std::map<std::string_view, std::size_t> marks;
    std::string stream;
    for (const Snapshot& snapshot : snapshots) {
        for (const SourceFile& file : snapshot.files) {
            const std::size_t mark = marks.size() + 1;
            if (marks.emplace(file.content, mark).second) {
                stream += fmt::format("blob\nmark :{}\ndata {}\n", mark, file.content.size());
                stream += file.content;
                stream += '\n';
            }
        }
    }
    const std::string names = (scratch.path() / "marks").string();
    run({"fast-import", "--quiet", "--done", "--export-marks=" + names}, stream + "done\n");
    std::vector<std::string> by_mark(marks.size() + 1);
    std::ifstream lines(names);
    std::string mark;
    std::string id;
    while (lines >> mark >> id) {
        by_mark.at(std::stoul(mark.substr(1))) = id;
    }
    std::vector<std::string> ids;
    for (const Snapshot& snapshot : snapshots) {
        for (const SourceFile& file : snapshot.files) {
            ids.push_back(by_mark.at(marks.at(file.content)));
        }
    }
    return ids;
}

std::vector<std::string> Git::write_trees(std::span<const Snapshot> snapshots) const {
    const std::vector<std::string> ids = write_blobs(snapshots);
    std::vector<std::string> trees;
    auto id = ids.begin();
    for (const Snapshot& snapshot : snapshots) {
        const Scratch scratch;
        std::string lines;
        const auto add = [&](std::string_view mode, std::string_view object,
                             const std::string& path) {
            lines += fmt::format("{} {}\t{}", mode, object, path) + '\0';
        };
        for (const SourceFile& file : snapshot.files) {
            add(file.is_executable ? "100755" : "100644", *id++, file.path);
        }
        for (const TreeEntry& entry : snapshot.others) {
            add(entry.mode, entry.object, entry.path);
        }
        const std::string index = "GIT_INDEX_FILE=" + (scratch.path() / "index").string();
        const Finished filled =
            attempt({"update-index", "-z", "--add", "--index-info"}, lines, {index});
        const Finished tree = attempt({"write-tree"}, {}, {index});
        if (filled.status != 0 || tree.status != 0) {
            throw EnvironmentError(fmt::format("git cannot store a tree in {}: {}",
                                               folder_.string(),
                                               first_line(filled.error + tree.error)));
        }
        trees.push_back(without_last_end(tree.output));
    }
    return trees;
}

std::string Git::commit(const Commit& commit) const {
    std::vector<std::string> arguments = {"commit-tree", commit.tree};
    for (const std::string& parent : commit.parents) {
        arguments.insert(arguments.end(), {"-p", parent});
    }
    const Finished finished = attempt(arguments, commit.message + "\n", commit.environment);
    if (finished.status != 0) {
        throw EnvironmentError(fmt::format("git cannot commit in {}: {}", folder_.string(),
                                           first_line(finished.error)));
    }
    return without_last_end(finished.output);
}

void Git::change(std::span<const ReferenceChange> changes) const {
    std::string lines = "start\n";
    for (const ReferenceChange& change : changes) {
        lines += change.old.empty()
                     ? fmt::format("create {} {}\n", change.name, change.value)
                     : fmt::format("update {} {} {}\n", change.name, change.value, change.old);
    }
    run({"update-ref", "--stdin"}, lines + "prepare\ncommit\n");
}

} // namespace grade
