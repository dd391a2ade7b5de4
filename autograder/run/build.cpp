// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One call of make.
#include "autograder/run/build.hpp"

#include "autograder/run/sources.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>

namespace grade {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A compiler that runs for ever is stopped by the time of its processor.
constexpr Limits limits{.wall = 600s,
                        .cpu = 900s,
                        .memory = 4ull << 30,
                        .processes = 256,
                        .output = 4ull << 20,
                        .disk = 2ull << 30,
                        .temporary = 1ull << 30};

/// make looks at this file to see whether packages must be installed. They need not: this program
/// is one that was built with them, and nothing can be installed in the sandbox.
void note_packages(const WorkTree& tree) {
    const fs::path list = tree.path() / "tools/setup/packages.txt";
    const fs::path stamp = tree.build() / "packages-core";
    fs::create_directories(tree.build());
    if (!fs::exists(stamp) ||
        (fs::exists(list) && fs::last_write_time(stamp) < fs::last_write_time(list))) {
        std::ofstream(stamp, std::ios::trunc).close();
        fs::last_write_time(stamp, fs::file_time_type::clock::now());
    }
}

/// What runs on this machine is made of no source packages.
bool is_for_machine(std::span<const std::string> goals) {
    return std::ranges::any_of(goals,
                               [](std::string_view goal) { return goal.ends_with("-guest"); });
}

} // namespace

std::string Tools::target_name() const { return std::string(target ? target->name() : "qemu"); }

std::string Tools::emulator_name() const {
    return target ? std::string() : fs::canonical(emulator).filename().string();
}

std::string Tools::platform() const { return std::string(target ? target->platform() : "qemu"); }

Build build_goals(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
                  const TestPlan& plan, std::span<const std::string> goals,
                  const std::stop_token& stop) {
    note_packages(tree);
    const Sources sources = is_for_machine(goals) ? fetch_sources(tree, plan) : Sources();
    Command command;
    command.arguments = {"make",
                         "--keep-going",
                         fmt::format("--jobs={}", tools.jobs),
                         "TOOLCHAIN=" + tools.toolchain,
                         "PLATFORM=" + tools.platform(),
                         fmt::format("CPUS={}", plan.cpus),
                         tools.debug ? "DEBUG=1" : "DEBUG=0",
                         "COMPILE_CACHE="}; // nobody else's cache is within reach
    command.arguments.insert(command.arguments.end(), goals.begin(), goals.end());
    command.environment = sources.environment;
    View view{.readonly = sources.folders, .writable = {tree.build()}, .folder = tree.path()};
    view.readonly.push_back(tree.path());
    const Outcome outcome = sandbox.run(command, view, limits, {.line = {}, .stop = stop});
    Build build;
    build.succeeded = outcome.succeeded();
    build.limit = outcome.limit;
    build.errors = read_errors(outcome.err);
    build.log = outcome.out + outcome.err;
    return build;
}

fs::path guest_folder(const WorkTree& tree, const Tools& tools, int cpus) {
    return tree.build() / fmt::format("{}-rel4-{}-cpus{}-debug{}", tools.toolchain,
                                      tools.platform(), cpus, tools.debug ? 1 : 0);
}

} // namespace grade
