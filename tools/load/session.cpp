// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See session.hpp.
/// @stage{none}
#include "tools/load/session.hpp"

#include "tools/load/connection.hpp"
#include "tools/load/misbehaving.hpp"

#include <poll.h>

namespace load {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds usual_period(10); ///< how exact time-outs are
constexpr milliseconds bad_period(1);    ///< how exact the pauses of bad clients are
constexpr milliseconds show_period(1000);
constexpr std::size_t own_descriptors = 64; ///< and more than enough

double since(const Run& run, Time now) {
    return std::chrono::duration<double>(now - run.start()).count();
}

class Session {
public:
    Session(const Options& options, const Event& interrupt) : run_(options), interrupt_(interrupt) {
        for (unsigned first = 0; first < options.threads; first++) {
            workers_.push_back(std::make_unique<Worker>(run_, usual_period));
            for (unsigned i = first; i < options.connections; i += options.threads)
                workers_.back()->add<Connection>(i);
        }
        unsigned index = options.connections;
        for (std::size_t kind = 0; kind < kind_names.size(); kind++)
            for (unsigned i = 0; i < options.misbehaving.at(kind); i++)
                bad_.add<Misbehaving>(static_cast<Kind>(kind), index++);
        allow_descriptors(index + own_descriptors);
    }

    Result perform(const std::function<void(const Progress&)>& show) {
        running_ = static_cast<unsigned>(workers_.size());
        std::vector<std::jthread> threads;
        threads.reserve(workers_.size() + 1);
        for (const auto& worker : workers_)
            threads.emplace_back([this, &worker] { work(*worker); });
        threads.emplace_back([this] { bad_.run(); });
        wait(show);
        const Time end = Clock::now();
        run_.stop(); // bad clients never end by themselves
        threads.clear();
        return result(end);
    }

private:
    void work(Worker& worker) {
        worker.run();
        if (--running_ == 0)
            ended_.set();
    }

    /// Until all workers have ended, or somebody interrupts them.
    void wait(const std::function<void(const Progress&)>& show) {
        Time shown = Clock::now();
        pollfd events[] = {{ended_.descriptor().number(), POLLIN, 0},
                           {interrupt_.descriptor().number(), POLLIN, 0}};
        while (poll(events, std::size(events), 50) <= 0 ||
               (events[0].revents | events[1].revents) == 0) {
            if (!show || Clock::now() - shown < show_period)
                continue;
            shown += show_period;
            show(progress(Clock::now()));
        }
        interrupted_ = events[1].revents != 0;
    }

    [[nodiscard]] Progress progress(Time now) const {
        Progress progress{run_.started() ? since(run_, now) : 0, 0, 0};
        for (const auto& worker : workers_) {
            progress.answers += worker->answers();
            progress.errors += worker->errors();
        }
        return progress;
    }

    [[nodiscard]] Result result(Time end) const {
        Result result;
        for (const auto& worker : workers_)
            result.statistics.merge(worker->statistics());
        result.statistics.merge(bad_.statistics());
        result.seconds = run_.started() ? since(run_, end) : 0;
        result.interrupted = interrupted_;
        return result;
    }

    Run run_;
    const Event& interrupt_;
    std::vector<std::unique_ptr<Worker>> workers_;
    Worker bad_{run_, bad_period};
    Event ended_;
    std::atomic<unsigned> running_ = 0;
    bool interrupted_ = false;
};

} // namespace

Result perform(const Options& options, const Event& interrupt,
               const std::function<void(const Progress&)>& show) {
    return Session(options, interrupt).perform(show);
}

} // namespace load
