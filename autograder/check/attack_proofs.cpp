// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Attacks are handed in like any submission, and graded like one.
#include "autograder/check/proofs.hpp"
#include "autograder/class/integration.hpp"
#include "autograder/source/scratch.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace grade {

namespace {

class Silent final : public Follower {
public:
    void step(const std::string&) override {}
    void test(const TestResult&) override {}
    void partial(const Result&) override {}
};

/// Whether the test is of something that the attack has not done.
bool is_attacked(const Attack& attack, const PlannedTest& test) {
    return !attack.exercise || std::ranges::find(test.needs, *attack.exercise) != test.needs.end();
}

/// What the exercises are worth that the attack has really done.
double deserved(const Attack& attack, const TestPlan& plan) {
    double points = 0;
    for (const PlannedTest& test : plan.tests) {
        points += is_attacked(attack, test) ? 0 : test.points;
    }
    return points;
}

/// Points that it should not have.
std::vector<std::string> gains(const Attack& attack, const TestPlan& plan, const Result& result) {
    std::vector<std::string> lines;
    for (const TestResult& test : result.tests) {
        if (test.score > 0 && is_attacked(attack, *plan.find(test.id))) {
            lines.push_back(fmt::format("{} gives {}", test.id, points_text(test.score)));
        }
    }
    if (result.integration.score > 0) {
        lines.push_back("its own system gives " + points_text(result.integration.score));
    }
    return lines;
}

/// Everything that a student, or an instructor, is told.
std::vector<std::string> told(const Result& result) {
    std::vector<std::string> lines = result.warnings;
    lines.push_back(result.message);
    lines.push_back(result.integration.message);
    for (const ExerciseResult& exercise : result.exercises) {
        lines.push_back(exercise.message);
    }
    for (const TestResult& test : result.tests) {
        lines.push_back(test.message);
        lines.insert(lines.end(), test.details.begin(), test.details.end());
    }
    std::erase(lines, "");
    std::ranges::sort(lines);
    const auto same = std::ranges::unique(lines);
    lines.erase(same.begin(), same.end());
    return lines;
}

Result grade_attack(const Attack& attack, const Proof& proof, const Lab& lab, Bench& bench,
                    const Bands& bands) {
    const Scratch folder;
    std::vector<std::string> files;
    for (const std::string& path : lab.order().wanted) {
        if (lab.base().tree().find(path) != nullptr) { // .stage.toml comes with writing a tree
            files.push_back(path);
        }
    }
    write_attack(attack, proof.trees, files, folder.path());
    const Intake intake = take_in(folder.path(), lab.order());
    const Job job{
        .plan = lab.plan(), .bands = bands, .sandbox = bench.sandbox(), .tools = bench.tools()};
    Silent nobody;
    Result result =
        grade_submission(lab, intake, Overlay::Labs::this_one, job, bench.tree(), nobody);
    if (attack.own_system && intake) {
        integrate(lab, *intake, job, bench.tree(), result);
    }
    return result;
}

/// The same submission, with a hole instead of the attack.
Attack with_hole(Attack attack, ExerciseId exercise) {
    attack.body = fmt::format("{{ lab::todo(\"{}\"); }}", exercise.text());
    return attack;
}

void prove_attack(const Attack& attack, const Proof& proof, const Lab& lab, Bench& bench,
                  const Bands& bands) {
    const Result result = grade_attack(attack, proof, lab, bench, bands);
    std::vector<std::string> why;
    double most = deserved(attack, lab.plan());
    if (attack.own_system && attack.exercise) {
        const Attack hole = with_hole(attack, *attack.exercise);
        most += grade_attack(hole, proof, lab, bench, bands).integration.score;
    }
    if (result.score > most + 0.001) {
        why.push_back(fmt::format("it has {} points, and deserves {}: {}",
                                  points_text(result.score), points_text(most),
                                  fmt::join(gains(attack, lab.plan(), result), ", ")));
    }
    // An attack that is to be built must be: else it proves nothing.
    const bool is_built = std::ranges::none_of(result.exercises, [](const ExerciseResult& each) {
        return each.state == ExerciseState::not_compiled;
    });
    if (attack.says.empty() && !is_built) {
        why.emplace_back("it says nothing of not being compiled, and is not");
    }
    const auto lines = told(result);
    if (std::ranges::none_of(lines,
                             [&](const std::string& line) { return line.contains(attack.says); })) {
        why.push_back(fmt::format("nothing says \"{}\", but:", attack.says));
        why.insert(why.end(), lines.begin(), lines.end());
    }
    proof.tap.tell(why.empty(),
                   fmt::format("attack {}: {} ({:.1f} s, {} points)", attack.id, attack.what,
                               result.seconds, points_text(result.score)),
                   why);
}

} // namespace

void prove_attacks(const Proof& proof, std::span<const Attack> attacks, const Bands& bands,
                   const Compiler& compiler) {
    std::vector<SourceFile> files;
    for (const StageText& text : proof.trees.starter()) {
        files.push_back({text.path, text.content, text.is_executable});
    }
    const Lab lab(SourceTree(std::move(files)), proof.trees.plan().lab, compiler);
    std::vector<Workshop::Work> pieces;
    for (const Attack& attack : attacks) {
        pieces.emplace_back([&](Bench& bench) { prove_attack(attack, proof, lab, bench, bands); });
    }
    proof.workshop.run(std::move(pieces));
}

} // namespace grade
