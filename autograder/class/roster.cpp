// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading the roster, column by column.
#include "autograder/class/roster.hpp"

#include "autograder/report/csv.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/lexer.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>

namespace grade {

namespace {

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

std::string take_extension(RosterStudent& student, std::string_view cell) {
    const auto days = cell.empty() ? std::optional(0.0) : parse_number(cell);
    if (!days || *days < 0 || *days > 1000 || *days != static_cast<int>(*days)) {
        return fmt::format("\"{}\" is no number of days", safe_line(cell, 40));
    }
    student.extension = static_cast<int>(*days);
    return {};
}

/// @return what is wrong with the cell, or nothing
std::string take_cell(RosterStudent& student, std::string_view head, std::string_view cell) {
    if (head == "id") {
        student.id = cell;
    } else if (head == "name") {
        student.name = cell;
    } else if (head == "group") {
        student.group = cell;
    } else if (head == "submission") {
        student.submission = cell;
    } else if (head == "revision") {
        student.revision = cell;
    } else if (head == "extension") {
        return take_extension(student, cell);
    } else if (head == "handed in") {
        student.handed_in = parse_time(cell);
        return student.handed_in || cell.empty()
                   ? ""
                   : fmt::format("\"{}\" is no time like 2026-12-01T23:59+01:00",
                                 safe_line(cell, 40));
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

std::vector<RosterStudent> read_roster(const std::filesystem::path& path) {
    const auto text = read_file(path);
    if (!text) {
        throw EnvironmentError(text.error());
    }
    auto roster = parse_roster(*text);
    if (!roster) {
        throw EnvironmentError(path.string() + ": " + roster.error());
    }
    return std::move(*roster);
}

} // namespace grade
