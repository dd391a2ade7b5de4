// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a class's results say together.
/// Always holds: scores and rates are of the submissions that have a grade; a fault of the grader
/// counts in none.
/// Read next: class_page.hpp.
#pragma once

#include "autograder/report/class_data.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace grade {

struct TestStatistics {
    std::string id;
    std::string title;
    std::string exercise;
    std::string tier;
    double points = 0;
    std::size_t taken = 0;
    std::size_t passed = 0;
    double share = 0; ///< of its points that the class got

    [[nodiscard]] double rate() const {
        return taken == 0 ? 0 : static_cast<double>(passed) / static_cast<double>(taken);
    }
};

struct ExerciseStatistics {
    std::string id;
    std::string name;
    double points = 0;
    std::size_t taken = 0;
    std::size_t full = 0; ///< have all its points
    double share = 0;
    std::map<ExerciseState, std::size_t> states;
};

/// Failures that look like one mistake.
struct FailureGroup {
    std::string test;
    std::string signature;
    std::string example; ///< the message of the first
    std::vector<std::size_t> entries;
};

struct Statistics {
    std::size_t handed_in = 0;
    std::size_t with_grade = 0;
    std::size_t incomplete = 0;
    std::size_t full_marks = 0;
    std::map<ResultStatus, std::size_t> statuses;
    std::vector<double> shares;           ///< of the points, graded ones, sorted
    double max = 0;                       ///< points
    double mean = 0;                      ///< points
    double median = 0;                    ///< points
    std::array<std::size_t, 10> scores{}; ///< how many have 0 to 9 %, ..., 90 to 100 %
    std::vector<double> seconds;          ///< sorted
    std::vector<TestStatistics> tests;
    std::vector<ExerciseStatistics> exercises;
    std::vector<FailureGroup> failures; ///< most frequent first
};

[[nodiscard]] Statistics statistics_of(const ClassData& data);

/// The first line of a message without what differs between students: numbers, addresses, seeds and
/// quoted text become "#".
[[nodiscard]] std::string signature_of(std::string_view message);

} // namespace grade
