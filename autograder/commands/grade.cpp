// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade grade: a student grades her own tree. What is built is what the instructor's grader
/// builds: the starter with her exercises. But exercises of earlier labs are her own, for the
/// reference's are not hers to have.
/// Read next: ../run/lab.hpp.
#include "autograder/command.hpp"
#include "autograder/results/terminal.hpp"
#include "autograder/run/interruption.hpp"
#include "autograder/run/lab.hpp"
#include "autograder/source/marker.hpp"
#include "autograder/student/starter.hpp"
#include "autograder/student/submit.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>
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
    std::vector<std::string> tests;
    int lab = 0;
    std::uint64_t seed = 1;
    bool debug = false;
    bool is_full = false;
    bool verbose = false;
    bool is_unsafe = false;
};

class OnTerminal final : public Follower {
public:
    OnTerminal(bool verbose, fs::path file)
        : style_(terminal_style(STDOUT_FILENO)), verbose_(verbose), file_(std::move(file)) {}

    void step(const std::string& what) override {
        fmt::print("{} ...\n", what);
        std::fflush(stdout);
    }
    void test(const TestResult& test) override {
        fmt::print("{}{}", live_line(test, style_), failure_text(test, style_));
        if (verbose_ && !test.log.empty()) {
            fmt::print("{}\n", test.log);
        }
        std::fflush(stdout);
    }
    void partial(const Result& result) override { write_result(result, file_); }

    [[nodiscard]] const TerminalStyle& style() const { return style_; }

private:
    TerminalStyle style_;
    bool verbose_;
    fs::path file_;
};

/// Which lab the tree is of, by its own word.
int lab_of(const SourceTree& tree) {
    const SourceFile* const file = tree.find(Marker::path);
    const auto marker = file != nullptr ? Marker::parse(*file) : std::nullopt;
    if (!marker) {
        throw EnvironmentError("this is no student's tree: it has no .stage.toml that says which "
                               "lab it is; get one from the repository of the course");
    }
    return marker->lab;
}

Status status_of(const Result& result) {
    if (result.status == ResultStatus::build_error) {
        return build_error;
    }
    return result.score >= result.max ? full : not_full;
}

/// The tests that are meant: by their ids, or by how ids begin.
std::vector<std::string> meant(const std::vector<std::string>& wanted, const TestPlan& plan) {
    std::vector<std::string> ids;
    for (const std::string& each : wanted) {
        bool is_known = false;
        for (const PlannedTest& test : plan.tests) {
            if (test.id == each || (plan.find(each) == nullptr && test.id.starts_with(each))) {
                is_known = true;
                ids.push_back(test.id);
            }
        }
        if (!is_known) {
            throw EnvironmentError(fmt::format("lab {} has no test \"{}\", nor one that begins so: "
                                               "its handout names them, make grade lists them",
                                               plan.lab, each));
        }
    }
    std::ranges::sort(ids);
    const auto twice = std::ranges::unique(ids);
    ids.erase(twice.begin(), twice.end());
    return ids;
}

bool all_passed(const Result& result, const std::vector<std::string>& ids) {
    return std::ranges::all_of(ids, [&](const std::string& id) {
        const auto test = std::ranges::find(result.tests, id, &TestResult::id);
        return test != result.tests.end() && test->status == TestStatus::passed;
    });
}

/// What was changed in files that hold no exercise.
std::vector<std::string> edits_outside(const Options& options, const SourceTree& pristine,
                                       const IntakeOrder& order) {
    const auto frame = [&](std::vector<SourceFile> files) {
        std::erase_if(files, [&](const SourceFile& file) {
            return order.wanted.contains(file.path) || file.path == Marker::path;
        });
        return files;
    };
    return edits_elsewhere(frame(read_folder(options.root).files), frame(pristine.files()));
}

/// A run of all tests, beside the ones before.
void show_whole(const Options& options, const Result& result, const TerminalStyle& style) {
    const fs::path file = history_path(options.build, result.lab);
    const History history = read_history(file);
    fmt::print("\n{}", summary_text(result, compare(history, result), style));
    if (!options.debug) { // a kernel that checks itself is another one: no run is compared with it
        write_history(with(history, result), file);
    }
}

/// Grades one lab of a tree that has it, be it the tree's own or an earlier one.
Status grade_lab(const Options& options, int number, int tree_lab, std::stop_token stop) {
    auto pristine = read_pristine(options.root);
    if (!pristine) {
        throw EnvironmentError(pristine.error());
    }
    const Lab lab(*pristine, number, find_compiler(options.toolchain));
    const Sandbox sandbox(options.is_unsafe ? Sandbox::Kind::none : Sandbox::Kind::bubblewrap);
    const Tools tools{.emulator = options.emulator,
                      .toolchain = options.toolchain,
                      .jobs = std::max(std::thread::hardware_concurrency(), 1U),
                      .debug = options.debug};
    const std::vector<std::string> only = meant(options.tests, lab.plan());
    const Job job{.plan = lab.plan(),
                  .bands = lab.bands(),
                  .sandbox = sandbox,
                  .tools = tools,
                  .seed = options.seed,
                  .only = only,
                  .stop = std::move(stop)};
    const fs::path folder = fs::path(options.build) / fmt::format("grade/lab{}", number);
    WorkTree tree(folder);
    OnTerminal follower(options.verbose, folder / "result.json");
    if (number > 1) {
        follower.step(fmt::format("lab {} on your own labs before it (the course grades it on the "
                                  "reference's)",
                                  number));
    }
    IntakeOrder order = lab.order();
    order.lab = tree_lab;
    const Intake intake = take_in(options.root, order);
    Result result = grade_submission(lab, intake, Overlay::Labs::all, job, tree, follower);
    std::ranges::move(edits_outside(options, *pristine, order),
                      std::back_inserter(result.warnings));
    follower.partial(result);
    if (!only.empty() && intake && !is_fault_of_grader(result)) {
        fmt::print("\n{}", summary_of_some(result, only, follower.style()));
        return all_passed(result, only) ? full : std::max(not_full, status_of(result));
    }
    show_whole(options, result, follower.style());
    return status_of(result);
}

/// Gives the worst status.
Status run_grade(const Options& options) {
    const Interruption interruption;
    const int tree_lab = lab_of(SourceTree::read(options.root));
    const int last = options.lab != 0 ? options.lab : tree_lab;
    if (last > tree_lab) {
        throw EnvironmentError(fmt::format(
            "this tree is of lab {}, and lab {} is not in it: get its tree with make next-lab",
            tree_lab, last));
    }
    Status worst = full;
    for (int number = options.is_full ? 1 : last; number <= last; number++) {
        if (options.is_full) {
            fmt::print("{}Lab {}\n", number == 1 ? "" : "\n", number);
        }
        worst = std::max(worst, grade_lab(options, number, tree_lab, interruption.token()));
    }
    return worst;
}

} // namespace

void add_grade(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand("grade", "Grade the exercises of this tree");
    const auto options = std::make_shared<Options>();
    command->add_option("--lab", options->lab, "the tree's lab, or an earlier one")
        ->check(CLI::Range(1, 7));
    command->add_option("--test", options->tests, "only these tests: an id, or how several begin");
    command->add_flag("--debug", options->debug, "the machine's programs check themselves");
    command->add_option("--seed", options->seed, "of the first run (default: 1)");
    command->add_flag("--full", options->is_full, "the earlier labs as well");
    command->add_flag("--verbose", options->verbose, "show what failing tests printed");
    command->add_option("--root", options->root, "top folder of the tree (default: .)");
    command->add_option("--build", options->build, "where to build (default: build)");
    command->add_option("--emulator", options->emulator, "its folder (default: build/emulator)");
    command->add_option("--toolchain", options->toolchain, "llvm or gnu (default: llvm)");
    command->add_flag("--unsafe", options->is_unsafe, "run without bubblewrap");
    command->callback([&run, options] { run = [options] { return run_grade(*options); }; });
}

} // namespace grade
