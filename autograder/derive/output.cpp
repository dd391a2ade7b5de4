// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A new folder, filled, then renamed.
#include "autograder/derive/output.hpp"

#include "autograder/source/marker.hpp"
#include "autograder/source/new_folder.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <fstream>
#include <vector>

namespace grade {

namespace {

namespace fs = std::filesystem;

/// Of the tree as it will be read again.
Marker marker(std::span<const StageText> tree, int lab, Kind kind) {
    std::vector<SourceFile> files;
    files.reserve(tree.size());
    for (const StageText& text : tree) {
        files.push_back({text.path, text.content, text.is_executable});
    }
    return Marker::of(files, lab, std::string(text(kind)));
}

/// Whether nothing was changed or added since the folder was written.
bool is_as_written(const fs::path& folder) {
    if (!fs::exists(folder / Marker::path) || fs::exists(folder / ".git")) {
        return false;
    }
    std::vector<SourceFile> files = SourceTree::read(folder).files();
    const auto found = std::ranges::find(files, Marker::path, &SourceFile::path);
    const auto said = Marker::parse(*found);
    files.erase(found);
    return said && said->digest == digest_of(files);
}

bool is_within(const fs::path& inner, const fs::path& outer) {
    return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

void check_replaceable(const fs::path& root, const Destination& destination) {
    const fs::path& folder = destination.folder;
    if (is_within(fs::weakly_canonical(root), folder)) {
        throw EnvironmentError(
            fmt::format("{} holds the source tree itself: say another --out", folder.string()));
    }
    if (!fs::exists(folder) || destination.replace_anything) {
        return;
    }
    if (!fs::is_directory(folder)) {
        throw EnvironmentError(fmt::format("{} is no folder: say another --out", folder.string()));
    }
    if (!fs::is_empty(folder) && !is_as_written(folder)) {
        throw EnvironmentError(fmt::format("{} holds files that derive did not write, or that have "
                                           "changed since: say another --out, or --force to "
                                           "delete them",
                                           folder.string()));
    }
}

void write_file(const fs::path& path, const std::string& content, bool is_executable) {
    fs::create_directories(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << content;
    stream.close();
    if (!stream) {
        throw EnvironmentError(
            fmt::format("{} cannot be written: is the disk full?", path.string()));
    }
    if (is_executable) {
        using enum fs::perms;
        fs::permissions(path, owner_exec | group_exec | others_exec, fs::perm_options::add);
    }
}

volatile std::sig_atomic_t signal_came = 0;

/// While it lives, signals to end only set a flag, so that what was begun can be cleared away.
class SignalGuard {
public:
    SignalGuard() {
        signal_came = 0;
        interrupt_ = std::signal(SIGINT, note);
        terminate_ = std::signal(SIGTERM, note);
    }
    SignalGuard(const SignalGuard&) = delete;
    SignalGuard& operator=(const SignalGuard&) = delete;
    ~SignalGuard() {
        std::signal(SIGINT, interrupt_);
        std::signal(SIGTERM, terminate_);
    }

    static void check() {
        if (signal_came != 0) {
            throw EnvironmentError("interrupted, nothing was changed");
        }
    }

private:
    static void note(int /*signal*/) { signal_came = 1; }

    void (*interrupt_)(int);
    void (*terminate_)(int);
};

} // namespace

void write_tree(std::span<const StageText> tree, int lab, Kind kind, const fs::path& root,
                const Destination& destination) {
    Destination exact = destination;
    exact.folder = fs::weakly_canonical(destination.folder);
    if (!exact.folder.has_filename()) {
        exact.folder = exact.folder.parent_path(); // "lab1/"
    }
    check_replaceable(root, exact);
    fs::create_directories(exact.folder.parent_path());

    const SignalGuard guard;
    const NewFolder fresh(exact.folder, "new");
    for (const StageText& text : tree) {
        SignalGuard::check();
        write_file(fresh.path() / text.path, text.content, text.is_executable);
    }
    write_file(fresh.path() / Marker::path, marker(tree, lab, kind).text(), false);

    const NewFolder old(exact.folder, "old");
    const bool replaces = fs::exists(exact.folder);
    if (replaces) {
        fs::rename(exact.folder, old.path());
    }
    std::error_code error;
    fs::rename(fresh.path(), exact.folder, error);
    if (error) {
        if (replaces) {
            fs::rename(old.path(), exact.folder);
        }
        throw EnvironmentError(
            fmt::format("{} cannot be made: {}", exact.folder.string(), error.message()));
    }
}

} // namespace grade
