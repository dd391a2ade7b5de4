// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade debug: one test of a lab with the same inputs as it is graded with, for a student to
/// look at. A test of the machine boots it, and with --wait it stands before its first instruction
/// until `make gdb` comes; a test on this machine starts under the debugger at once.
/// Read next: ../run/machine_command.hpp.
#include "autograder/command.hpp"
#include "autograder/run/lab.hpp"
#include "autograder/run/machine_command.hpp"
#include "autograder/run/peer.hpp"
#include "autograder/source/marker.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <memory>
#include <thread>
#include <unistd.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string root = ".";
    std::string build = "build";
    std::string emulator = "build/emulator";
    std::string toolchain = "llvm";
    std::string test;
    int lab = 0;
    std::uint64_t seed = 1;
    bool debug = false;
    bool wait = false;
};

constexpr const char* first_address = "0x10000"; ///< of a program: user/lib/program.ld

const PlannedTest& find_test(const TestPlan& plan, const std::string& id) {
    const PlannedTest* const test = plan.find(id);
    if (test == nullptr) {
        std::string ids;
        for (const PlannedTest& each : plan.tests) {
            ids += " " + each.id;
        }
        throw EnvironmentError(
            fmt::format("lab {} has no test \"{}\"; it has{}", plan.lab, id, ids));
    }
    return *test;
}

/// False if the programs of the test cannot be built; it was said why.
bool build(const Lab& lab, int tree_lab, const PlannedTest& test, const Tools& tools,
           const Options& options, WorkTree& tree) {
    IntakeOrder order = lab.order();
    order.lab = tree_lab;
    const Intake intake = take_in(options.root, order);
    if (!intake) {
        throw EnvironmentError(intake.error());
    }
    const Overlay overlay(lab.base(), *intake, Overlay::Labs::all);
    tree.sync(overlay.files());
    fmt::print("building ...\n");
    std::fflush(stdout);
    const std::vector goals = {
        fmt::format("lab{}-{}", lab.plan().lab, test.tier == Tier::host ? "host" : "guest")};
    const Build built = build_goals(Sandbox(Sandbox::Kind::none), tree, tools, lab.plan(), goals);
    for (const CompilerMessage& error : built.errors) {
        const auto origin = overlay.origin(error.file, error.line);
        fmt::print(stderr, "{}:{}: {}\n", error.file, origin ? origin->line : error.line,
                   error.text);
    }
    return built.succeeded;
}

/// Becomes that program. Returns only to throw.
[[noreturn]] void become(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    throw EnvironmentError(command[0] + " cannot be started; make doctor says what is missing");
}

[[noreturn]] void start_host_test(const WorkTree& tree, const TestPlan& plan,
                                  const PlannedTest& test, std::uint64_t seed) {
    ::setenv("REL4_SEED", std::to_string(seed).c_str(), 1); // NOLINT(concurrency-mt-unsafe): alone
    become({"gdb-multiarch", "-quiet", "--args",
            tree.build() / fmt::format("host/lab{}-host", plan.lab),
            fmt::format("--test-case={}:*", test.id)});
}

/// Programs lie at the same addresses, so the debugger has the symbols of one at a time: at first
/// of the root task; its command `program` changes to another.
std::string debugger_commands(const fs::path& programs, int lab, const fs::path& first,
                              const fs::path& socket) {
    std::string others;
    for (const auto& entry : fs::directory_iterator(programs / "user")) {
        const fs::path& file = entry.path();
        if (file.extension() == ".elf" && file != first) {
            others += " " + file.stem().string();
        }
    }
    const std::string name = first.stem().string();
    const std::string user = (programs / "user").string();
    return fmt::format("set architecture riscv:rv64\n"
                       "set confirm off\n"
                       "file {}\n"
                       "define program\n"
                       "remove-symbol-file -a {}\n"
                       "add-symbol-file {}/$arg0.elf\n"
                       "end\n"
                       "document program\n"
                       "program NAME: the symbols of this program, beside the kernel's. There "
                       "are: {}{}\n"
                       "end\n"
                       "add-symbol-file {}/{}.elf\n"
                       "echo Symbols: kernel and {}. Other programs (give \"program NAME\"):{}\\n\n"
                       "target remote {}\n",
                       (programs / fmt::format("lab{}-kernel.elf", lab)).string(), first_address,
                       user, name, others, user, name, name, others.empty() ? " none" : others,
                       socket.string());
}

[[noreturn]] void start_machine(const WorkTree& tree, const TestPlan& plan, const PlannedTest& test,
                                const Tools& tools, const Options& options) {
    const auto programs = guest_folder(tree, tools, plan.cpus);
    const std::vector ids = {test.id};
    if (test.tier == Tier::peer) {
        write_peer_script(Sandbox(Sandbox::Kind::none), tree, test, options.seed);
        fmt::print("the network is played: {}\n",
                   peer_script_path(tree, test.id, options.seed).string());
        std::fflush(stdout);
    }
    auto command = machine_command(tree, tools, plan, machine_of(test), options.seed, ids);
    if (options.wait) {
        // Paths of sockets are short: this one begins in the folder where both terminals are.
        const fs::path socket = fs::path(options.build) / "gdb.socket";
        std::ofstream(fs::path(options.build) / "gdb.commands")
            << debugger_commands(programs, plan.lab, programs / root_task(plan, test.tier), socket);
        fs::remove(socket);
        command.insert(command.end(), {"--gdb", "--gdb-socket", socket});
        fmt::print("the machine waits: give `make gdb` in another terminal\n");
        std::fflush(stdout);
    }
    become(command);
}

Status debug(const Options& options) {
    const SourceTree own = SourceTree::read(options.root);
    const SourceFile* const file = own.find(Marker::path);
    const auto marker = file != nullptr ? Marker::parse(*file) : std::nullopt;
    auto pristine = read_pristine(options.root);
    if (!marker || !pristine) {
        throw EnvironmentError(pristine ? "this is no student's tree: it has no .stage.toml"
                                        : pristine.error());
    }
    const int number = options.lab != 0 ? options.lab : marker->lab;
    if (number > marker->lab) {
        throw EnvironmentError(
            fmt::format("this tree is of lab {}, and lab {} is not in it", marker->lab, number));
    }
    const Lab lab(std::move(*pristine), number, {});
    const PlannedTest& test = find_test(lab.plan(), options.test);
    const Tools tools{.emulator = options.emulator,
                      .toolchain = options.toolchain,
                      .jobs = std::max(std::thread::hardware_concurrency(), 1U),
                      .debug = options.debug};
    WorkTree tree(fs::path(options.build) / fmt::format("grade/lab{}", number));
    if (!build(lab, marker->lab, test, tools, options, tree)) {
        return build_error;
    }
    if (test.tier == Tier::host) {
        start_host_test(tree, lab.plan(), test, options.seed);
    }
    start_machine(tree, lab.plan(), test, tools, options);
}

} // namespace

void add_debug(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand("debug", "Run one test, to be looked at");
    const auto options = std::make_shared<Options>();
    command->add_option("--test", options->test, "its id")->required();
    command->add_option("--lab", options->lab, "the tree's lab, or an earlier one")
        ->check(CLI::Range(1, 7));
    command->add_flag("--debug", options->debug, "the machine's programs check themselves");
    command->add_option("--seed", options->seed, "of its run (default: 1)");
    command->add_flag("--wait", options->wait, "the machine waits for `make gdb`");
    command->add_option("--root", options->root, "top folder of the tree (default: .)");
    command->add_option("--build", options->build, "where to build (default: build)");
    command->add_option("--emulator", options->emulator, "its folder (default: build/emulator)");
    command->add_option("--toolchain", options->toolchain, "llvm or gnu (default: llvm)");
    command->callback([&run, options] { run = [options] { return debug(*options); }; });
}

} // namespace grade
