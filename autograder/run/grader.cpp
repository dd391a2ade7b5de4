// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Building until it is built, then testing.
#include "autograder/run/grader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace grade {

namespace {

using Tests = std::vector<const PlannedTest*>;

class Grading {
public:
    Grading(const Job& job, Candidate& candidate, WorkTree& tree, Result& result,
            Follower& follower)
        : job_(job), candidate_(candidate), tree_(tree), result_(result), follower_(follower),
          scorer_(result, job.plan, job.bands) {}

    void run() {
        tree_.sync(candidate_.files());
        const Tests host = tests_of({Tier::host});
        if (!host.empty() && build("host", host)) {
            follower_.step("running the tests on this machine");
            run_host_tests(job_.sandbox, tree_, job_.plan, can_run(host), options(), on_test());
            partial();
        }
        const Tests machine = tests_of({Tier::kernel, Tier::guest});
        if (!machine.empty() && build("guest", machine)) {
            follower_.step("running the tests in the emulator");
            run_machine_tests(job_.sandbox, tree_, job_.tools, job_.plan, can_run(machine),
                              options(), on_test());
        }
        if (job_.stop.stop_requested()) {
            throw EnvironmentError("interrupted: what was done is written down");
        }
        result_.complete = true;
        partial();
    }

private:
    [[nodiscard]] TestOptions options() const { return {.seed = job_.seed, .stop = job_.stop}; }

    [[nodiscard]] OnTest on_test() {
        return [this](const TestRun& run) {
            if (const TestResult* test = scorer_.take(run)) {
                follower_.test(*test);
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
            if (is_wanted && test.on_qemu &&
                std::ranges::find(tiers, test.tier) != tiers.end()) {
                tests.push_back(&test);
            }
        }
        return tests;
    }

    /// Those whose exercises are done; of the others it is told why they are left out.
    Tests can_run(const Tests& tests) {
        Tests some;
        const std::vector<ExerciseId> done = candidate_.done();
        for (const PlannedTest* test : tests) {
            const auto missing = std::ranges::find_if(test->needs, [&](ExerciseId needed) {
                return std::ranges::find(done, needed) == done.end();
            });
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
        const std::vector goals = {fmt::format("lab{}-{}", job_.plan.lab, part)};
        for (;;) {
            const Build built = build_goals(job_.sandbox, tree_, job_.tools, goals,
                                            job_.plan.cpus, job_.stop);
            if (built.succeeded) {
                return true;
            }
            if (job_.stop.stop_requested()) {
                return false;
            }
            if (!give_up_what_fails(built)) {
                not_built(built, tests);
                return false;
            }
            tree_.sync(candidate_.files());
        }
    }

    /// False if nobody is to blame.
    bool give_up_what_fails(const Build& built) {
        std::set<ExerciseId> given_up;
        for (const CompilerMessage& error : built.errors) {
            for (const ExerciseId exercise : candidate_.exercises_at(error.file, error.line)) {
                if (given_up.insert(exercise).second) {
                    give_up(exercise,
                            fmt::format("{}:{}: {}", error.file, error.line, error.text));
                }
            }
        }
        if (given_up.empty() && built.limit != Limit::none) {
            // Whose code it was the compiler did not say.
            for (const ExerciseId exercise : candidate_.done()) {
                given_up.insert(exercise);
                give_up(exercise, fmt::format("building was stopped: too much {}",
                                              to_string(built.limit)));
            }
        }
        return !given_up.empty();
    }

    void give_up(ExerciseId exercise, std::string why) {
        candidate_.give_up(exercise);
        const auto found =
            std::ranges::find(result_.exercises, exercise.text(), &ExerciseResult::id);
        if (found != result_.exercises.end()) {
            found->state = ExerciseState::not_compiled;
            found->message = std::move(why);
        }
        result_.status = ResultStatus::build_error;
    }

    void not_built(const Build& built, const Tests& tests) {
        result_.status = ResultStatus::build_error;
        const std::string why =
            built.errors.empty() ? "the tests cannot be built"
                                 : fmt::format("{}:{}: {}", built.errors[0].file,
                                               built.errors[0].line, built.errors[0].text);
        result_.message = why;
        for (const PlannedTest* test : tests) {
            leave_out(*test, why);
        }
    }

    const Job& job_;
    Candidate& candidate_;
    WorkTree& tree_;
    Result& result_;
    Follower& follower_;
    Scorer scorer_;
};

} // namespace

void grade_candidate(const Job& job, Candidate& candidate, WorkTree& tree, Result& result,
                     Follower& follower) {
    Grading(job, candidate, tree, result, follower).run();
}

} // namespace grade
