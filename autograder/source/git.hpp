// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A git repository, by git's own plumbing: files become objects, objects become commits, and
/// references change last and all at once. Whoever stops in between leaves what there was.
/// Always holds: no hook runs.
/// Read next: git.cpp.
#pragma once

#include "autograder/source/process.hpp"
#include "autograder/source/stage_text.hpp"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace grade {

/// What a tree holds that is no file with text of its own: links and other repositories.
struct TreeEntry {
    std::string path;
    std::string mode; ///< as git writes it, "120000"
    std::string object;
};

struct Snapshot {
    std::vector<SourceFile> files; ///< sorted by path
    std::vector<TreeEntry> others;
};

struct Commit {
    std::string tree;
    std::vector<std::string> parents;
    std::string message;
    std::vector<std::string> environment; ///< GIT_AUTHOR_NAME=... if not the user's
};

struct ReferenceChange {
    std::string name;  ///< "refs/heads/lab1"
    std::string value; ///< an object
    std::string old;   ///< what it is now; empty: there is none
};

class Git {
public:
    enum class Config {
        none, ///< the same everywhere: what users and machines have set is not read
        user,
    };

    /// @param folder of a bare repository itself, else any in the working tree
    Git(std::filesystem::path folder, Config config, bool is_bare = false)
        : folder_(std::move(folder)), config_(config), is_bare_(is_bare) {}

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// What git writes, without the last line's end. @throws EnvironmentError if git fails
    std::string run(std::vector<std::string> arguments, std::string input = {}) const;
    [[nodiscard]] Finished attempt(std::vector<std::string> arguments, std::string input = {},
                                   std::vector<std::string> environment = {}) const;

    /// The object's id; nothing if there is no such object or reference.
    [[nodiscard]] std::optional<std::string> resolve(const std::string& name) const;
    [[nodiscard]] bool is_ancestor(const std::string& older, const std::string& newer) const;
    /// @param revision a commit or tree
    [[nodiscard]] Snapshot read(const std::string& revision) const;
    [[nodiscard]] std::optional<std::string> read_file(const std::string& revision,
                                                       const std::string& path) const;

    /// Ids of trees that hold exactly these files.
    [[nodiscard]] std::vector<std::string> write_trees(std::span<const Snapshot> snapshots) const;
    [[nodiscard]] std::string commit(const Commit& commit) const;
    /// All or none. @throws EnvironmentError if one is not what it was
    void change(std::span<const ReferenceChange> changes) const;

private:
    [[nodiscard]] std::vector<std::string> write_blobs(std::span<const Snapshot> snapshots) const;

    std::filesystem::path folder_;
    Config config_;
    bool is_bare_;
};

} // namespace grade
