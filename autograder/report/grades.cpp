// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Canvas wants the columns Student, ID, SIS User ID, SIS Login ID and Section, then one a task,
/// and in a second line the points possible. Moodle lets the teacher map columns.
#include "autograder/report/grades.hpp"

#include "autograder/report/csv.hpp"
#include "autograder/report/student_page.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

/// Empty if there is none.
std::string grade_of(const ClassEntry& entry) {
    return entry.result && is_graded(*entry.result) ? points_text(total(*entry.result).points) : "";
}

double points_possible(const ClassData& data) {
    double most = 0;
    for (const ClassEntry& entry : data.entries) {
        most = std::max(most, entry.result ? total(*entry.result).max : 0);
    }
    return most;
}

void add_once(std::vector<std::string>& list, const std::string& text) {
    if (std::ranges::find(list, text) == list.end()) {
        list.push_back(text);
    }
}

struct ColumnNames {
    std::vector<std::string> exercises;
    std::vector<std::string> marks;
};

ColumnNames columns_of(const ClassData& data) {
    ColumnNames names;
    for (const ClassEntry& entry : data.entries) {
        if (!entry.result) {
            continue;
        }
        for (const ExerciseResult& exercise : entry.result->exercises) {
            add_once(names.exercises, exercise.id);
        }
        for (const ManualMark& mark : entry.result->manual) {
            add_once(names.marks, mark.what);
        }
    }
    return names;
}

void add_scores(CsvRow& row, const Result& result, const ColumnNames& names) {
    for (const std::string& id : names.exercises) {
        const auto found = std::ranges::find(result.exercises, id, &ExerciseResult::id);
        row.push_back(found == result.exercises.end() ? "" : points_text(found->score));
    }
    row.push_back(result.integration.points > 0 ? points_text(result.integration.score) : "");
    for (const std::string& what : names.marks) {
        const auto found = std::ranges::find(result.manual, what, &ManualMark::what);
        row.push_back(found == result.manual.end() ? "" : points_text(found->points));
    }
}

} // namespace

std::string scores_csv(const ClassData& data) {
    const ColumnNames names = columns_of(data);
    CsvRow head = {"id", "name", "group", "status", "late_days", "points", "max"};
    head.insert(head.end(), names.exercises.begin(), names.exercises.end());
    head.emplace_back("integration");
    head.insert(head.end(), names.marks.begin(), names.marks.end());
    std::string out = csv_line(head);
    for (const ClassEntry& entry : data.entries) {
        const RosterStudent& student = entry.student;
        CsvRow row = {student.id, student.name, student.group, status_text(entry)};
        if (entry.result) {
            const Result& result = *entry.result;
            row.push_back(std::to_string(result.submission.late_days));
            row.push_back(grade_of(entry));
            row.push_back(points_text(total(result).max));
            if (is_graded(result)) {
                add_scores(row, result, names);
            }
        }
        row.resize(head.size());
        out += csv_line(row);
    }
    return out;
}

std::string canvas_csv(const ClassData& data) {
    std::string out = csv_line({"Student", "ID", "SIS User ID", "SIS Login ID", "Section",
                                fmt::format("Lab {}", data.lab)});
    out += csv_line({"    Points Possible", "", "", "", "", points_text(points_possible(data))});
    for (const ClassEntry& entry : data.entries) {
        const RosterStudent& student = entry.student;
        out += csv_line({student.name.empty() ? student.id : student.name, "", student.id,
                         student.id, student.group, grade_of(entry)});
    }
    return out;
}

std::string moodle_csv(const ClassData& data) {
    std::string out =
        csv_line({"ID number", "Full name", fmt::format("Lab {}", data.lab), "Feedback"});
    for (const ClassEntry& entry : data.entries) {
        const std::string feedback = !entry.result || entry.result->message.empty()
                                         ? status_text(entry)
                                         : status_text(entry) + ": " + entry.result->message;
        out += csv_line({entry.student.id, entry.student.name, grade_of(entry), feedback});
    }
    return out;
}

} // namespace grade
