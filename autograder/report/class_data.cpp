// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Results and roster are joined by the id.
#include "autograder/report/class_data.hpp"

#include "autograder/report/csv.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/lexer.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <map>
#include <set>
#include <tuple>

namespace grade {

namespace {

namespace fs = std::filesystem;

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

/// "mark: questions / 10"
std::optional<ManualMark> mark_column(std::string_view head) {
    constexpr std::string_view begins = "mark:";
    const std::size_t slash = head.rfind('/');
    if (!head.starts_with(begins) || slash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto max = parse_number(trim(head.substr(slash + 1)));
    const auto what = trim(head.substr(begins.size(), slash - begins.size()));
    return max ? std::optional(ManualMark{std::string(what), 0, *max}) : std::nullopt;
}

/// @return what is wrong with the cell, or nothing
std::string take_cell(RosterStudent& student, std::string_view head, std::string_view cell) {
    if (head == "id") {
        student.id = cell;
    } else if (head == "name") {
        student.name = cell;
    } else if (head == "group") {
        student.group = cell;
    } else if (auto mark = mark_column(head); mark && !cell.empty()) {
        const auto points = parse_number(cell);
        if (!points) {
            return fmt::format("\"{}\" is no number", safe_line(cell, 40));
        }
        mark->points = *points;
        student.marks.push_back(*mark);
    }
    return {};
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char letter) {
        return is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return text;
}

void name_pages(std::vector<ClassEntry>& entries) {
    std::set<std::string> taken;
    for (ClassEntry& entry : entries) {
        const std::string name = file_name_of(entry.student.id);
        std::string unique = name;
        for (int count = 2; !taken.insert(lower(unique)).second; ++count) {
            unique = fmt::format("{}-{}", name, count);
        }
        entry.page = unique + ".html";
    }
}

} // namespace

std::expected<std::vector<RosterStudent>, std::string> parse_roster(std::string_view csv) {
    const std::vector<CsvRow> rows = parse_csv(csv);
    if (rows.empty() || std::ranges::find(rows[0], "id") == rows[0].end()) {
        return std::unexpected("the roster's first line must name the columns, \"id\" among them");
    }
    std::vector<RosterStudent> students;
    for (std::size_t row = 1; row < rows.size(); ++row) {
        RosterStudent student;
        for (std::size_t column = 0; column < std::min(rows[row].size(), rows[0].size());
             ++column) {
            const std::string wrong =
                take_cell(student, trim(rows[0][column]), trim(rows[row][column]));
            if (!wrong.empty()) {
                return std::unexpected(fmt::format("the roster's row {}: {}", row + 1, wrong));
            }
        }
        if (student.id.empty()) {
            return std::unexpected(fmt::format("the roster's row {}: no id", row + 1));
        }
        students.push_back(std::move(student));
    }
    return students;
}

ClassData make_class(int lab, std::vector<Result> results, std::span<const RosterStudent> roster) {
    ClassData data;
    data.lab = lab;
    data.has_roster = !roster.empty();
    std::map<std::string, ClassEntry> entries;
    for (const RosterStudent& student : roster) {
        if (!entries.try_emplace(student.id, ClassEntry{student, std::nullopt, ""}).second) {
            data.problems.push_back("the roster has twice: " + safe_line(student.id));
        }
    }
    std::erase_if(results, [lab](const Result& result) { return result.lab != lab; });
    std::ranges::sort(results, {}, [](const Result& result) {
        return std::tie(result.started, result.submission.digest);
    });
    for (Result& result : results) {
        const std::string id = safe_line(result.submission.id);
        auto [entry, added] = entries.try_emplace(result.submission.id);
        if (added) {
            entry->second.student.id = result.submission.id;
        }
        if (added && data.has_roster) {
            data.problems.push_back("the roster does not have: " + id);
        }
        if (entry->second.result) {
            data.problems.push_back("two results, the older is passed over: " + id);
        }
        if (!entry->second.student.marks.empty()) {
            result.manual = entry->second.student.marks;
        }
        entry->second.result = std::move(result);
    }
    for (auto& [id, entry] : entries) {
        data.entries.push_back(std::move(entry));
    }
    name_pages(data.entries);
    return data;
}

ResultFolder read_results(const fs::path& folder) {
    if (!fs::is_directory(folder)) {
        throw EnvironmentError(folder.string() + ": is no folder of results");
    }
    std::vector<fs::path> paths;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".json") && !name.starts_with('.')) {
            paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    ResultFolder all;
    for (const fs::path& path : paths) {
        auto result = read_result(path);
        if (result) {
            all.results.push_back(std::move(*result));
        } else {
            all.problems.push_back(result.error());
        }
    }
    return all;
}

} // namespace grade
