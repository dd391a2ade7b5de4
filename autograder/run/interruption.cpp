// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread waits for the signals, which no other thread gets.
#include "autograder/run/interruption.hpp"

namespace grade {

namespace {

constexpr timespec look_again{0, 100'000'000};

} // namespace

Interruption::Interruption() {
    sigemptyset(&signals_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        sigaddset(&signals_, signal);
    }
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    waiter_ = std::jthread([this](const std::stop_token& ended) {
        while (!ended.stop_requested()) {
            if (sigtimedwait(&signals_, nullptr, &look_again) > 0) {
                source_.request_stop();
                pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
                return;
            }
        }
    });
}

Interruption::~Interruption() {
    waiter_.request_stop();
    waiter_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

} // namespace grade
