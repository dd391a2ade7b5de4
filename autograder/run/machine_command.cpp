// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The options of the emulator.
#include "autograder/run/machine_command.hpp"

#include "autograder/run/peer.hpp"

#include <fmt/format.h>
#include <numeric>

namespace grade {

namespace {

/// Until the root task runs, and to end the run.
constexpr std::uint64_t limit_of_boot = 300'000'000;
/// Where tests have several seeds, the harts take turns of so many instructions.
constexpr const char* random_turns = "200..2000";
/// Of a machine whose network is played: as tools/net/frames.py has them.
constexpr const char* addresses = "net=10.0.2.15/24,10.0.2.2";

/// A value among QEMU's options, which are parted by commas.
std::string quoted(const std::string& value) {
    std::string result;
    for (const char letter : value) {
        result.append(letter == ',' ? 2 : 1, letter);
    }
    return result;
}

void play(std::vector<std::string>& command, const std::string& script) {
    command.insert(command.end(),
                   {"--net", fmt::format("script:{},stop=on,log=/dev/stderr", quoted(script))});
}

} // namespace

Machine machine_of(const PlannedTest& test) {
    return {test.tier, test.harts, test.seeds > 1 && test.harts > 1};
}

std::string root_task(const TestPlan& plan, Tier tier) {
    return fmt::format("user/lab{}{}.elf", plan.lab, tier == Tier::peer ? "-peer" : "");
}

std::string boot_arguments(const Machine& machine, std::uint64_t seed,
                           std::span<const std::string> ids, std::string_view nonce) {
    if (machine.tier == Tier::peer) {
        return addresses;
    }
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
                                        programs / root_task(plan, machine.tier),
                                        "--append",
                                        boot_arguments(machine, seed, ids, nonce)};
    if (machine.tier == Tier::peer) {
        play(command, peer_script_path(tree, ids.front(), seed));
    }
    if (machine.random) {
        command.insert(command.end(), {"--slice", random_turns, "--seed", std::to_string(seed)});
    }
    return command;
}

} // namespace grade
