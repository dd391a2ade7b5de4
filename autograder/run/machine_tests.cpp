// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests in the emulator. Time follows counted instructions: a run with the same seed is the same
/// run, and limits are instructions. tools/emulator/run.py starts the machine, watches it and says
/// what its harts were doing when it was stopped.
#include "autograder/run/answers.hpp"
#include "autograder/run/diagnosis.hpp"
#include "autograder/run/machine_command.hpp"
#include "autograder/run/peer.hpp"
#include "autograder/run/runs.hpp"

#include <map>

namespace grade {

namespace {

using namespace std::chrono_literals;

constexpr Limits limits{.wall = 300s,
                        .cpu = 600s,
                        .memory = 2ull << 30,
                        .processes = 64,
                        .output = 1ull << 20,
                        .disk = 192ull << 20, // the machine's memory is a file
                        .temporary = 64ull << 20};

// Exit statuses of run.py, beside the guest's own 0 and 1.
constexpr int program_changed = 120;
constexpr int not_started = 122;
constexpr int stopped_by_watch = 123;
constexpr int limit_reached = 124;
constexpr int waits_for_ever = 125;

class MachineRunner {
public:
    MachineRunner(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
                  const TestPlan& plan, const TestOptions& options)
        : sandbox_(sandbox), tree_(tree), tools_(tools), plan_(plan), stop_(options.stop),
          emulator_(tools.target ? std::filesystem::path()
                                 : std::filesystem::canonical(tools.emulator)),
          diagnosis_(sandbox, tree, tools, plan, options) {}

    [[nodiscard]] Ending run(const Machine& machine, std::uint64_t seed,
                             std::span<const std::string> ids) {
        return machine.tier == Tier::peer ? run_peer(machine, seed, ids.first(1))
                                          : run_inside(machine, seed, ids);
    }

private:
    /// Tests that are in the machine, and tell what came of them.
    [[nodiscard]] Ending run_inside(const Machine& machine, std::uint64_t seed,
                                    std::span<const std::string> ids) {
        const Nonce nonce = Nonce::draw();
        Command command{
            .arguments = machine_command(tree_, tools_, plan_, machine, seed, ids, nonce.digits())};
        add_whole(command.arguments, machine);
        const Outcome outcome = start(command, {});
        Ending ending = ending_of(outcome, read_statements(outcome.out, nonce, ids));
        if (outcome.status == program_changed) {
            ending.changed = "the tests' program in memory was changed while the machine ran";
        }
        if (outcome.limit == Limit::none && ending.changed.empty()) {
            diagnosis_.explain(ending, ids, command.arguments, outcome.cpu);
        }
        return ending;
    }

    /// A test whose verdict the other end of the network cable has. What the machine itself says is
    /// believed by nobody.
    [[nodiscard]] Ending run_peer(const Machine& machine, std::uint64_t seed,
                                  std::span<const std::string> ids) {
        const PlannedTest& test = *plan_.find(ids.front());
        const std::string script = write_peer_script(sandbox_, tree_, test, seed);
        const Command command{.arguments =
                                  machine_command(tree_, tools_, plan_, machine, seed, ids)};
        const Outcome outcome = start(command, {peer_script_path(tree_, test.id, seed)});
        const auto verdict = read_peer_verdict(outcome.err, script);
        if (!verdict && outcome.limit == Limit::none) {
            throw EnvironmentError("the network cannot be played: " + outcome.err);
        }
        Statements said;
        for (const std::string_view line : split_lines(outcome.out)) {
            said.other.emplace_back(line);
        }
        said.tests.push_back({test.id, {}, {}, {}});
        if (verdict) {
            said.tests[0].passed = verdict->passed;
            said.tests[0].messages = verdict->messages;
        }
        return ending_of(outcome, std::move(said));
    }

    /// @param files what it sees beside the tree and the emulator
    [[nodiscard]] Outcome start(const Command& command, std::vector<std::filesystem::path> files) {
        files.insert(files.end(), {tree_.path(), emulator_});
        const View view{.readonly = std::move(files), .writable = {}, .folder = tree_.path()};
        Outcome outcome = sandbox_.run(command, view, limits, {.line = {}, .stop = stop_});
        if (outcome.limit == Limit::none && outcome.status == not_started) {
            throw EnvironmentError("the emulator does not start: " + outcome.err);
        }
        return outcome;
    }

    static Ending ending_of(const Outcome& outcome, Statements said) {
        Ending ending;
        ending.statements = std::move(said);
        ending.seconds = outcome.wall;
        ending.timed_out = outcome.limit != Limit::none || outcome.status == limit_reached ||
                           outcome.status == waits_for_ever || outcome.status == stopped_by_watch;
        ending.reason = reason(outcome, ending.statements);
        // OpenSBI's greeting is of no interest.
        auto& other = ending.statements.other;
        const auto start = std::ranges::find_if(
            other, [](const std::string& line) { return line.starts_with("ReL4 "); });
        other.erase(other.begin(), start == other.end() ? other.begin() : start);
        for (const std::string_view line : split_lines(outcome.err)) {
            other.emplace_back(line);
        }
        return ending;
    }

    /// What tests are made of must at the end be what was built. Tests of the kernel are in it.
    static void add_whole(std::vector<std::string>& arguments, const Machine& machine) {
        arguments.insert(arguments.end(), {"--whole", "kernel"});
        if (machine.tier == Tier::guest) {
            arguments.insert(arguments.end(), {"--whole", "initrd"});
        }
    }

    /// The last words of a kernel that stopped, or why the machine was stopped.
    static std::string reason(const Outcome& outcome, const Statements& statements) {
        if (outcome.limit != Limit::none) {
            return fmt::format("the emulator was stopped: too much {}", to_string(outcome.limit));
        }
        if (outcome.status == limit_reached) {
            return "it does not come to an end: the limit of instructions was reached";
        }
        if (outcome.status == waits_for_ever) {
            return "it waits for ever: every hart sleeps and nothing will wake it";
        }
        return last_words(statements)
            .value_or(fmt::format("the machine stopped with status {}", outcome.status));
    }

    const Sandbox& sandbox_;
    const WorkTree& tree_;
    const Tools& tools_;
    const TestPlan& plan_;
    const std::stop_token& stop_;
    std::filesystem::path emulator_;
    Diagnosis diagnosis_;
};

} // namespace

std::optional<std::string> last_words(const Statements& statements) {
    for (auto line = statements.other.rbegin(); line != statements.other.rend(); ++line) {
        for (const std::string_view mark :
             {"not implemented: ", "kernel panic: ", "fault", "assert"}) {
            if (line->contains(mark)) {
                return "the machine stopped: " + *line;
            }
        }
    }
    return std::nullopt;
}

void run_machine_tests(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
                       const TestPlan& plan, std::span<const PlannedTest* const> tests,
                       const TestOptions& options, const OnTest& on_test) {
    std::map<Machine, std::vector<const PlannedTest*>> machines;
    for (const PlannedTest* test : tests) {
        machines[machine_of(*test)].push_back(test);
    }
    MachineRunner runner(sandbox, tree, tools, plan, options);
    Endless endless;
    const auto programs = guest_folder(tree, tools, plan.cpus);
    const Answers answers = Answers::compute(sandbox, tree, plan, tests, options.seed);
    const OnTest judge = [&](const TestRun& run) { on_test(answers.judge(run)); };
    for (const auto& [machine, group] : machines) {
        for (int round = 0;; ++round) {
            const std::vector<std::string> ids = ids_of_round(group, round);
            if (ids.empty() || options.stop.stop_requested()) {
                break;
            }
            const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(round);
            Runs(
                plan, seed, endless,
                [&](std::span<const std::string> some) {
                    return tools.target ? tools.target->run({programs, plan, machine, seed, some},
                                                            options.stop)
                                        : runner.run(machine, seed, some);
                },
                judge, options.stop)
                .run(ids);
        }
    }
}

} // namespace grade
