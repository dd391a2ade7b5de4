// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Autolab reads the last line of what an autograder prints: {"scores": {"problem": points}}.
/// Marks by hand and late days are Autolab's own affair.
#include "autograder/report/convert.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/results/terminal.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace grade {

std::string to_autolab(const Result& result) {
    const auto rounded = [](double points) { return std::round(points * 1e4) / 1e4; };
    nlohmann::ordered_json scores = nlohmann::ordered_json::object();
    for (const ExerciseResult& exercise : result.exercises) {
        scores[safe_line(exercise.id)] = rounded(exercise.score);
    }
    if (result.integration.points > 0) {
        scores["integration"] = rounded(result.integration.score);
    }
    const nlohmann::ordered_json last_line = {{"scores", scores}};
    return result_text(result, {}, {}) + last_line.dump() + "\n";
}

} // namespace grade
