// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The report of a class as a folder of files:
///
///     index.html             for teachers
///     students/<id>.html     for one student each, to be handed out one by one
///     similarity/pair-N.html for teachers
///     scores.csv  canvas.csv  moodle.csv
///
/// Always holds: each file is written whole or not at all; pages of a report before that are not in
/// this one are gone from the folder.
/// Read next: class_page.hpp, student_page.hpp.
#pragma once

#include "autograder/report/class_data.hpp"
#include "autograder/similarity/similarity.hpp"

#include <filesystem>
#include <string>

namespace grade {

struct ReportOptions {
    std::filesystem::path folder;
    std::string handouts; ///< address, see student_page.hpp; may be empty
};

/// @param similarity null if no sources were given
/// @throws EnvironmentError
void write_report(const ClassData& data, const Similarity* similarity,
                  const ReportOptions& options);

} // namespace grade
