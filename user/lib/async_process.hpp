// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The runtime of a program that another one started: an executor on its first thread, which is
/// notified by user interrupts, and the broker.
///
///     user::AsyncProcess process(memory);          // for coroutine frames
///     process.spawn(work(process.pool(), &process));
///     process.run([&] { return done; });
///
/// There is one, and only main()'s thread uses it.
/// Read next: broker.hpp, async_server.hpp.
/// @stage{5}
#pragma once

#include "user/lib/broker.hpp"
#include "user/lib/start_block.hpp"

#include <span>

namespace user {

/// A block of the frame pool: g++'s frames are large.
constexpr Word frame_bytes = 1024;

class AsyncProcess {
public:
    /// Frames of its coroutines come from `memory`. @pre the program was started with a broker
    explicit AsyncProcess(std::span<std::byte> memory);

    [[nodiscard]] rt::FramePool& pool() { return pool_; }
    [[nodiscard]] rt::Executor& executor() { return executor_; }
    [[nodiscard]] rt::Notified& self() { return self_; }
    /// What its thread did to sleep and to notify others.
    [[nodiscard]] const rt::Notified::Counts& counts() const { return self_.counts(); }
    [[nodiscard]] Broker& broker() { return broker_; }
    /// What its thread is registered with.
    [[nodiscard]] const rt::Notified::Objects& objects() const { return objects_; }

    /// False if there is no frame just now. One that is too large for ever ends the program.
    bool spawn(rt::Task<> task, rt::Priority priority = 1);

    /// Runs until `ended()`; sleeps whenever nothing is left to be done.
    template <class Ended>
    void run(Ended ended) {
        self_.run(ended);
    }

private:
    static rt::Notified::Objects make_objects();

    rt::FramePool pool_;
    rt::Executor executor_;
    rt::Notified::Objects objects_;
    rt::Notified self_;
    Broker broker_;
};

} // namespace user
