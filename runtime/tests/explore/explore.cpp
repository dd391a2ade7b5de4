// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Executions one after the other, until one fails or none is left.
/// @stage{4}
#include "runtime/tests/explore/report.hpp"
#include "runtime/tests/explore/search.hpp"

#include <tuple>

namespace explore {

namespace {

using Scenario = std::function<void()>;

/// To look for a simpler failure, at most so many executions are tried.
constexpr uint64_t effort_of_simplifying = 50'000;

/// The failure of an execution.
void record(Outcome& outcome, const Run& run) {
    outcome.verdict = run.verdict();
    outcome.schedule = schedule_text(run.decisions());
    outcome.text = run.failure() + "\n";
    if (!run.actors().empty())
        outcome.text += story(run) + "To see it again: explore::replay(name, scenario, \"" +
                        outcome.schedule + "\").\n";
}

/// Goes through the tree of executions.
class Tree {
public:
    Tree(const Scenario& scenario, const Limits& limits) : scenario_(scenario), limits_(limits) {}

    /// Through all of it; again as long as words turn out to be written by threads, or with values,
    /// of which nothing was known.
    Outcome all() {
        gain_experience();
        Outcome outcome;
        do
            outcome = once(limits_);
        while (outcome.passed() && learnt_);
        if (!outcome.passed() && outcome.verdict != Verdict::too_large)
            simplify(outcome);
        return outcome;
    }

private:
    /// Some executions by chance: most of what there is to know.
    void gain_experience() {
        Limits limits = limits_;
        limits.reduce = false;
        Run run(limits);
        for (uint64_t seed = 1; seed <= 200; seed++) {
            const Experience before = experience_;
            Random strategy(seed, &before);
            run.execute(scenario_, strategy);
            if (!run.refuted())
                experience_.learn(run);
        }
    }

    /// Once, to the first failure.
    Outcome once(const Limits& limits) {
        Outcome outcome;
        const Experience before = experience_;
        Exhaustive strategy(before);
        Run run(limits);
        learnt_ = false;
        do {
            if (outcome.executions == limits.executions) {
                outcome.verdict = Verdict::too_large;
                break;
            }
            run.execute(scenario_, strategy);
            outcome.executions++;
            outcome.redundant += strategy.redundant() ? 1 : 0;
            outcome.refuted += run.refuted() && !strategy.redundant() ? 1 : 0;
            learnt_ = (!run.refuted() && experience_.learn(run)) || learnt_;
            if (run.verdict() != Verdict::passed)
                record(outcome, run);
        } while (outcome.passed() && strategy.next());
        complexity_ = run.preemptions() + 2 * run.reorderings();
        return outcome;
    }

    /// Shows a simpler failure instead, if one is found soon: preemptions are simpler to follow
    /// than reorderings, of which each counts twice.
    void simplify(Outcome& outcome) {
        uint64_t effort = effort_of_simplifying;
        const unsigned found = complexity_;
        for (unsigned complexity = 0; complexity <= found; complexity++) {
            for (unsigned reorderings = 0; 2 * reorderings <= complexity; reorderings++) {
                Limits limits = limits_;
                limits.executions = effort;
                limits.reorderings = reorderings;
                limits.preemptions = complexity - 2 * reorderings;
                const Outcome simple = once(limits);
                effort -= simple.executions;
                if (simple.passed())
                    continue;
                if (simple.verdict != Verdict::too_large)
                    std::tie(outcome.verdict, outcome.text, outcome.schedule) =
                        std::tie(simple.verdict, simple.text, simple.schedule);
                return;
            }
        }
    }

    const Scenario& scenario_;
    const Limits& limits_;
    Experience experience_;
    bool learnt_ = false;
    unsigned complexity_ = 0; ///< of the last execution
};

std::string count_text(const Outcome& outcome) {
    return std::to_string(outcome.executions) + " executions";
}

std::string bound_text(const Limits& limits) {
    std::string text;
    if (limits.preemptions != Limits::any)
        text += " with at most " + std::to_string(limits.preemptions) + " preemptions";
    if (limits.reorderings != Limits::any)
        text += (text.empty() ? " with at most " : " and ") + std::to_string(limits.reorderings) +
                " reorderings";
    return text;
}

} // namespace

Outcome all(const char* name, const Scenario& scenario, const Limits& limits) {
    Outcome outcome = Tree(scenario, limits).all();
    const std::string bound = bound_text(limits);
    if (outcome.passed())
        outcome.text = "passed: " + count_text(outcome) + bound + ", there are no others";
    if (outcome.verdict == Verdict::too_large)
        outcome.text = "too large: nothing failed in " + count_text(outcome) + bound +
                       ", but there are more. Make the scenario smaller, raise "
                       "Limits::executions, lower Limits::preemptions, or use explore::random.";
    outcome.text = std::string(name) + ": " + outcome.text;
    return outcome;
}

Outcome random(const char* name, const Scenario& scenario, uint64_t seed, uint64_t executions,
               const Limits& limits) {
    Outcome outcome;
    Run run(limits);
    for (outcome.seed = seed; outcome.executions < executions && outcome.passed(); outcome.seed++) {
        Random strategy(outcome.seed);
        run.execute(scenario, strategy);
        outcome.executions++;
        if (run.verdict() != Verdict::passed)
            record(outcome, run);
    }
    outcome.seed--;
    if (outcome.passed())
        outcome.text = "passed: " + std::to_string(outcome.executions) +
                       " random executions, with seeds " + std::to_string(seed) + " to " +
                       std::to_string(outcome.seed);
    else
        outcome.text = "with seed " + std::to_string(outcome.seed) + ": " + outcome.text;
    outcome.text = std::string(name) + ": " + outcome.text;
    return outcome;
}

Outcome replay(const char* name, const Scenario& scenario, std::string_view schedule,
               const Limits& limits) {
    Outcome outcome;
    if (const std::optional<std::vector<Decision>> decisions = parsed_schedule(schedule)) {
        Replay strategy(*decisions);
        Run run(limits);
        run.execute(scenario, strategy);
        outcome.executions = 1;
        outcome.refuted = run.refuted() ? 1 : 0;
        record(outcome, run);
    } else {
        outcome.verdict = Verdict::misuse;
        outcome.text = "this is no schedule: " + std::string(schedule);
    }
    outcome.text = std::string(name) + ": " + (outcome.passed() ? "passed" : outcome.text);
    return outcome;
}

} // namespace explore
