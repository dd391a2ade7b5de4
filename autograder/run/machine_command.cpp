// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The options of the emulator.
#include "autograder/run/machine_command.hpp"

#include <fmt/format.h>
#include <numeric>

namespace grade {

namespace {

/// Until the root task runs, and to end the run.
constexpr std::uint64_t limit_of_boot = 300'000'000;
/// Where tests have several seeds, the harts take turns of so many instructions.
constexpr const char* random_turns = "200..2000";

} // namespace

Machine machine_of(const PlannedTest& test) {
    return {test.tier, test.harts, test.seeds > 1 && test.harts > 1};
}

std::string boot_arguments(const Machine& machine, std::uint64_t seed,
                           std::span<const std::string> ids, std::string_view nonce) {
    return fmt::format(
        "{}{}{}seed={} {}={}", nonce.empty() ? "" : "nonce=", nonce, nonce.empty() ? "" : " ", seed,
        machine.tier == Tier::kernel ? "kernel-tests" : "tests", fmt::join(ids, ","));
}

std::uint64_t instruction_limit(const TestPlan& plan, std::span<const std::string> ids) {
    return std::accumulate(
        ids.begin(), ids.end(), limit_of_boot,
        [&](std::uint64_t sum, const std::string& id) { return sum + plan.find(id)->limit; });
}

std::vector<std::string> machine_command(const WorkTree& tree, const Tools& tools,
                                         const TestPlan& plan, const Machine& machine,
                                         std::uint64_t seed, std::span<const std::string> ids,
                                         std::string_view nonce) {
    const auto emulator = std::filesystem::canonical(tools.emulator);
    const auto programs = guest_folder(tree, tools, plan.cpus);
    std::vector<std::string> command = {"tools/emulator/run.py",
                                        "--qemu",
                                        emulator / "bin/qemu-system-riscv64",
                                        "--firmware",
                                        emulator / "share/fw_dynamic.bin",
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
                                        std::to_string(instruction_limit(plan, ids)),
                                        "--kernel",
                                        programs / fmt::format("lab{}-kernel.elf", plan.lab),
                                        "--initrd",
                                        programs / fmt::format("user/lab{}.elf", plan.lab),
                                        "--append",
                                        boot_arguments(machine, seed, ids, nonce)};
    if (machine.random) {
        command.insert(command.end(), {"--slice", random_turns, "--seed", std::to_string(seed)});
    }
    return command;
}

} // namespace grade
