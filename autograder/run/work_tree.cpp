// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Comparing, writing, deleting. A file is written beside and renamed, so that a run that was
/// killed leaves none half.
#include "autograder/run/work_tree.hpp"

#include "autograder/source/source_tree.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <set>
#include <sys/file.h>
#include <unistd.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

bool is_executable(const fs::path& path) {
    return (fs::status(path).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

/// Whether the file is there as it should be.
bool is_as(const fs::path& path, const SourceFile& file) {
    std::error_code error;
    if (fs::symlink_status(path, error).type() != fs::file_type::regular ||
        fs::file_size(path, error) != file.content.size() ||
        is_executable(path) != file.is_executable) {
        return false;
    }
    std::ifstream stream(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(stream), {}} == file.content;
}

void write(const fs::path& path, const SourceFile& file) {
    fs::create_directories(path.parent_path());
    const fs::path beside = path.string() + ".new";
    std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
    stream << file.content;
    stream.close();
    if (!stream) {
        throw EnvironmentError(
            fmt::format("{} cannot be written: is the disk full?", beside.string()));
    }
    using enum fs::perms;
    const fs::perms rights = owner_read | owner_write | group_read | others_read;
    fs::permissions(beside,
                    file.is_executable ? rights | owner_exec | group_exec | others_exec : rights);
    fs::rename(beside, path);
}

} // namespace

WorkTree::WorkTree(const fs::path& folder) : tree_(fs::absolute(folder) / "tree") {
    fs::create_directories(tree_);
    lock_ = open((folder / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (lock_ < 0 || flock(lock_, LOCK_EX) != 0) {
        throw EnvironmentError(fmt::format("{} cannot be locked", folder.string()));
    }
}

WorkTree::~WorkTree() { close(lock_); }

void WorkTree::sync(std::span<const SourceFile> files) {
    std::set<fs::path> wanted;
    for (const SourceFile& file : files) {
        for (fs::path path = tree_ / file.path; path != tree_; path = path.parent_path()) {
            wanted.insert(path);
        }
    }
    for (auto entry = fs::recursive_directory_iterator(tree_);
         entry != fs::recursive_directory_iterator();) {
        const fs::path path = entry->path();
        const bool is_build = path == build();
        if (is_build || !wanted.contains(path)) {
            entry.disable_recursion_pending();
        }
        ++entry;
        if (!is_build && !wanted.contains(path)) {
            fs::remove_all(path);
        }
    }
    for (const SourceFile& file : files) {
        const fs::path path = tree_ / file.path;
        if (!is_as(path, file)) {
            write(path, file);
        }
    }
}

void WorkTree::take_build_of(const WorkTree& other) {
    if (fs::exists(build())) {
        return;
    }
    // Times are kept: make believes that it has built all this itself.
    for (const auto& entry : fs::recursive_directory_iterator(other.tree_)) {
        const fs::path target = tree_ / entry.path().lexically_relative(other.tree_);
        if (entry.is_directory()) {
            fs::create_directories(target);
        } else if (entry.is_regular_file()) {
            fs::copy_file(entry.path(), target, fs::copy_options::overwrite_existing);
            fs::last_write_time(target, fs::last_write_time(entry.path()));
        }
    }
}

} // namespace grade
