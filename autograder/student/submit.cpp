// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The manifests of the tree say which exercises there must be.
#include "autograder/student/submit.hpp"

#include "autograder/overlay/overlay.hpp"
#include "autograder/run/questions.hpp"
#include "autograder/source/manifest.hpp"
#include "autograder/source/source_tree.hpp"
#include "autograder/student/catch_up.hpp"
#include "autograder/student/own_text.hpp"
#include "autograder/student/starter.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace grade {

namespace {

namespace fs = std::filesystem;

/// A line, from 1.
int first_difference(std::string_view a, std::string_view b) {
    const auto same = std::ranges::mismatch(a, b);
    return 1 + static_cast<int>(std::ranges::count(a.begin(), same.in1, '\n'));
}

class Collector {
public:
    Collector(const fs::path& root, int lab)
        : root_(root), mine_(read_folder(root)), marker_(marker_of(mine_, "this folder")) {
        if (lab != 0 && lab != marker_.lab) {
            throw EnvironmentError(
                fmt::format("this tree is of lab {0}, not of lab {1}: make submit LAB={0}, or go "
                            "to the folder or the branch of lab {1}",
                            marker_.lab, lab));
        }
        submission_.lab = marker_.lab;
    }

    Package run() {
        find_starter();
        for (const SourceFile& file : mine_.files) {
            const auto lab = lab_of_path(file.path);
            if (lab && *lab <= marker_.lab && file.path.ends_with("/manifest.toml")) {
                add_exercises(read_manifest(file, *lab, ignored_));
            }
        }
        if (paths_.empty()) {
            throw EnvironmentError("labs/*/manifest.toml are missing: restore them (git checkout)");
        }
        if (!open_.empty()) {
            submission_.warnings.push_back("exercises that are not done yet:" + open_);
        }
        for (const std::string& path : paths_) {
            add(path);
        }
        refuse();
        add(Marker::path);
        add(catch_up_path);
        const std::string answers = answers_path(marker_.lab);
        if (!add(answers)) {
            submission_.warnings.push_back(
                fmt::format("there is no {}, so no question of the handout is answered", answers));
        }
        std::ranges::sort(submission_.files, {}, &SourceFile::path);
        return std::move(submission_);
    }

private:
    void find_starter() {
        if (fs::exists(root_ / ".git")) {
            const Git git(root_, Git::Config::user);
            const auto head = git.resolve("HEAD");
            const auto theirs = git.resolve(fmt::format("refs/remotes/origin/lab{}", marker_.lab));
            starter_ = head ? find_base(git, *head, theirs.value_or(""), marker_) : std::nullopt;
        }
        if (!starter_) {
            submission_.warnings.emplace_back(
                "the starter is not known here, so changes elsewhere cannot be seen: only "
                "exercises and helper regions are graded");
            return;
        }
        for (std::string& edit : edits_elsewhere(mine_.files, starter_->files)) {
            submission_.warnings.push_back(std::move(edit));
        }
    }

    void add_exercises(const Manifest& manifest) {
        for (const ManifestExercise& exercise : manifest.exercises) {
            paths_.insert(exercise.file);
            const auto body = body_of(exercise);
            if (body && is_open(exercise, *body)) {
                open_ += " " + exercise.id.text();
            }
        }
    }

    std::optional<std::string> body_of(const ManifestExercise& exercise) {
        const auto file = std::ranges::find(mine_.files, exercise.file, &SourceFile::path);
        if (file == mine_.files.end()) {
            submission_.problems.add(
                exercise.file, 1,
                fmt::format("is missing, and so is exercise {}", exercise.id.text()));
            return std::nullopt;
        }
        const OwnText own =
            own_text({file->path, with_plain_line_ends(file->content)}, submission_.problems);
        const auto found = own.exercises.find(exercise.id);
        if (found == own.exercises.end()) {
            submission_.problems.add(
                exercise.file, 1,
                fmt::format("has no exercise {0} any more: the line `@lab{{{0}}} ...` must stand "
                            "right before its definition",
                            exercise.id.text()));
            return std::nullopt;
        }
        return found->second;
    }

    [[nodiscard]] bool is_open(const ManifestExercise& exercise, const std::string& body) const {
        if (exercise.kind == Exercise::Kind::function || !starter_) {
            return is_hole(body, exercise.id);
        }
        const auto file = std::ranges::find(starter_->files, exercise.file, &SourceFile::path);
        Problems ignored;
        return file != starter_->files.end() &&
               own_text(*file, ignored).exercises[exercise.id] == body;
    }

    /// What the grader would find and not take, by the grader's own rules. Without the starter her
    /// own files are what it is put into, which makes no difference to that.
    void refuse() {
        Problems ignored;
        const BaseTree base(SourceTree(starter_ ? starter_->files : mine_.files), marker_.lab,
                            ignored);
        Submission taken;
        for (const SourceFile& file : submission_.files) {
            taken.files.emplace(file.path, file.content);
        }
        const Overlay overlay(base, taken, Overlay::Labs::all);
        for (const auto* parts : {&overlay.parts(), &overlay.helpers()}) {
            for (const Part& part : *parts) {
                if (part.state == Part::State::refused || is_lost(part)) {
                    add_problem(part);
                }
            }
        }
    }

    /// It is there, but the grader does not find it: what is not there was told before.
    [[nodiscard]] bool is_lost(const Part& part) const {
        return part.state == Part::State::missing && !part.message.empty() &&
               std::ranges::none_of(submission_.problems.all(), [&](const Problem& problem) {
                   return problem.path == part.file;
               });
    }

    /// "path:line: what", of which the place is the problem's.
    void add_problem(const Part& part) {
        std::string_view text = part.message;
        const std::string path = part.file + ":";
        int line = std::max(part.line, 1);
        if (text.starts_with(path)) {
            text.remove_prefix(path.size());
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
            text.remove_prefix(static_cast<std::size_t>(end - text.data()));
            text.remove_prefix(text.starts_with(": ") ? 2 : 0);
        }
        submission_.problems.add(
            part.file, line,
            fmt::format("{}: {}",
                        part.is_helpers() ? "your own helpers" : "exercise " + part.id.text(),
                        text));
    }

    bool add(const std::string& path) {
        std::ifstream stream(root_ / path, std::ios::binary);
        if (!stream || !fs::is_regular_file(root_ / path)) {
            return false;
        }
        submission_.files.push_back({path, {std::istreambuf_iterator<char>(stream), {}}});
        return true;
    }

    const fs::path& root_;
    Snapshot mine_;
    Marker marker_;
    std::optional<Snapshot> starter_;
    std::set<std::string> paths_;
    std::string open_; ///< numbers of exercises that are not done
    Problems ignored_;
    Package submission_;
};

} // namespace

Package collect(const fs::path& root, int lab) { return Collector(root, lab).run(); }

std::vector<std::string> edits_elsewhere(const std::vector<SourceFile>& mine,
                                         const std::vector<SourceFile>& starter) {
    std::map<std::string_view, const SourceFile*> by_path;
    for (const SourceFile& file : mine) {
        by_path.emplace(file.path, &file);
    }
    std::vector<std::string> edits;
    for (const SourceFile& file : starter) {
        const auto found = by_path.find(file.path);
        if (found == by_path.end()) {
            edits.push_back(
                fmt::format("{} was deleted, but will be there when graded", file.path));
            continue;
        }
        Problems ignored;
        const SourceFile plain{file.path, with_plain_line_ends(found->second->content)};
        const std::string frame = put_own_text(plain, own_text(file, ignored));
        const std::string as_given = with_plain_line_ends(file.content);
        if (frame != as_given) {
            // The line in her file, where own text may be longer than in the starter's.
            const SourceFile filled{file.path,
                                    put_own_text({file.path, as_given}, own_text(plain, ignored))};
            edits.push_back(fmt::format("{}:{} was changed and will not be graded", file.path,
                                        first_difference(plain.content, filled.content)));
        }
        by_path.erase(found);
    }
    for (const auto& [path, file] : by_path) {
        if (path != catch_up_path && !path.starts_with("answers-lab") &&
            !path.starts_with("set-aside/")) {
            edits.push_back(fmt::format("{} was added and will not be graded", path));
        }
    }
    return edits;
}

} // namespace grade
