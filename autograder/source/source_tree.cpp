// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Lists with git, reads with streams.
#include "autograder/source/source_tree.hpp"

#include "autograder/source/git.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <iterator>

namespace grade {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> paths_of_git(const fs::path& root) {
    const Git git(root, Git::Config::user); // which may call the folder safe
    const std::string listing = git.run({"ls-files", "-z", "--cached"});
    std::vector<std::string> paths;
    for (std::size_t at = 0; at < listing.size(); at = listing.find('\0', at) + 1) {
        paths.emplace_back(listing.c_str() + at);
    }
    return paths;
}

std::vector<std::string> paths_of_folder(const fs::path& root) {
    std::vector<std::string> paths;
    for (auto at = fs::recursive_directory_iterator(root); at != fs::end(at); ++at) {
        if (at->is_directory() && at->path().filename() == "build") {
            at.disable_recursion_pending();
        } else if (at->is_regular_file()) {
            paths.push_back(at->path().lexically_relative(root).generic_string());
        }
    }
    return paths;
}

SourceFile read_file(const fs::path& root, const std::string& path) {
    std::ifstream stream(root / path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) {
        throw EnvironmentError(fmt::format("{} cannot be read", (root / path).string()));
    }
    const auto executable = fs::perms::owner_exec;
    return {path, std::move(content),
            (fs::status(root / path).permissions() & executable) != fs::perms::none};
}

} // namespace

SourceTree SourceTree::read(const fs::path& root) {
    if (!fs::is_directory(root)) {
        throw EnvironmentError(fmt::format("{} is no folder: say --root DIR", root.string()));
    }
    std::vector<SourceFile> files;
    for (const std::string& path :
         fs::exists(root / ".git") ? paths_of_git(root) : paths_of_folder(root)) {
        if (fs::is_regular_file(root / path)) { // git also lists what was deleted
            files.push_back(read_file(root, path));
        }
    }
    return SourceTree(std::move(files));
}

SourceTree::SourceTree(std::vector<SourceFile> files) : files_(std::move(files)) {
    std::ranges::sort(files_, {}, &SourceFile::path);
    const auto twice = std::ranges::unique(files_, {}, &SourceFile::path); // git: while merging
    files_.erase(twice.begin(), twice.end());
}

const SourceFile* SourceTree::find(std::string_view path) const {
    const auto found = std::ranges::lower_bound(files_, path, {}, &SourceFile::path);
    return found != files_.end() && found->path == path ? &*found : nullptr;
}

} // namespace grade
