// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Objects first, then the references, in one transaction. A new repository is made beside its
/// place and renamed.
#include "autograder/course/repository.hpp"

#include "autograder/course/lock.hpp"
#include "autograder/source/new_folder.hpp"
#include "autograder/source/source_tree.hpp"

#include <fmt/core.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr const char* kind_key = "rel4.kind";

std::string reference(int lab) { return fmt::format("refs/heads/lab{}", lab); }

Git bare(const fs::path& folder) { return {folder, Git::Config::none, true}; }

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> result;
    for (const std::string_view line : split_lines(text)) {
        result.emplace_back(line);
    }
    return result;
}

/// "a", "a and b", "a, b and 3 more files".
std::string list(const std::vector<std::string>& paths) {
    constexpr std::size_t most = 3;
    if (paths.size() == 1) {
        return paths[0];
    }
    if (paths.size() <= most) {
        std::string result = paths[0];
        for (std::size_t index = 1; index < paths.size(); ++index) {
            result += (index + 1 == paths.size() ? " and " : ", ") + paths[index];
        }
        return result;
    }
    return fmt::format("{}, {} and {} more files", paths[0], paths[1], paths.size() - 2);
}

class Appender {
public:
    Appender(const Git& git, const Edition& edition) : git_(git), edition_(edition) {}

    std::vector<Appended> run() {
        const std::vector<std::string> trees = git_.write_trees(edition_.labs);
        std::string below;
        for (std::size_t index = 0; index < trees.size(); ++index) {
            below = add(static_cast<int>(index) + 1, trees[index], below);
        }
        if (!changes_.empty()) {
            git_.change(changes_);
        }
        return std::move(appended_);
    }

private:
    /// @param below the newest commit of the lab before
    /// @return this lab's
    std::string add(int lab, const std::string& tree, const std::string& below) {
        std::string old = git_.resolve(reference(lab)).value_or("");
        std::vector<std::string> parents;
        if (!old.empty()) {
            parents.push_back(old);
        }
        const bool is_above = below.empty() || (!old.empty() && git_.is_ancestor(below, old));
        if (!is_above) {
            parents.push_back(below);
        }
        const bool has_tree = !old.empty() && git_.resolve(old + "^{tree}") == tree;
        if (is_above && has_tree) {
            return old;
        }
        const std::string message = old.empty() ? first_message(lab)
                                    : is_above  ? change_message(lab, old, tree)
                                                : merge_message(lab);
        const std::string commit = git_.commit({tree, parents, message, identity()});
        changes_.push_back({reference(lab), commit, old});
        appended_.push_back({lab, commit, message});
        return commit;
    }

    [[nodiscard]] std::string first_message(int lab) const {
        return fmt::format("Lab {}, {}: its {}.", lab,
                           edition_.titles.at(static_cast<std::size_t>(lab - 1)), edition_.kind);
    }
    [[nodiscard]] std::string change_message(int lab, const std::string& old,
                                             const std::string& tree) const {
        if (!edition_.message.empty()) {
            return fmt::format("Lab {}: {}", lab, edition_.message);
        }
        auto paths = lines_of(
            git_.run({"diff-tree", "-r", "--name-only", "--no-renames", old + "^{tree}", tree}));
        if (paths.size() > 1) {
            std::erase(paths, ".stage.toml"); // which changes with every other file
        }
        return fmt::format("Lab {} changes {}.", lab, list(paths));
    }
    [[nodiscard]] static std::string merge_message(int lab) {
        return fmt::format("Lab {} takes over what is new in lab {}.", lab, lab - 1);
    }

    [[nodiscard]] std::vector<std::string> identity() const {
        std::vector<std::string> result;
        for (const char* role : {"AUTHOR", "COMMITTER"}) {
            result.push_back(fmt::format("GIT_{}_NAME=ReL4 course", role));
            result.push_back(fmt::format("GIT_{}_EMAIL=course@rel4.invalid", role));
            result.push_back(fmt::format("GIT_{}_DATE={}", role, edition_.date));
        }
        return result;
    }

    const Git& git_;
    const Edition& edition_;
    std::vector<ReferenceChange> changes_;
    std::vector<Appended> appended_;
};

std::vector<Appended> make(const fs::path& repository, const Edition& edition) {
    const NewFolder fresh(repository, "new");
    const Git git = bare(fresh.path());
    git.run({"init", "--quiet", "--bare", "--template=", "--initial-branch=lab1"});
    git.run({"config", kind_key, edition.kind});
    auto appended = Appender(git, edition).run();
    git.run({"repack", "-a", "-d", "--quiet"});
    if (fs::exists(repository)) {
        fs::remove(repository); // an empty folder
    }
    fs::rename(fresh.path(), repository);
    return appended;
}

void check_kind(const Git& git, const std::string& wanted) {
    const Finished kind = git.attempt({"config", "--get", kind_key});
    if (kind.status != 0 || kind.output != wanted + "\n") {
        throw EnvironmentError(fmt::format("{} is no repository that this command made for the "
                                           "{}s: say another --out",
                                           git.folder().string(), wanted));
    }
}

} // namespace

std::vector<Appended> append(const fs::path& repository, const Edition& edition) {
    fs::create_directories(repository.parent_path());
    const Lock lock(repository.parent_path() /
                    fmt::format(".{}.lock", repository.filename().string()));
    if (!fs::exists(repository) || (fs::is_directory(repository) && fs::is_empty(repository))) {
        return make(repository, edition);
    }
    const Git git = bare(repository);
    check_kind(git, edition.kind);
    return Appender(git, edition).run();
}

} // namespace grade
