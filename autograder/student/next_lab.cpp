// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// All is made of objects and in memory; the student's files change last, by git's own checkout,
/// which refuses to overwrite what it does not know.
#include "autograder/student/next_lab.hpp"

#include "autograder/source/new_folder.hpp"
#include "autograder/source/scratch.hpp"
#include "autograder/source/source_tree.hpp"
#include "autograder/student/starter.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <iterator>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr int last_lab = 7;

SourceFile read_one(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    SourceFile file{path.string(), {std::istreambuf_iterator<char>(stream), {}}};
    if (!stream) {
        throw EnvironmentError(fmt::format("{} cannot be read", path.string()));
    }
    return file;
}

int wanted_lab(const NextLabWish& wish, const Marker& marker) {
    const int lab = wish.update ? marker.lab : marker.lab + 1;
    if (lab > last_lab) {
        throw EnvironmentError(fmt::format("lab {} is the last one", last_lab));
    }
    return lab;
}

/// Carries and catches up.
NextLabResult combine(const NextLabWish& wish, const Meeting& meeting) {
    NextLabResult result;
    result.lab = meeting.next_lab;
    result.carried = carry(meeting);
    if (wish.bundle.empty()) {
        return result;
    }
    const Bundle bundle = Bundle::parse(read_one(wish.root / wish.bundle));
    result.caught_up = read_ids(wish.exercises);
    if (result.caught_up.empty()) {
        std::ranges::copy_if(result.carried.holes, std::back_inserter(result.caught_up),
                             [&](ExerciseId id) { return bundle.bodies.contains(id); });
    }
    for (const ExerciseId id : result.caught_up) {
        if (id.lab > meeting.lab) {
            throw EnvironmentError(fmt::format("exercise {} is still before you", id.text()));
        }
        std::erase(result.carried.holes, id);
        std::erase(result.carried.done, id);
    }
    catch_up(result.carried.tree, bundle, result.caught_up);
    return result;
}

std::optional<Snapshot> said_base(const NextLabWish& wish) {
    return wish.base.empty() ? std::nullopt : std::optional(read_folder(wish.root / wish.base));
}

class Checkout {
public:
    explicit Checkout(const NextLabWish& wish)
        : wish_(wish), git_(wish.root, Git::Config::user), head_(head()), branch_(branch()) {}

    NextLabResult run() {
        check_clean();
        const Snapshot mine = git_.read(head_);
        const Marker marker = marker_of(mine, "this folder");
        const int lab = wanted_lab(wish_, marker);
        const Starter starter = get_starter(git_, from(), lab);
        if (!starter.commit.empty() && git_.is_ancestor(starter.commit, head_)) {
            NextLabResult result;
            result.lab = lab;
            result.is_new = false;
            return result;
        }
        auto base = said_base(wish_);
        if (!base) {
            base = find_base(git_, head_, starter.commit, marker);
        }
        NextLabResult result =
            combine(wish_, {base ? &*base : nullptr, mine, starter.tree, marker.lab, lab});
        check_free(mine, result.carried.tree);
        move(starter, result);
        return result;
    }

private:
    [[nodiscard]] std::string head() const {
        const auto commit = git_.resolve("HEAD");
        if (!commit) {
            throw EnvironmentError("this repository has no commit yet: git add . && git commit");
        }
        return *commit;
    }

    [[nodiscard]] std::string branch() const {
        const Finished name = git_.attempt({"symbolic-ref", "--quiet", "--short", "HEAD"});
        if (name.status != 0) {
            throw EnvironmentError("you are on no branch: git switch -c my-work");
        }
        return name.output.substr(0, name.output.find('\n'));
    }

    /// Files that git does not know stay where they are; only changes of others must be kept first.
    void check_clean() const {
        const std::string status =
            git_.run({"status", "--porcelain", "--untracked-files=no", "--ignore-submodules"});
        if (!status.empty()) {
            throw EnvironmentError(fmt::format(
                "these changes are not committed:\n{}\nCommit them first: git commit -a -m "
                "\"what I did\"",
                status));
        }
    }

    /// Files of the result are where nothing is that git does not know.
    void check_free(const Snapshot& mine, const Snapshot& tree) const {
        for (const SourceFile& file : tree.files) {
            const bool is_known =
                std::ranges::binary_search(mine.files, file.path, {}, &SourceFile::path);
            if (!is_known && fs::exists(fs::symlink_status(wish_.root / file.path))) {
                throw EnvironmentError(
                    fmt::format("the new starter has a file {0}, and so have you, but git does not "
                                "know yours. Move it away, or commit it: git add {0}",
                                file.path));
            }
        }
    }

    /// The remote from which the branch comes.
    [[nodiscard]] std::string from() const {
        if (!wish_.from.empty()) {
            return wish_.from;
        }
        const Finished remote = git_.attempt({"config", "--get", "branch." + branch_ + ".remote"});
        std::string name = remote.status == 0 ? remote.output.substr(0, remote.output.find('\n'))
                                              : std::string("origin");
        if (git_.attempt({"config", "--get", "remote." + name + ".url"}).status != 0) {
            throw EnvironmentError("this repository was not cloned from the course's, so say where "
                                   "starters are: make next-lab FROM=path-or-address");
        }
        return name;
    }

    /// One commit upon the student's, and the files as it has them.
    void move(const Starter& starter, NextLabResult& result) {
        const std::vector<Snapshot> trees = {result.carried.tree, starter.tree};
        const std::vector<std::string> ids = git_.write_trees(trees);
        const std::string other =
            !starter.commit.empty()
                ? starter.commit
                : git_.commit(
                      {ids[1], {}, fmt::format("Starter of lab {}.", result.lab), identity()});
        const std::string commit =
            git_.commit({ids[0], {head_, other}, message(result), identity()});
        const std::string tag =
            free_tag(fmt::format("before-{}lab{}", wish_.update ? "update-of-" : "", result.lab));
        git_.change(std::vector<ReferenceChange>{{"refs/tags/" + tag, head_, {}}});
        result.place = go_to(commit, result.lab);
        result.way_back = result.place == branch_ ? "git reset --hard " + tag
                                                  : fmt::format("git switch {}", branch_);
    }

    /// A branch that is named for its lab is followed by one of the next lab's name, so that each
    /// pulls from its own; any other goes on.
    [[nodiscard]] std::string go_to(const std::string& commit, int lab) const {
        std::string next = fmt::format("lab{}", lab);
        const auto there = git_.resolve("refs/heads/" + next);
        const bool follows = !wish_.update && branch_ == fmt::format("lab{}", lab - 1) &&
                             (!there || git_.is_ancestor(*there, commit));
        if (!follows) {
            git_.run({"merge", "--quiet", "--ff-only", commit});
            return branch_;
        }
        git_.run({"checkout", "--quiet", "--no-track", "-B", next, commit});
        const std::string remote = wish_.from.empty() ? from() : "";
        if (!remote.empty()) {
            git_.run({"config", fmt::format("branch.{}.remote", next), remote});
            git_.run({"config", fmt::format("branch.{}.merge", next), "refs/heads/" + next});
        }
        return next;
    }

    [[nodiscard]] std::string free_tag(const std::string& wanted) const {
        std::string name = wanted;
        for (int count = 2; git_.resolve("refs/tags/" + name); ++count) {
            name = fmt::format("{}-{}", wanted, count);
        }
        return name;
    }

    [[nodiscard]] static std::string message(const NextLabResult& result) {
        std::string text = fmt::format("Carry my work into the starter of lab {}.\n", result.lab);
        for (const ExerciseId id : result.caught_up) {
            text += fmt::format("\nCaught up: {}", id.text());
        }
        return text;
    }

    /// The student's, or a stand-in if git does not know a name.
    [[nodiscard]] std::vector<std::string> identity() const {
        if (git_.attempt({"var", "GIT_COMMITTER_IDENT"}).status == 0) {
            return {};
        }
        return {"GIT_AUTHOR_NAME=student", "GIT_AUTHOR_EMAIL=student@rel4.invalid",
                "GIT_COMMITTER_NAME=student", "GIT_COMMITTER_EMAIL=student@rel4.invalid"};
    }

    const NextLabWish& wish_;
    Git git_;
    std::string head_;
    std::string branch_;
};

/// "rel4-lab2" beside "rel4-lab1", "mine-lab2" beside "mine".
fs::path folder_beside(const fs::path& root, int lab) {
    const fs::path exact = fs::weakly_canonical(fs::absolute(root / "."));
    fs::path folder = exact.has_filename() ? exact : exact.parent_path();
    std::string name = folder.filename().string();
    const std::size_t at = name.rfind("-lab");
    if (at != std::string::npos && at + 5 == name.size()) {
        name.erase(at);
    }
    return folder.parent_path() / fmt::format("{}-lab{}", name, lab);
}

void write_folder(const Snapshot& tree, const fs::path& folder) {
    if (fs::exists(folder)) {
        throw EnvironmentError(fmt::format("{} is there already: move it away, or say another "
                                           "with NEXT_DIR=folder",
                                           folder.string()));
    }
    const NewFolder fresh(folder, "new");
    for (const SourceFile& file : tree.files) {
        const fs::path path = fresh.path() / file.path;
        fs::create_directories(path.parent_path());
        std::ofstream stream(path, std::ios::binary);
        stream << file.content;
        stream.close();
        if (!stream) {
            throw EnvironmentError(fmt::format("{} cannot be written", path.string()));
        }
        if (file.is_executable) {
            using enum fs::perms;
            fs::permissions(path, owner_exec | group_exec | others_exec, fs::perm_options::add);
        }
    }
    fs::rename(fresh.path(), folder);
}

NextLabResult next_folder(const NextLabWish& wish) {
    const Snapshot mine = read_folder(wish.root);
    const Marker marker = marker_of(mine, "this folder");
    const int lab = wanted_lab(wish, marker);
    if (wish.from.empty()) {
        throw EnvironmentError("this folder is no git repository, so say where starters are: make "
                               "next-lab FROM=path-or-address");
    }
    // Fetched to a repository that nobody keeps.
    const Scratch scratch;
    const Git git(scratch.path(), Git::Config::user);
    const bool is_folder = fs::exists(wish.root / wish.from / Marker::path);
    if (!is_folder) {
        git.run({"init", "--quiet", "--template="});
    }
    const bool is_path = fs::exists(wish.root / wish.from);
    const std::string from = is_path ? fs::absolute(wish.root / wish.from).string() : wish.from;
    const Starter starter = get_starter(git, from, lab);
    auto base = said_base(wish);
    if (!base && !starter.commit.empty()) {
        base = find_base(git, {}, starter.commit, marker);
    }
    NextLabResult result =
        combine(wish, {base ? &*base : nullptr, mine, starter.tree, marker.lab, lab});
    const fs::path folder =
        wish.out.empty() ? folder_beside(wish.root, lab) : fs::absolute(wish.out);
    write_folder(result.carried.tree, folder);
    result.place = folder.string();
    result.way_back = "this folder is as it was";
    return result;
}

} // namespace

NextLabResult next_lab(const NextLabWish& wish) {
    return fs::exists(wish.root / ".git") ? Checkout(wish).run() : next_folder(wish);
}

} // namespace grade
