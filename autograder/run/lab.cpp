// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading a lab, and grading one submission of it.
#include "autograder/run/lab.hpp"

#include "autograder/run/questions.hpp"

#include <chrono>
#include <fmt/chrono.h>

namespace grade {

namespace {

std::string first_of(const Problems& problems) {
    const Problem& problem = *problems.all().begin();
    return fmt::format("{}:{}: {}", problem.path, problem.line, problem.text);
}

} // namespace

Lab::Lab(SourceTree starter, int number, Compiler compiler, std::string_view target)
    : compiler_(std::move(compiler)), base_(std::move(starter), number, problems_) {
    if (base_.manifests().empty() || base_.manifests().back().lab != number) {
        throw EnvironmentError(fmt::format("there is no lab {} in this tree", number));
    }
    plan_ = read_test_plan(base_.tree(), manifest(), problems_);
    plan_.choose(target);
    bands_ = Bands::read(base_.tree(), plan_.folder,
                         target == "qemu" ? compiler_.bands()
                                          : fmt::format("{}-{}", target, compiler_.bands()),
                         problems_);
    for (PlannedTest& test : plan_.tests) {
        test.is_scored = test.is_here && (!test.perf || bands_.find(test.id));
    }
    if (!problems_.empty()) {
        throw EnvironmentError("the course's files do not agree: " + first_of(problems_));
    }
    if (plan_.tests.empty()) {
        throw EnvironmentError(fmt::format("lab {} has no tests", number));
    }
}

std::vector<SourceFile> Lab::course() const {
    std::vector<SourceFile> files = base_.tree().files();
    for (const auto& [id, body] : given_) {
        files.push_back({"given out/" + id.text(), body});
    }
    return files;
}

IntakeOrder Lab::order() const {
    IntakeOrder order{.wanted = files_of(base_.manifests()),
                      .answers = answers_path(plan_.lab),
                      .lab = plan_.lab,
                      .limits = {}};
    order.wanted.merge(files_of(base_.later()));
    order.wanted.insert(order.answers);
    return order;
}

std::vector<QuestionResult> Lab::questions(const Submission& submission) const {
    const auto answers = submission.files.find(answers_path(plan_.lab));
    const SourceFile* const handout = base_.tree().find(plan_.handout());
    return questions_of(handout == nullptr ? "" : handout->content,
                        answers == submission.files.end() ? "" : answers->second);
}

Result grade_submission(const Lab& lab, const Intake& intake, Overlay::Labs labs, const Job& job,
                        WorkTree& tree, Follower& follower) {
    const auto start = std::chrono::steady_clock::now();
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    const auto describe = [&](Result& result) {
        result.submission = job.submission;
        result.course = job.course;
        result.seed = job.seed;
        result.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
        result.toolchain = lab.compiler().text();
        result.target = job.tools.target_name();
        result.emulator = job.tools.emulator_name();
        result.sandbox = job.sandbox.name();
        if (job.sandbox.kind() == Sandbox::Kind::none) {
            result.warnings.emplace_back("graded without a sandbox (--unsafe): what was run could "
                                         "have changed this result");
        }
    };
    if (!intake) {
        Result result = empty_result(lab.plan(), lab.manifest());
        describe(result);
        for (ExerciseResult& exercise : result.exercises) {
            exercise.state = ExerciseState::missing;
        }
        result.status = ResultStatus::build_error;
        result.message = intake.error();
        result.complete = true;
        follower.partial(result);
        return result;
    }
    Overlay overlay(lab.base(), *intake, labs);
    Result result = begin_result(lab.plan(), lab.manifest(), overlay);
    describe(result);
    mark_caught_up(result, lab.manifest(), *intake, overlay, lab.given());
    result.submission.digest = intake->digest;
    result.warnings.insert(result.warnings.end(), intake->warnings.begin(), intake->warnings.end());
    result.questions = lab.questions(*intake);
    grade_overlay(job, overlay, tree, result, follower);
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace grade
