// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A number that is negative may begin with "-"; any other text that a spreadsheet would compute
/// gets an apostrophe before it.
#include "autograder/report/csv.hpp"

#include "autograder/results/safe_text.hpp"

#include <algorithm>
#include <charconv>

namespace grade {

namespace {

bool is_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

std::string cell(std::string_view text) {
    std::string safe = safe_text(text, 4096);
    const bool formula = !safe.empty() && std::string_view("=+-@\t").contains(safe[0]);
    if (formula && !is_number(safe)) {
        safe.insert(0, "'");
    }
    if (safe.find_first_of(",\"\n") == std::string::npos) {
        return safe;
    }
    std::string quoted = "\"";
    for (const char letter : safe) {
        quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    }
    return quoted + "\"";
}

/// Reads a cell and what ends it. @return whether the row goes on
bool take_cell(std::string_view& text, std::string& out) {
    bool quoted = false;
    while (!text.empty()) {
        const char letter = text[0];
        text.remove_prefix(1);
        if (letter == '"') {
            if (quoted && text.starts_with('"')) {
                out += '"';
                text.remove_prefix(1);
            } else {
                quoted = !quoted;
            }
        } else if (letter == ',' && !quoted) {
            return true;
        } else if (letter == '\n' && !quoted) {
            return false;
        } else if (letter != '\r' || quoted) {
            out += letter;
        }
    }
    return false;
}

} // namespace

std::vector<CsvRow> parse_csv(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    std::vector<CsvRow> rows;
    while (!text.empty()) {
        CsvRow row;
        while (take_cell(text, row.emplace_back())) {
        }
        if (row.size() > 1 || !row[0].empty()) {
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::string csv_line(const CsvRow& row) {
    std::string line;
    for (const std::string& text : row) {
        line += (&text == row.data() ? "" : ",") + cell(text);
    }
    return line + "\n";
}

} // namespace grade
