// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The page of a class, for its teachers: how it went, which tests were hard, which failures look
/// like one mistake, what needs a look, and a row a student.
/// Always holds: every number of a chart is also text.
/// Read next: statistics.hpp.
#pragma once

#include "autograder/report/class_data.hpp"
#include "autograder/report/statistics.hpp"
#include "autograder/similarity/similarity.hpp"

#include <string>

namespace grade {

/// @param similarity null if no sources were given
[[nodiscard]] std::string class_page(const ClassData& data, const Statistics& statistics,
                                     const Similarity* similarity);

/// Parts of it, each a section or nothing.
[[nodiscard]] std::string score_charts(const Statistics& statistics);
[[nodiscard]] std::string exercise_section(const Statistics& statistics);
[[nodiscard]] std::string test_section(const Statistics& statistics);
[[nodiscard]] std::string failure_section(const ClassData& data, const Statistics& statistics);
[[nodiscard]] std::string attention_section(const ClassData& data);
[[nodiscard]] std::string similarity_section(const ClassData& data, const Similarity& similarity);

/// To a student's page, from the class page.
[[nodiscard]] std::string student_link(const ClassEntry& entry);

} // namespace grade
