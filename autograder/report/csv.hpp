// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tables as CSV (RFC 4180): read with whatever line ends and byte order mark a spreadsheet leaves,
/// written with "\n".
/// Always holds: no cell that is written begins a formula when a spreadsheet opens the file.
/// Read next: grades.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grade {

using CsvRow = std::vector<std::string>;

/// Empty lines are no rows.
[[nodiscard]] std::vector<CsvRow> parse_csv(std::string_view text);

[[nodiscard]] std::string csv_line(const CsvRow& row);

} // namespace grade
