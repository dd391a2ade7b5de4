// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests on this machine. Their program sees only itself; its nonce comes through a descriptor that
/// it closes before the first test.
#include "autograder/run/runs.hpp"

#include <map>

namespace grade {

namespace {

using namespace std::chrono_literals;

/// Sanitizers reserve much address space, but use little memory.
constexpr Limits limits{.wall = 60s,
                        .cpu = 10s,
                        .memory = 2ull << 30,
                        .processes = 64,
                        .output = 1ull << 20,
                        .disk = 1ull << 20,
                        .temporary = 16ull << 20};

/// The line of a sanitizer's report that says what happened.
std::string what_happened(const Outcome& outcome) {
    for (const std::string_view line : split_lines(outcome.err)) {
        for (const std::string_view mark : {"ERROR: AddressSanitizer", "runtime error:"}) {
            if (line.contains(mark)) {
                return std::string(line);
            }
        }
    }
    return outcome.signal != 0
               ? fmt::format("the program was ended by signal {}", outcome.signal)
               : fmt::format("the program ended with status {} in the middle", outcome.status);
}

Ending run_once(const Sandbox& sandbox, const std::filesystem::path& program, std::uint64_t seed,
                std::span<const std::string> ids, const std::stop_token& stop) {
    const Nonce nonce = Nonce::draw();
    // doctest takes patterns of names, with commas between them.
    std::string cases;
    for (const std::string& id : ids) {
        cases += fmt::format("{}{}:*", cases.empty() ? "" : ",", id);
    }
    Command command;
    command.arguments = {program.string(), "--reporters=graded", "--test-case=" + cases};
    command.environment = {fmt::format("REL4_SEED={}", seed),
                           "ASAN_OPTIONS=color=never:detect_leaks=0"};
    command.nonce = nonce.digits();
    const View view{.readonly = {program}, .writable = {}, .folder = "/"};
    const Outcome outcome = sandbox.run(command, view, limits, {.line = {}, .stop = stop});
    Ending ending;
    ending.statements = read_statements(outcome.out, nonce, ids);
    ending.seconds = outcome.wall;
    ending.timed_out = outcome.limit == Limit::cpu || outcome.limit == Limit::wall;
    ending.reason =
        outcome.limit == Limit::none
            ? what_happened(outcome)
            : fmt::format("the program was stopped: too much {}", to_string(outcome.limit));
    for (const std::string_view line : split_lines(outcome.err)) {
        ending.statements.other.emplace_back(line);
    }
    return ending;
}

} // namespace

void run_host_tests(const Sandbox& sandbox, const WorkTree& tree, const TestPlan& plan,
                    std::span<const PlannedTest* const> tests, const TestOptions& options,
                    const OnTest& on_test) {
    const auto program = tree.build() / fmt::format("host/lab{}-host", plan.lab);
    std::map<ExerciseId, std::vector<const PlannedTest*>> exercises;
    for (const PlannedTest* test : tests) {
        exercises[test->exercise].push_back(test);
    }
    Endless endless;
    // One exercise after the other: who waits hears of the first one soon.
    for (const auto& [exercise, group] : exercises) {
        for (int round = 0; !options.stop.stop_requested(); ++round) {
            const std::vector<std::string> ids = ids_of_round(group, round);
            if (ids.empty()) {
                break;
            }
            const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(round);
            Runs(
                plan, seed, endless,
                [&](std::span<const std::string> some) {
                    return run_once(sandbox, program, seed, some, options.stop);
                },
                on_test, options.stop)
                .run(ids);
        }
    }
}

} // namespace grade
