// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests in the emulator. Time follows counted instructions: a run with the same seed is the same
/// run, and limits are instructions. tools/emulator/run.py starts the machine, watches it and says
/// what its harts were doing when it was stopped.
#include "autograder/run/runs.hpp"

#include <map>
#include <numeric>

namespace grade {

namespace {

using namespace std::chrono_literals;

constexpr Limits limits{.wall = 300s,
                        .cpu = 600s,
                        .memory = 2ull << 30,
                        .processes = 64,
                        .output = 1ull << 20,
                        .disk = 1ull << 20,
                        .temporary = 64ull << 20};

/// Until the root task runs, and to end the run.
constexpr std::uint64_t limit_of_boot = 300'000'000;
/// Where tests have several seeds, the harts take turns of so many instructions.
constexpr const char* random_turns = "200..2000";

// Exit statuses of run.py, beside the guest's own 0 and 1.
constexpr int not_started = 122;
constexpr int stopped_by_watch = 123;
constexpr int limit_reached = 124;
constexpr int waits_for_ever = 125;

/// The machine that tests want: those that want the same one share a run.
struct Machine {
    Tier tier;
    int harts;
    bool random;

    auto operator<=>(const Machine&) const = default;
};

class MachineRunner {
public:
    MachineRunner(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
                  const TestPlan& plan, const std::stop_token& stop)
        : sandbox_(sandbox), tree_(tree), tools_(tools), plan_(plan), stop_(stop),
          emulator_(std::filesystem::canonical(tools.emulator)) {}

    [[nodiscard]] Ending run(const Machine& machine, std::uint64_t seed,
                             std::span<const std::string> ids) const {
        const Nonce nonce = Nonce::draw();
        const Command command{
            .arguments = arguments(machine, seed, ids, nonce), .environment = {}, .nonce = {}};
        const View view{
            .readonly = {tree_.path(), emulator_}, .writable = {}, .folder = tree_.path()};
        const Outcome outcome = sandbox_.run(command, view, limits, {.line = {}, .stop = stop_});
        if (outcome.limit == Limit::none && outcome.status == not_started) {
            throw EnvironmentError("the emulator does not start: " + outcome.err);
        }
        Ending ending;
        ending.statements = read_statements(outcome.out, nonce, ids);
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

private:
    [[nodiscard]] std::vector<std::string> arguments(const Machine& machine, std::uint64_t seed,
                                                     std::span<const std::string> ids,
                                                     const Nonce& nonce) const {
        const auto programs = guest_folder(tree_, tools_, plan_.cpus);
        const std::uint64_t limit = std::accumulate(
            ids.begin(), ids.end(), limit_of_boot,
            [&](std::uint64_t sum, const std::string& id) { return sum + plan_.find(id)->limit; });
        std::vector<std::string> arguments = {
            "tools/emulator/run.py",
            "--qemu",
            emulator_ / "bin/qemu-system-riscv64",
            "--firmware",
            emulator_ / "share/fw_dynamic.bin",
            "--counted",
            "--memory",
            "128M",
            "--first-output",
            "0",
            "--remedy",
            "see the last lines of the log",
            "--harts",
            std::to_string(machine.harts),
            "--stop-after",
            std::to_string(limit),
            "--kernel",
            programs / fmt::format("lab{}-kernel.elf", plan_.lab),
            "--initrd",
            programs / fmt::format("user/lab{}.elf", plan_.lab),
            "--append",
            fmt::format("nonce={} seed={} {}={}", nonce.digits(), seed,
                        machine.tier == Tier::kernel ? "kernel-tests" : "tests",
                        fmt::join(ids, ","))};
        if (machine.random) {
            arguments.insert(arguments.end(),
                             {"--slice", random_turns, "--seed", std::to_string(seed)});
        }
        return arguments;
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
        for (auto line = statements.other.rbegin(); line != statements.other.rend(); ++line) {
            for (const std::string_view mark :
                 {"not implemented: ", "kernel panic: ", "fault", "assert"}) {
                if (line->contains(mark)) {
                    return "the machine stopped: " + *line;
                }
            }
        }
        return fmt::format("the machine stopped with status {}", outcome.status);
    }

    const Sandbox& sandbox_;
    const WorkTree& tree_;
    const Tools& tools_;
    const TestPlan& plan_;
    const std::stop_token& stop_;
    std::filesystem::path emulator_;
};

} // namespace

void run_machine_tests(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
                       const TestPlan& plan, std::span<const PlannedTest* const> tests,
                       const TestOptions& options, const OnTest& on_test) {
    std::map<Machine, std::vector<const PlannedTest*>> machines;
    for (const PlannedTest* test : tests) {
        machines[{test->tier, test->harts, test->seeds > 1 && test->harts > 1}].push_back(test);
    }
    const MachineRunner runner(sandbox, tree, tools, plan, options.stop);
    for (const auto& [machine, group] : machines) {
        for (int round = 0;; ++round) {
            const std::vector<std::string> ids = ids_of_round(group, round);
            if (ids.empty() || options.stop.stop_requested()) {
                break;
            }
            const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(round);
            Runs(
                plan, seed,
                [&](std::span<const std::string> some) { return runner.run(machine, seed, some); },
                on_test)
                .run(ids);
        }
    }
}

} // namespace grade
