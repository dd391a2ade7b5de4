// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Files are renamed into place; what is where says how far it came.
#include "autograder/class/regrade.hpp"

#include "autograder/report/class_data.hpp"
#include "autograder/results/atomic_file.hpp"

#include <cmath>
#include <fmt/core.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr const char* changes_name = "changes.csv";

/// All files of the folder, however many this lab wants by now.
IntakeOrder all_of(const fs::path& folder, IntakeOrder order) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && !entry.is_symlink()) {
            order.wanted.insert(entry.path().lexically_relative(folder).string());
        }
    }
    return order;
}

/// Before anything could be taken in there is nothing to be kept.
bool was_not_taken_in(const Result& before) {
    return is_graded(before) && before.submission.digest.empty();
}

int percent_of(const Result& before) {
    const int said = before.submission.late_percent;
    const bool must_compute = said == 0 && before.late_penalty > 0 && before.score > 0;
    return must_compute ? static_cast<int>(std::lround(100 * before.late_penalty / before.score))
                        : said;
}

} // namespace

std::expected<Opened, std::string> reopen(const Result& before, const fs::path& results,
                                          const IntakeOrder& order) {
    const SubmissionInfo& info = before.submission;
    Opened opened{std::unexpected(before.message), info.source, info.late_days, percent_of(before)};
    if (was_not_taken_in(before)) {
        return opened;
    }
    const fs::path folder = sources_path(results, info.id);
    if (!fs::is_directory(folder)) {
        return std::unexpected(
            fmt::format("{} is not there: grade it anew with rel4-grade run", folder.string()));
    }
    const Intake all = take_in(folder, all_of(folder, order));
    if (!info.digest.empty() && (!all || all->digest != info.digest)) {
        return std::unexpected(fmt::format("{} is not what was graded: grade it anew with "
                                           "rel4-grade run",
                                           folder.string()));
    }
    opened.intake = take_in(folder, order);
    return opened;
}

Regrade::Regrade(fs::path results, const std::string& course)
    : results_(std::move(results)), open_(results_ / "regrades" / "open") {
    const fs::path of = open_ / "course";
    if (fs::exists(open_) && read_file(of).value_or("") != course) {
        static_cast<void>(conclude(true));
        open_ = results_ / "regrades" / "open";
    }
    write_file(of, course);
    take_over_what_was_about_to_be();
}

/// Where the old result is kept already, a new one was about to take its place.
void Regrade::take_over_what_was_about_to_be() const {
    if (!fs::exists(fresh()) || !fs::exists(open_ / "before")) {
        return;
    }
    for (const Result& result : read_results(fresh()).results) {
        if (fs::exists(result_path(open_ / "before", result.submission.id))) {
            take_over(result);
        }
    }
}

bool Regrade::is_done(std::string_view id) const {
    return fs::exists(result_path(open_ / "before", id)) && !fs::exists(result_path(fresh(), id));
}

void Regrade::take_over(const Result& result) const {
    const std::string& id = result.submission.id;
    const fs::path place = result_path(results_, id);
    const fs::path before = result_path(open_ / "before", id);
    Result whole = result;
    if (!fs::exists(before)) { // else it was stopped right here
        const auto text = read_file(place);
        if (!text) {
            throw EnvironmentError(text.error());
        }
        write_file(before, *text);
    }
    if (const auto old = read_result(before)) {
        whole.manual = old->manual;
    }
    write_result(whole, place);
    fs::remove(result_path(fresh(), id));
}

std::vector<ScoreChange> Regrade::changes() const {
    std::vector<ScoreChange> changes;
    if (!fs::exists(open_ / "before")) {
        return changes;
    }
    for (const Result& before : read_results(open_ / "before").results) {
        const auto now = read_result(result_path(results_, before.submission.id));
        if (now && is_done(before.submission.id)) {
            const auto some = score_changes(before, *now);
            changes.insert(changes.end(), some.begin(), some.end());
        }
    }
    return changes;
}

fs::path Regrade::conclude(bool is_whole) {
    write_file(open_ / changes_name, changes_csv(changes()));
    if (is_whole) {
        close();
    }
    return open_ / changes_name;
}

void Regrade::close() {
    fs::remove_all(fresh());
    int number = 1;
    while (fs::exists(results_ / "regrades" / std::to_string(number))) {
        ++number;
    }
    const fs::path closed = results_ / "regrades" / std::to_string(number);
    fs::rename(open_, closed);
    open_ = closed;
}

} // namespace grade
