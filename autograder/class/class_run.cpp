// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Workers take one submission after the other; each has a tree of its own, in which the starter is
/// built first, so that a submission costs only what it changes.
#include "autograder/class/class_run.hpp"

#include "autograder/class/integration.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/digest.hpp"
#include "autograder/source/marker.hpp"

#include <atomic>
#include <fmt/core.h>
#include <mutex>
#include <thread>

namespace grade {

namespace {

namespace fs = std::filesystem;

/// Writes down what there is so far.
class Recorder final : public Follower {
public:
    explicit Recorder(fs::path file) : file_(std::move(file)) {}
    void step(const std::string&) override {}
    void test(const TestResult&) override {}
    void partial(const Result& result) override {
        Result so_far = result;
        so_far.complete = false;
        write_result(so_far, file_);
    }

private:
    fs::path file_;
};

/// Names the starter that it began with, which is the student's word.
void describe_starter(SubmissionInfo& info, const Submission& submission, const Lab& lab) {
    const auto text = submission.files.find(Marker::path);
    if (text == submission.files.end()) {
        return;
    }
    const auto own = Marker::parse({Marker::path, text->second});
    const SourceFile* const ours = lab.base().tree().find(Marker::path);
    const auto course = ours != nullptr ? Marker::parse(*ours) : std::nullopt;
    info.starter = own ? own->digest : "";
    info.stale = own && course && own->digest != course->digest;
}

class Worker {
public:
    Worker(const ClassJob& job, WorkTree& tree) : job_(job), tree_(tree) {}

    /// @return with whether it was graded before
    std::pair<Result, bool> grade(const HandedIn& handed_in) {
        const fs::path file = result_path(job_.out, handed_in.id);
        const std::uint64_t seed = handed_in.seed        ? *handed_in.seed
                                   : job_.personal_seeds ? personal_seed(job_.seed, handed_in.id)
                                                         : job_.seed;
        Result fault = empty_result(job_.lab.plan(), job_.lab.manifest());
        fault.submission.id = handed_in.id;
        fault.course = job_.course;
        fault.sandbox = job_.sandbox.name();
        fault.target = job_.tools.target_name();
        fault.seed = seed;
        try {
            auto [result, kept] = grade_or_throw(handed_in, seed, file);
            if (!job_.stop.stop_requested()) { // else what was recorded so far stays
                finish(result, file);
            }
            return {std::move(result), kept};
        } catch (const EnvironmentError& error) {
            fault.status = ResultStatus::env_error;
            fault.message = error.what();
        } catch (const std::exception& error) {
            fault.status = ResultStatus::internal;
            fault.message = error.what();
        }
        if (!job_.stop.stop_requested()) {
            finish(fault, file);
        }
        return {std::move(fault), false};
    }

private:
    void keep_sources(const std::string& id, const Submission& submission) {
        if (!job_.keeps_sources) {
            return;
        }
        const fs::path folder = sources_path(job_.out, id);
        fs::remove_all(folder);
        for (const auto& [path, content] : submission.files) {
            fs::create_directories((folder / path).parent_path());
            write_file(folder / path, content);
        }
    }

    std::optional<Result> graded_before(const fs::path& file, const Opened& opened,
                                        std::uint64_t seed) const {
        if (job_.again || !opened.intake || !fs::exists(file)) {
            return std::nullopt;
        }
        auto before = read_result(file);
        const bool is_same =
            before && is_graded(*before) && before->course == job_.course && before->seed == seed &&
            before->lab == job_.lab.plan().lab && before->target == job_.tools.target_name() &&
            before->toolchain == job_.lab.compiler().text() &&
            before->emulator == job_.tools.emulator_name() &&
            before->submission.digest == opened.intake->digest &&
            (before->integration.points > 0) == (job_.integration && before->lab > 1);
        return is_same ? std::optional(std::move(*before)) : std::nullopt;
    }

    std::pair<Result, bool> grade_or_throw(const HandedIn& handed_in, std::uint64_t seed,
                                           const fs::path& file) {
        const Opened opened = job_.open(handed_in);
        SubmissionInfo info{.id = handed_in.id,
                            .source = opened.from,
                            .digest = {},
                            .starter = {},
                            .late_days = opened.late_days,
                            .late_percent = opened.late_percent};
        if (opened.intake) {
            describe_starter(info, *opened.intake, job_.lab);
            keep_sources(handed_in.id, *opened.intake);
        }
        if (auto before = graded_before(file, opened, seed)) {
            before->submission.late_days = info.late_days;
            before->submission.late_percent = info.late_percent;
            return {std::move(*before), true};
        }
        const Job job{.plan = job_.lab.plan(),
                      .bands = job_.lab.bands(),
                      .sandbox = job_.sandbox,
                      .tools = job_.tools,
                      .seed = seed,
                      .only = {},
                      .stop = job_.stop,
                      .submission = info,
                      .course = job_.course};
        Recorder recorder(file);
        Result result = grade_submission(job_.lab, opened.intake, Overlay::Labs::this_one, job,
                                         tree_, recorder);
        if (opened.intake && job_.integration) {
            integrate(job_.lab, *opened.intake, job, tree_, result);
        }
        return {std::move(result), false};
    }

    static void finish(Result& result, const fs::path& file) {
        result.late_penalty =
            is_fault_of_grader(result) ? 0 : result.score * result.submission.late_percent / 100;
        write_result(result, file);
    }

    const ClassJob& job_;
    WorkTree& tree_;
};

/// Trees with the starter, built: one builds it, the others take it over.
std::vector<std::unique_ptr<WorkTree>> prepare_trees(const ClassJob& job, std::size_t count) {
    std::vector<std::unique_ptr<WorkTree>> trees;
    for (std::size_t i = 0; i < count; ++i) {
        trees.push_back(std::make_unique<WorkTree>(
            job.work / fmt::format("lab{}-worker-{}", job.lab.plan().lab, i)));
        WorkTree& tree = *trees.back();
        if (i > 0) {
            tree.take_build_of(*trees.front());
            continue;
        }
        tree.sync(job.lab.base().tree().files());
        Tools tools = job.tools;
        tools.jobs *= job.workers;
        // What fails here fails again, where somebody is told.
        static_cast<void>(build_goals(job.sandbox, tree, tools, job.lab.plan(),
                                      std::vector{fmt::format("lab{}-host", job.lab.plan().lab),
                                                  fmt::format("lab{}-guest", job.lab.plan().lab)},
                                      job.stop));
    }
    return trees;
}

/// Hands submissions out to workers, and collects what came of them.
class Queue {
public:
    Queue(const ClassJob& job, std::span<const HandedIn> submissions, const OnStep& on_step)
        : job_(job), submissions_(submissions), on_step_(on_step), results_(submissions.size()) {}

    /// One worker's day.
    void work(WorkTree& tree) {
        Worker worker(job_, tree);
        for (std::size_t i = next_++; i < submissions_.size() && !job_.stop.stop_requested();
             i = next_++) {
            try {
                auto [result, kept] = worker.grade(submissions_[i]);
                take(i, std::move(result), kept);
            } catch (...) {
                const std::scoped_lock hold(mutex_);
                failure_ = std::current_exception();
                next_ = submissions_.size();
            }
        }
    }

    /// @throws what a worker could not go on with
    std::vector<Result> results() {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
        std::vector<Result> all;
        for (std::optional<Result>& result : results_) {
            if (result) {
                all.push_back(std::move(*result));
            }
        }
        return all;
    }

private:
    void take(std::size_t index, Result result, bool kept) {
        const std::scoped_lock hold(mutex_);
        if (!job_.stop.stop_requested()) {
            const Result& taken = results_[index].emplace(std::move(result));
            on_step_({++done_, submissions_.size(), taken, kept});
        }
    }

    const ClassJob& job_;
    std::span<const HandedIn> submissions_;
    const OnStep& on_step_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_; ///< guards what follows
    std::vector<std::optional<Result>> results_;
    std::size_t done_ = 0;
    std::exception_ptr failure_;
};

} // namespace

fs::path sources_path(const fs::path& results, std::string_view id) {
    return results / "sources" / file_name_of(id);
}

std::uint64_t personal_seed(std::uint64_t seed, std::string_view id) {
    const std::string digest = sha256(fmt::format("{} {}", seed, id));
    return std::stoull(digest.substr(0, 7), nullptr, 16) + 1;
}

std::vector<Result> grade_class(const ClassJob& job, std::span<const HandedIn> submissions,
                                const OnStep& on_step) {
    const auto trees =
        prepare_trees(job, std::min<std::size_t>(std::max(job.workers, 1U), submissions.size()));
    Queue queue(job, submissions, on_step);
    {
        std::vector<std::jthread> threads;
        threads.reserve(trees.size());
        for (const auto& tree : trees) {
            threads.emplace_back([&queue, &tree] { queue.work(*tree); });
        }
    }
    return queue.results();
}

} // namespace grade
