// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One trial, and many side by side.
#include "autograder/check/trial.hpp"

#include <algorithm>
#include <atomic>
#include <fmt/core.h>
#include <mutex>
#include <thread>

namespace grade {

namespace {

namespace fs = std::filesystem;

using Tests = std::vector<const PlannedTest*>;

Tests of_tiers(std::span<const PlannedTest* const> tests, std::initializer_list<Tier> tiers) {
    Tests some;
    for (const PlannedTest* test : tests) {
        if (std::ranges::find(tiers, test->tier) != tiers.end()) {
            some.push_back(test);
        }
    }
    return some;
}

} // namespace

bool Trial::all_passed(std::string_view test) const {
    return std::ranges::any_of(runs, [&](const TestRun& run) { return run.id == test; }) &&
           std::ranges::all_of(runs, [&](const TestRun& run) {
               return run.id != test || run.verdict == TestRun::Verdict::passed;
           });
}

bool Trial::any_failed() const {
    return std::ranges::any_of(
        runs, [](const TestRun& run) { return run.verdict != TestRun::Verdict::passed; });
}

void Bench::build_all(std::span<const SourceFile> files) {
    tree_.sync(files);
    // What fails here is told by who tries the solution.
    static_cast<void>(build_goals(
        sandbox_, tree_, tools_, plan_,
        std::vector{fmt::format("lab{}-host", plan_.lab), fmt::format("lab{}-guest", plan_.lab)}));
}

Trial Bench::run(std::span<const SourceFile> files, std::span<const PlannedTest* const> tests,
                 const Enough& enough) {
    const auto start = std::chrono::steady_clock::now();
    Trial trial;
    tree_.sync(files);
    std::stop_source stop;
    const TestOptions options{.stop = stop.get_token()};
    const auto on_test = [&](const TestRun& run) {
        trial.runs.push_back(run);
        if (enough(run)) {
            stop.request_stop();
        }
    };
    const auto build = [&](std::string_view part) {
        const Build built = build_goals(sandbox_, tree_, tools_, plan_,
                                        std::vector{fmt::format("lab{}-{}", plan_.lab, part),
                                                    fmt::format("lab{}-answers", plan_.lab)});
        trial.built = built.succeeded;
        trial.errors = built.errors;
        trial.log = built.succeeded ? "" : built.log;
        return built.succeeded;
    };
    const Tests host = of_tiers(tests, {Tier::host});
    const Tests machine = of_tiers(tests, {Tier::kernel, Tier::guest, Tier::peer});
    if (host.empty() || build("host")) {
        run_host_tests(sandbox_, tree_, plan_, host, options, on_test);
        if (!machine.empty() && !stop.stop_requested() && build("guest")) {
            run_machine_tests(sandbox_, tree_, tools_, plan_, machine, options, on_test);
        }
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    trial.seconds = time.count();
    return trial;
}

Workshop::Workshop(const Sandbox& sandbox, const Tools& tools, const LabTrees& trees,
                   const fs::path& folder, unsigned workers) {
    const auto files = trees.tree_with(trees.exercises());
    for (unsigned worker = 0; worker < std::max(workers, 1U); ++worker) {
        benches_.push_back(std::make_unique<Bench>(sandbox, tools, trees.plan(),
                                                   folder / fmt::format("worker-{}", worker)));
        Bench& bench = *benches_.back();
        if (worker > 0 && !fs::exists(bench.tree().build())) {
            bench.take_build_of(*benches_.front());
        } else {
            bench.build_all(files);
        }
    }
}

void Workshop::run(std::vector<Work> pieces) {
    std::atomic<std::size_t> next = 0;
    std::exception_ptr failure;
    std::mutex mutex; // guards failure
    {
        std::vector<std::jthread> threads;
        threads.reserve(benches_.size());
        for (const std::unique_ptr<Bench>& bench : benches_) {
            threads.emplace_back([&] {
                for (std::size_t i = next++; i < pieces.size(); i = next++) {
                    try {
                        pieces[i](*bench);
                    } catch (...) {
                        const std::scoped_lock hold(mutex);
                        failure = std::current_exception();
                        next = pieces.size();
                    }
                }
            });
        }
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace grade
