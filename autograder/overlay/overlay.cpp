// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One splice a file, and questions about the result, for which it is read again.
#include "autograder/overlay/overlay.hpp"

#include "autograder/overlay/student_file.hpp"
#include "autograder/source/marker.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>
#include <utility>

namespace grade {

namespace {

/// A part of a file that may differ.
struct Range {
    std::size_t begin;
    std::size_t end;
};

struct Line {
    int number;
    std::string text;
};

std::vector<Range> graded_ranges(const StudentFile& file) {
    std::vector<Range> ranges;
    for (const Exercise& exercise : file.exercises()) {
        ranges.push_back({exercise.open, exercise.end});
    }
    if (const auto region = file.region()) {
        ranges.push_back({region->begin, region->end});
    }
    std::ranges::sort(ranges, {}, &Range::begin);
    return ranges;
}

/// What is left without the graded ranges, includes and empty lines.
std::vector<Line> ungraded_lines(const StudentFile& file) {
    const std::string& content = file.text().content;
    const std::vector<Range> ranges = graded_ranges(file);
    std::vector<Line> lines;
    Line line{1, {}};
    int number = 1;
    auto range = ranges.begin();
    for (std::size_t at = 0; at <= content.size(); ++at) {
        while (range != ranges.end() && at >= range->end) {
            ++range;
        }
        const bool is_graded = range != ranges.end() && at >= range->begin && at < content.size();
        const bool ends = at == content.size() || content[at] == '\n';
        if (ends && !is_graded) {
            const std::string_view kept = trim(line.text);
            if (!kept.empty() && !kept.starts_with("#include")) {
                lines.push_back({line.number, std::string(kept)});
            }
            line = {number + 1, {}};
        } else if (!is_graded) {
            line.text.push_back(content[at]);
        }
        number += ends ? 1 : 0;
    }
    return lines;
}

std::string_view without_dot(std::string_view path) {
    if (path.starts_with("./")) {
        path.remove_prefix(2);
    }
    return path;
}

} // namespace

int first_change(const SourceFile& course, std::string_view student) {
    const StudentFile theirs(course.path, normalised(student));
    const StudentFile ours(course.path, course.content);
    const std::vector<Line> lines = ungraded_lines(theirs);
    const std::vector<Line> expected = ungraded_lines(ours);
    const auto [own, other] = std::ranges::mismatch(lines, expected, {}, &Line::text, &Line::text);
    if (own != lines.end()) {
        return own->number;
    }
    const int last = lines.empty() ? 1 : lines.back().number;
    return other == expected.end() ? 0 : last;
}

std::vector<Overlay::Stray> added_lines(const SourceFile& course, std::string_view student) {
    const StudentFile theirs(course.path, normalised(student));
    const StudentFile ours(course.path, course.content);
    std::multiset<std::string> expected;
    for (Line& line : ungraded_lines(ours)) {
        expected.insert(std::move(line.text));
    }
    std::vector<Overlay::Stray> added;
    for (Line& line : ungraded_lines(theirs)) {
        const auto found = expected.find(line.text);
        if (found == expected.end()) {
            added.push_back({course.path, line.number, std::move(line.text)});
        } else {
            expected.erase(found);
        }
    }
    return added;
}

Overlay::Overlay(const BaseTree& base, const Submission& submission, Labs labs) : base_(base) {
    warnings_ = submission.warnings;
    std::vector<ExerciseId> wanted;
    std::map<std::string, const SourceFile*> files;
    for (const auto* const manifests : {&base.manifests(), &base.later()}) {
        for (const Manifest& manifest : *manifests) {
            if (labs == Labs::this_one && manifest.lab != base.lab()) {
                continue;
            }
            for (const ManifestExercise& exercise : manifest.exercises) {
                wanted.push_back(exercise.id);
                files.emplace(exercise.file, base.tree().find(exercise.file));
            }
        }
    }
    for (const auto& [path, file] : files) {
        if (file != nullptr) {
            take(*file, submission, wanted);
        }
    }
    std::ranges::sort(parts_, {}, &Part::id);
    warn_of_changes(submission);
}

void Overlay::take(const SourceFile& file, const Submission& submission,
                   const std::vector<ExerciseId>& wanted) {
    const auto found = submission.files.find(file.path);
    const std::string* student = found == submission.files.end() ? nullptr : &found->second;
    Spliced spliced = splice(file, base_.skeleton(file), student, wanted, base_.refusals());
    std::ranges::move(spliced.parts, std::back_inserter(parts_));
    std::ranges::move(spliced.warnings, std::back_inserter(warnings_));
    if (!spliced.helpers.message.empty()) {
        warnings_.push_back(spliced.helpers.message);
    }
    helpers_.push_back(std::move(spliced.helpers));
    changed_.insert_or_assign(file.path,
                              SourceFile{file.path, std::move(spliced.text), file.is_executable});
}

void Overlay::warn_of_changes(const Submission& submission) {
    for (const auto& [path, content] : submission.files) {
        const SourceFile* file = path == Marker::path ? nullptr : base_.tree().find(path);
        const int line = file == nullptr ? 0 : first_change(*file, content);
        if (line != 0) {
            warnings_.push_back(
                fmt::format("{}:{} was changed and will not be graded", path, line));
            std::ranges::move(added_lines(*file, content), std::back_inserter(strays_));
        }
    }
}

std::vector<SourceFile> Overlay::files() const {
    std::vector<SourceFile> result;
    for (const SourceFile& file : base_.tree().files()) {
        const auto found = changed_.find(file.path);
        result.push_back(found == changed_.end() ? file : found->second);
    }
    return result;
}

void Overlay::make_hole(ExerciseId exercise) {
    const auto part = std::ranges::find(parts_, exercise, &Part::id);
    if (part == parts_.end()) {
        return;
    }
    SourceFile& file = changed_.at(part->file);
    file.content = with_hole(file, base_.skeleton(file), exercise);
}

void Overlay::drop_helpers(std::string_view path) {
    const auto found = changed_.find(path);
    if (found == changed_.end()) {
        return;
    }
    const StudentFile file(found->second.path, found->second.content);
    if (const auto region = file.region()) {
        found->second.content.erase(region->begin, region->end - region->begin);
    }
}

std::optional<Overlay::Origin> Overlay::origin(std::string_view path, int line) const {
    const auto found = changed_.find(without_dot(path));
    if (found == changed_.end()) {
        return std::nullopt;
    }
    const StudentFile file(found->second.path, found->second.content);
    const auto line_in = [&](const Part& part, int first) {
        const bool is_theirs = part.state == Part::State::done && part.body_line != 0;
        return is_theirs && line >= first ? part.body_line + line - first : 0;
    };
    for (const Exercise& exercise : file.exercises()) {
        const auto part = std::ranges::find(parts_, exercise.id, &Part::id);
        if (part != parts_.end() && line >= file.line_of(exercise.start) &&
            line <= file.line_of(exercise.end)) {
            return Origin{&*part, line_in(*part, file.line_of(exercise.open))};
        }
    }
    const auto helpers = std::ranges::find(helpers_, found->first, &Part::file);
    const auto region = file.region();
    if (helpers != helpers_.end() && region && line >= region->line &&
        line < file.line_of(region->end)) {
        return Origin{&*helpers, line_in(*helpers, region->line)};
    }
    return std::nullopt;
}

} // namespace grade
