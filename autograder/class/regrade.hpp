// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Grading again what was graded, from the sources that were kept.
///
///     RESULTS/<id>.json                      a whole result at every moment, the old or the new
///     one RESULTS/regrades/open/new/<id>.json    new ones, until they are done and take its place
///     RESULTS/regrades/open/before/<id>.json those whose place was taken
///     RESULTS/regrades/1/, 2/ ...            regrades that came to their end, with changes.csv
///
/// Always holds: a result is replaced only by one that is graded to its end, by no fault of this
/// machine's; a regrade that was stopped goes on where it was.
/// Read next: affected.hpp, score_changes.hpp.
#pragma once

#include "autograder/class/class_run.hpp"
#include "autograder/class/score_changes.hpp"

namespace grade {

/// What was handed in, with its lateness, as it was taken in when `before` was written.
/// @param results the folder with its sources
/// @return or why it cannot be had
[[nodiscard]] std::expected<Opened, std::string>
reopen(const Result& before, const std::filesystem::path& results, const IntakeOrder& order);

class Regrade {
public:
    /// Goes on with one that is open, if it is with the same course; else begins another.
    /// @param course its digest, and whatever else makes another regrade of it
    /// @throws EnvironmentError if the folder cannot be written
    Regrade(std::filesystem::path results, const std::string& course);

    /// Whether its new result has its place already.
    [[nodiscard]] bool is_done(std::string_view id) const;
    /// Where results are put until they are done.
    [[nodiscard]] std::filesystem::path fresh() const { return open_ / "new"; }
    /// Gives a new result its place. @pre it is graded
    void take_over(const Result& result) const;

    /// What was changed so far.
    [[nodiscard]] std::vector<ScoreChange> changes() const;
    /// Writes down what was changed. @param is_whole nothing is left to be done
    /// @return the file
    [[nodiscard]] std::filesystem::path conclude(bool is_whole);

private:
    void take_over_what_was_about_to_be() const;
    void close();

    std::filesystem::path results_;
    std::filesystem::path open_;
};

} // namespace grade
