// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Building until it is built, then testing.
#include "autograder/run/grader.hpp"

#include "autograder/run/answers.hpp"
#include "autograder/run/strays.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace grade {

namespace {

using Tests = std::vector<const PlannedTest*>;

class Grading {
public:
    Grading(const Job& job, Overlay& overlay, WorkTree& tree, Result& result, Follower& follower)
        : job_(job), overlay_(overlay), tree_(tree), result_(result), follower_(follower),
          scorer_(result, job.plan, job.bands) {}

    void run() {
        partial();
        tree_.sync(overlay_.files());
        const Tests host = tests_of({Tier::host});
        if (!host.empty() && build("host", host)) {
            follower_.step("running the tests on this machine");
            run_host_tests(job_.sandbox, tree_, job_.plan, can_run(host), options(), on_test());
        }
        const Tests machine = tests_of({Tier::kernel, Tier::guest, Tier::peer});
        if (!machine.empty() && build("guest", machine)) {
            follower_.step("running the tests in the emulator");
            run_machine_tests(job_.sandbox, tree_, job_.tools, job_.plan, can_run(machine),
                              options(), on_test());
        }
        if (job_.stop.stop_requested()) {
            throw EnvironmentError("interrupted: what was done is written down");
        }
        if (result_.status == ResultStatus::internal) {
            conclude();
        }
        result_.complete = true;
        partial();
    }

private:
    /// The status of a submission whose tests could all be built, if not with all of its exercises.
    void conclude() {
        std::vector<std::string> broken;
        for (const ExerciseResult& exercise : result_.exercises) {
            if (exercise.state == ExerciseState::not_compiled) {
                broken.push_back(exercise.id);
            }
        }
        result_.status = broken.empty() ? ResultStatus::ok : status_of_broken();
        if (!broken.empty()) {
            result_.message =
                fmt::format("{}, and was graded as if not done: {}",
                            came_to_end_ ? "does not compile" : "building did not come to an end",
                            fmt::join(broken, ", "));
        }
    }

    [[nodiscard]] ResultStatus status_of_broken() const {
        return came_to_end_ ? ResultStatus::build_error : ResultStatus::timeout;
    }

    [[nodiscard]] TestOptions options() const {
        return {.seed = job_.seed,
                .stop = job_.stop,
                .line_of = [this](std::string_view file, int line) {
                    const auto origin = overlay_.origin(file, line);
                    return origin ? origin->line : line;
                }};
    }

    [[nodiscard]] OnTest on_test() {
        return [this](const TestRun& run) {
            if (const TestResult* test = scorer_.take(run)) {
                follower_.test(*test);
                partial();
            }
        };
    }

    void partial() {
        scorer_.add_up();
        follower_.partial(result_);
    }

    [[nodiscard]] Tests tests_of(std::initializer_list<Tier> tiers) const {
        Tests tests;
        for (const PlannedTest& test : job_.plan.tests) {
            const bool is_wanted =
                job_.only.empty() || std::ranges::find(job_.only, test.id) != job_.only.end();
            if (is_wanted && test.is_here && std::ranges::find(tiers, test.tier) != tiers.end()) {
                tests.push_back(&test);
            }
        }
        return tests;
    }

    /// Those whose exercises are done; of the others it is told why they are left out.
    Tests can_run(const Tests& tests) {
        Tests some;
        const std::set<ExerciseId> done = done_exercises();
        for (const PlannedTest* test : tests) {
            const auto missing = std::ranges::find_if(
                test->needs, [&](ExerciseId needed) { return !done.contains(needed); });
            if (missing == test->needs.end()) {
                some.push_back(test);
            } else {
                leave_out(*test, why_not_done(*missing));
            }
        }
        return some;
    }

    [[nodiscard]] std::string why_not_done(ExerciseId exercise) const {
        const std::string id = exercise.text();
        const auto found = std::ranges::find(result_.exercises, id, &ExerciseResult::id);
        const ExerciseState state =
            found != result_.exercises.end() ? found->state : ExerciseState::hole;
        switch (state) {
        case ExerciseState::missing:
            return fmt::format("needs exercise {}, which was not found in the submission", id);
        case ExerciseState::refused:
            return fmt::format("needs exercise {}, which was refused", id);
        case ExerciseState::not_compiled:
            return fmt::format("needs exercise {}, which does not compile", id);
        case ExerciseState::done:
        case ExerciseState::caught_up:
        case ExerciseState::hole:
            break;
        }
        return fmt::format("needs exercise {}, which is not done yet", id);
    }

    void leave_out(const PlannedTest& test, const std::string& why) {
        scorer_.leave_out(test.id, why);
        const auto told = std::ranges::find(result_.tests, test.id, &TestResult::id);
        follower_.test(*told);
    }

    /// Builds the programs of some tests, if need be with fewer exercises.
    bool build(std::string_view part, const Tests& tests) {
        follower_.step(fmt::format("building the {} tests", part));
        std::vector goals = {fmt::format("lab{}-{}", job_.plan.lab, part)};
        if (has_answers(tests)) {
            goals.push_back(fmt::format("lab{}-answers", job_.plan.lab));
        }
        for (;;) {
            const Build built =
                build_goals(job_.sandbox, tree_, job_.tools, job_.plan, goals, job_.stop);
            if (built.succeeded) {
                return true;
            }
            if (job_.stop.stop_requested()) {
                return false;
            }
            came_to_end_ &= built.limit != Limit::wall && built.limit != Limit::cpu;
            if (!give_up_what_fails(built)) {
                not_built(built, tests);
                return false;
            }
            tree_.sync(overlay_.files());
        }
    }

    /// The exercises of this lab that are in the tree.
    [[nodiscard]] std::set<ExerciseId> done_exercises() const {
        std::set<ExerciseId> done;
        for (const Part& part : overlay_.parts()) {
            if (part.state == Part::State::done && !given_up_.contains(part.id)) {
                done.insert(part.id);
            }
        }
        return done;
    }

    /// False if nobody is to blame.
    bool give_up_what_fails(const Build& built) {
        bool changed = false;
        for (const CompilerMessage& error : built.errors) {
            if (const auto origin = overlay_.origin(error.file, error.line)) {
                const std::string why =
                    fmt::format("{}:{}: {}{}", error.file, origin->line, error.text,
                                hint_at_strays(error.text, overlay_.strays()));
                changed = give_up(*origin->part, why) || changed;
            }
        }
        if (!changed && built.limit != Limit::none) {
            // Whose code it was the compiler did not say.
            for (const ExerciseId exercise : done_exercises()) {
                give_up(exercise,
                        fmt::format("building was stopped: too much {}", to_string(built.limit)));
                changed = true;
            }
        }
        return changed;
    }

    /// False if that was done before.
    bool give_up(const Part& part, const std::string& why) {
        if (!part.is_helpers()) {
            return give_up(part.id, why);
        }
        if (!helpers_given_up_.insert(part.file).second) {
            return false;
        }
        overlay_.drop_helpers(part.file);
        result_.warnings.push_back("your own helpers were left out, they do not compile: " + why);
        return true;
    }

    bool give_up(ExerciseId exercise, const std::string& why) {
        if (!given_up_.insert(exercise).second) {
            return false;
        }
        overlay_.make_hole(exercise);
        const auto found =
            std::ranges::find(result_.exercises, exercise.text(), &ExerciseResult::id);
        if (found != result_.exercises.end()) {
            found->state = ExerciseState::not_compiled;
            found->message = why;
        }
        return true;
    }

    void not_built(const Build& built, const Tests& tests) {
        result_.status = status_of_broken();
        const std::string why = built.errors.empty()
                                    ? "the tests cannot be built"
                                    : fmt::format("{}:{}: {}", built.errors[0].file,
                                                  built.errors[0].line, built.errors[0].text);
        result_.message = why;
        for (const PlannedTest* test : tests) {
            leave_out(*test, why);
        }
    }

    const Job& job_;
    Overlay& overlay_;
    WorkTree& tree_;
    Result& result_;
    Follower& follower_;
    Scorer scorer_;
    std::set<ExerciseId> given_up_;
    std::set<std::string> helpers_given_up_;
    bool came_to_end_ = true; ///< each build
};

ExerciseState state_of(Part::State state) {
    switch (state) {
    case Part::State::done:
        return ExerciseState::done;
    case Part::State::hole:
        return ExerciseState::hole;
    case Part::State::missing:
        return ExerciseState::missing;
    case Part::State::refused:
        return ExerciseState::refused;
    }
    return ExerciseState::missing;
}

} // namespace

Result begin_result(const TestPlan& plan, const Manifest& manifest, const Overlay& overlay) {
    Result result = empty_result(plan, manifest);
    for (const Part& part : overlay.parts()) {
        const auto found = std::ranges::find(result.exercises, part.id.text(), &ExerciseResult::id);
        if (found != result.exercises.end()) {
            found->state = state_of(part.state);
            found->message = part.message;
            found->lines = part.lines;
        }
    }
    for (const Part& part : overlay.helpers()) {
        if (!part.message.empty()) {
            result.warnings.push_back(part.message);
        }
    }
    result.warnings.insert(result.warnings.end(), overlay.warnings().begin(),
                           overlay.warnings().end());
    return result;
}

void grade_overlay(const Job& job, Overlay& overlay, WorkTree& tree, Result& result,
                   Follower& follower) {
    result.seed = job.seed;
    if (job.tools.debug) {
        for (TestResult& test : result.tests) {
            test.repro += " DEBUG=1";
        }
    }
    Grading(job, overlay, tree, result, follower).run();
}

} // namespace grade
