// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A new folder, filled, then renamed.
#include "autograder/derive/output.hpp"

#include "autograder/source/digest.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr const char* marker_name = ".stage.toml";

/// FNV-1a of all paths and contents: against mistakes, not against malice.
class Digest {
public:
    void add(const SourceFile& file) {
        for (const std::string& text : {file.path, file.content}) {
            for (const char letter : text + '\n') {
                value_ = (value_ ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
            }
        }
    }
    [[nodiscard]] std::string text() const { return fmt::format("{:016x}", value_); }

private:
    std::uint64_t value_ = 0xcbf29ce484222325;
};

/// Of the tree as it will be read again: in the order of the paths.
std::string digest_of(std::span<const StageText> tree) {
    std::vector<const StageText*> sorted;
    for (const StageText& text : tree) {
        sorted.push_back(&text);
    }
    std::ranges::sort(sorted, {}, &StageText::path);
    Digest digest;
    for (const StageText* text : sorted) {
        digest.add({text->path, text->content});
    }
    return digest.text();
}

std::string digest_line(std::string_view digest) {
    return fmt::format("digest = \"{}\"\n", digest);
}

/// The names that git has for the contents tell what a file was, whatever became of it.
std::string marker(std::span<const StageText> tree, int lab, Kind kind) {
    std::map<std::string_view, const StageText*> sorted;
    std::string executable;
    for (const StageText& text : tree) {
        sorted.emplace(text.path, &text);
    }
    std::string files;
    for (const auto& [path, text] : sorted) {
        files += fmt::format("\"{}\" = \"{}\"\n", path, git_blob_id(text->content));
        executable += text->is_executable ? fmt::format("    \"{}\",\n", path) : "";
    }
    return fmt::format("# SPDX-License-Identifier: BSD-2-Clause\n#\n"
                       "# Which stage of ReL4 this folder is, and the digest of its files as they "
                       "were written;\n"
                       "# of each file the name of its content in git.\n"
                       "lab = {}\nkind = \"{}\"\n{}executable = [\n{}]\n\n[files]\n{}",
                       lab, text(kind), digest_line(digest_of(tree)), executable, files);
}

/// Whether nothing was changed or added since the folder was written.
bool is_as_written(const fs::path& folder) {
    std::ifstream stream(folder / marker_name);
    const std::string said{std::istreambuf_iterator<char>(stream), {}};
    if (said.empty() || fs::exists(folder / ".git")) {
        return false;
    }
    Digest digest;
    const SourceTree tree = SourceTree::read(folder);
    for (const SourceFile& file : tree.files()) {
        if (file.path != marker_name) {
            digest.add(file);
        }
    }
    return said.contains(digest_line(digest.text()));
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

/// A new folder beside another, deleted at the end unless it was renamed.
class NewFolder {
public:
    NewFolder(const fs::path& beside, std::string_view purpose) {
        std::string form = (beside.parent_path() /
                            fmt::format(".{}.{}-XXXXXX", beside.filename().string(), purpose))
                               .string();
        if (mkdtemp(form.data()) == nullptr) {
            throw EnvironmentError(
                fmt::format("no folder can be made in {}", beside.parent_path().string()));
        }
        path_ = form;
        using enum fs::perms; // mkdtemp makes a private one
        fs::permissions(path_, owner_all | group_read | group_exec | others_read | others_exec);
    }
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;
    ~NewFolder() {
        std::error_code ignored; // nothing more can be done about it
        fs::remove_all(path_, ignored);
    }

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
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
    write_file(fresh.path() / marker_name, marker(tree, lab, kind), false);

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
