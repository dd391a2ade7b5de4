// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// First the frames are merged: a frame is a file in which the exercises are as the old starter has
/// them. Then own text goes in.
#include "autograder/student/carry.hpp"

#include "autograder/source/marker.hpp"
#include "autograder/student/merge.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace grade {

namespace {

const SourceFile* find(const std::vector<SourceFile>& files, const std::string& path) {
    const auto found = std::ranges::lower_bound(files, path, {}, &SourceFile::path);
    return found != files.end() && found->path == path ? &*found : nullptr;
}

bool is_text(const std::string& content) { return !content.contains('\0'); }

std::vector<ExerciseId> exercises_in(const SourceFile& file) {
    Problems ignored;
    std::vector<ExerciseId> result;
    for (const auto& [id, body] : own_text(file, ignored).exercises) {
        result.push_back(id);
    }
    return result;
}

class Carrier {
public:
    explicit Carrier(const Meeting& meeting) : meeting_(meeting) {}

    Carried run() {
        gather();
        for (const SourceFile& next : meeting_.next.files) {
            result_.tree.files.push_back(next.path == Marker::path ? next : carried(next));
        }
        report_exercises();
        for (const SourceFile& mine : meeting_.mine.files) {
            if (find(meeting_.next.files, mine.path) == nullptr) {
                keep(mine);
            }
        }
        keep_others();
        std::ranges::sort(result_.tree.files, {}, &SourceFile::path);
        std::ranges::sort(result_.done);
        std::ranges::sort(result_.holes);
        return std::move(result_);
    }

private:
    /// Exercises are found wherever she has moved them.
    void gather() {
        for (const SourceFile& file : meeting_.mine.files) {
            if (!is_code(file.language())) {
                continue;
            }
            const SourceFile plain{file.path, with_plain_line_ends(file.content)};
            const SourceFile* next = find(meeting_.next.files, file.path);
            const auto proper = next == nullptr ? std::vector<ExerciseId>() : exercises_in(*next);
            for (auto& [id, body] : own_text(plain, problems_).exercises) {
                if (id.lab > meeting_.lab) {
                    continue;
                }
                if (std::ranges::find(proper, id) != proper.end()) {
                    mine_.exercises.insert_or_assign(id, std::move(body)); // not that of a copy
                } else {
                    mine_.exercises.emplace(id, std::move(body));
                }
            }
        }
    }

    /// A file of the new starter with what is hers.
    SourceFile carried(const SourceFile& next) {
        const SourceFile* mine = find(meeting_.mine.files, next.path);
        const SourceFile* base =
            meeting_.base == nullptr ? nullptr : find(meeting_.base->files, next.path);
        SourceFile result = next;
        OwnText own;
        if (mine == nullptr) {
            if (base != nullptr) {
                result_.warnings.push_back(fmt::format("{} is back, which you deleted", next.path));
            }
        } else {
            SourceFile plain = *mine;
            if (is_text(mine->content)) {
                plain.content = with_plain_line_ends(mine->content);
            }
            Problems ignored; // gather() has them
            own.helpers = own_text(plain, ignored).helpers;
            result.content = frame(base, plain, next);
        }
        own.exercises = mine_.exercises;
        result.content = put_own_text(result, own);
        return result;
    }

    std::string frame(const SourceFile* base, const SourceFile& mine, const SourceFile& next) {
        if (base == nullptr) {
            without_base(mine, next);
            return next.content;
        }
        Problems ignored;
        const std::string edited = put_own_text(mine, own_text(*base, ignored));
        if (edited == base->content || edited == next.content) {
            return next.content;
        }
        const auto merged = merge(base->content, edited, next.content);
        if (merged && exercises_in({next.path, *merged}) == exercises_in(next)) {
            result_.merged.push_back(next.path);
            return *merged;
        }
        set_aside(next.path, *base, edited);
        return next.content;
    }

    /// Either the whole base is unknown, or both sides have added a file of this name.
    void without_base(const SourceFile& mine, const SourceFile& next) {
        Problems ignored;
        if (put_own_text(mine, own_text(next, ignored)) == next.content) {
            return;
        }
        if (meeting_.base == nullptr) {
            result_.unknown.push_back(next.path);
            return;
        }
        add_aside(next.path, mine.content);
    }

    void set_aside(const std::string& path, const SourceFile& base, const std::string& edited) {
        add_aside(path + ".patch", difference(path, base.content, edited));
    }

    void add_aside(const std::string& name, const std::string& content) {
        const std::string path = fmt::format("set-aside/lab{}/{}", meeting_.next_lab, name);
        result_.tree.files.push_back({path, content});
        result_.set_aside.push_back(path);
    }

    /// A file that the new starter does not have.
    void keep(const SourceFile& mine) {
        const SourceFile* base =
            meeting_.base == nullptr ? nullptr : find(meeting_.base->files, mine.path);
        if (base == nullptr) {
            const auto same = [&](const SourceFile& file) { return file.path == mine.path; };
            if (std::ranges::none_of(result_.tree.files, same)) {
                result_.tree.files.push_back(mine);
                result_.added.push_back(mine.path);
            }
            return;
        }
        const std::string plain =
            is_text(mine.content) ? with_plain_line_ends(mine.content) : mine.content;
        if (plain != base->content) {
            set_aside(mine.path, *base, plain);
            result_.warnings.push_back(
                fmt::format("{} is no longer part of the system", mine.path));
        }
    }

    void keep_others() {
        result_.tree.others = meeting_.next.others;
        for (const TreeEntry& entry : meeting_.mine.others) {
            if (find(meeting_.next.files, entry.path) == nullptr) {
                result_.tree.others.push_back(entry);
                result_.added.push_back(entry.path);
            }
        }
    }

    void report_exercises() {
        std::set<ExerciseId> wanted;
        for (const SourceFile& file : meeting_.next.files) {
            for (const ExerciseId id :
                 is_code(file.language()) ? exercises_in(file) : std::vector<ExerciseId>()) {
                if (id.lab <= meeting_.lab) {
                    wanted.insert(id);
                    report_exercise(file.path, id);
                }
            }
        }
        for (const auto& [id, body] : mine_.exercises) {
            if (!wanted.contains(id)) {
                result_.warnings.push_back(
                    fmt::format("the new starter has no exercise {}; yours was left", id.text()));
            }
        }
    }

    void report_exercise(const std::string& path, ExerciseId id) {
        const auto found = mine_.exercises.find(id);
        if (found == mine_.exercises.end()) {
            result_.holes.push_back(id);
            result_.warnings.push_back(fmt::format(
                "exercise {} was not found in your tree ({}): {}", id.text(), path, reason(path)));
        } else if (is_hole(found->second, id) || is_untouched(path, id, found->second)) {
            result_.holes.push_back(id);
        } else {
            result_.done.push_back(id);
        }
    }

    [[nodiscard]] std::string reason(const std::string& path) const {
        for (const Problem& problem : problems_.all()) {
            if (problem.path == path) {
                return fmt::format("line {}: {}", problem.line, problem.text);
            }
        }
        return "its mark, a line with `@lab`, is gone";
    }

    /// A type or a file that is as the starter has it.
    [[nodiscard]] bool is_untouched(const std::string& path, ExerciseId id,
                                    const std::string& body) const {
        const SourceFile* file =
            meeting_.base == nullptr ? nullptr : find(meeting_.base->files, path);
        if (file == nullptr) {
            return false;
        }
        Problems ignored;
        const auto exercises = own_text(*file, ignored).exercises;
        const auto found = exercises.find(id);
        return found != exercises.end() && found->second == body;
    }

    const Meeting& meeting_;
    OwnText mine_; ///< exercises of all files
    Problems problems_;
    Carried result_;
};

} // namespace

Carried carry(const Meeting& meeting) { return Carrier(meeting).run(); }

} // namespace grade
