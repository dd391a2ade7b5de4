// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See worker.hpp.
/// @stage{none}
#include "tools/load/worker.hpp"

namespace load {

void Worker::run() {
    // Edge-triggered: every thread wakes up once for each change.
    local_.poller.add(local_.run.changed.descriptor(), EPOLLIN | EPOLLET, nullptr);
    sweep();
    while (local_.active != 0 && !local_.run.stopped()) {
        admit();
        // Another thread's clients may be in the way of those that wait.
        const auto patience = local_.waiting.empty() ? period_ : std::chrono::milliseconds(1);
        const auto batch = local_.poller.wait(static_cast<int>(patience.count()));
        bool changed = false;
        for (const epoll_event& event : batch) {
            changed = changed || event.data.ptr == nullptr;
            if (event.data.ptr != nullptr)
                static_cast<Client*>(event.data.ptr)->ready(event.events);
        }
        if (changed || Clock::now() - swept_ >= period_)
            sweep();
        answers_ = local_.statistics.answers;
        errors_ = local_.statistics.error_count();
    }
}

void Worker::admit() {
    while (!local_.waiting.empty() && local_.run.is_turn(local_.waiting.front().second)) {
        Client* const client = local_.waiting.front().first;
        local_.waiting.pop_front();
        client->admitted(Clock::now());
    }
}

void Worker::sweep() {
    swept_ = Clock::now();
    for (const auto& client : clients_)
        client->sweep(swept_);
}

} // namespace load
