// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade next-lab: the student's work in the tree of the next lab.
/// Read next: ../student/next_lab.hpp.
#include "autograder/student/next_lab.hpp"
#include "autograder/command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

namespace grade {

namespace {

std::string numbers(const std::vector<ExerciseId>& ids) {
    std::vector<std::string> texts;
    texts.reserve(ids.size());
    for (const ExerciseId id : ids) {
        texts.push_back(id.text());
    }
    return fmt::format("{}", fmt::join(texts, " "));
}

void list(const char* title, const std::vector<std::string>& lines) {
    if (!lines.empty()) {
        fmt::print("{}\n", title);
    }
    for (const std::string& line : lines) {
        fmt::print("  {}\n", line);
    }
}

void report(const NextLabResult& result) {
    const Carried& carried = result.carried;
    fmt::print("Lab {} is in {}.\n", result.lab, result.place);
    fmt::print("Your exercises came along: {}\n",
               carried.done.empty() ? "none is done" : numbers(carried.done));
    if (!result.caught_up.empty()) {
        fmt::print("Caught up, and noted in {}: {}\n", catch_up_path, numbers(result.caught_up));
    }
    if (!carried.holes.empty()) {
        fmt::print("Still to be done: {}. Tests of later labs that need one of them will stop "
                   "there.\n",
                   numbers(carried.holes));
    }
    list("Your changes elsewhere were merged in:", carried.merged);
    list("Your changes there could not be merged, for the new starter changes the same lines. The "
         "starter's\nversion stands, and yours are set aside (git apply --3way FILE.patch):",
         carried.set_aside);
    list("Without the starter you began with it is not known whose these changes are, so the new "
         "starter's\nversion stands (say OLD_STARTER=folder):",
         carried.unknown);
    list("Files that you added are kept:", carried.added);
    list("Note:", carried.warnings);
    fmt::print("To go back: {}\n", result.way_back);
}

Status next(const NextLabWish& wish) {
    const NextLabResult result = next_lab(wish);
    if (!result.is_new) {
        fmt::print("Nothing new: your tree has the newest starter of lab {} already.\n",
                   result.lab);
        return full;
    }
    report(result);
    return full;
}

} // namespace

void add_next_lab(CLI::App& app, Run& run) {
    CLI::App* command =
        app.add_subcommand("next-lab", "Carry your work into the starter of the next lab");
    const auto wish = std::make_shared<NextLabWish>();
    command->add_option("--root", wish->root, "top folder of your tree (default: .)");
    command->add_option("--from", wish->from,
                        "where starters are: a remote, a path, an address, or a derived folder "
                        "(default: where this repository was cloned from)");
    command->add_option("--base", wish->base,
                        "folder of the starter you began with, if it cannot be found");
    command->add_flag("--update", wish->update, "the newest starter of the same lab");
    command->add_option("--catch-up", wish->bundle, "bundle of bodies that the instructor gave");
    command
        ->add_option("--exercises", wish->exercises,
                     "which to take from it, as \"1.3 1.7\" (default: those not done)")
        ->needs("--catch-up");
    command->add_option("--out", wish->out,
                        "if this is no git repository: folder to write (default: beside it)");
    command->callback([&run, wish] { run = [wish] { return next(*wish); }; });
}

} // namespace grade
