// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A program whose coroutines call one server behind an endpoint (PROFILE=sel4). Each call is over
/// when the coroutine awaits it, so one is on its way at a time.
/// Read next: sync_call.hpp.
/// @stage{none}
#pragma once

#include "user/lib/start_block.hpp"
#include "user/lib/sync_call.hpp"

#include <span>

namespace user {

/// A block of the frame pool.
constexpr Word frame_bytes = 1024;

class Caller {
public:
    /// Connects; `memory` is for coroutine frames.
    Caller(std::span<std::byte> memory, std::string_view service, bool share_space = false)
        : pool_(memory, frame_bytes), executor_(pool_), link_{.endpoint = granted(service)} {
        if (connected() && share_space)
            link_.share_space();
    }
    ~Caller() { link_.stop(); }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    [[nodiscard]] bool connected() const { return link_.endpoint != 0; }
    [[nodiscard]] Link* link() { return &link_; }
    [[nodiscard]] rt::FramePool& pool() { return pool_; }
    bool spawn(rt::Task<> task) { return executor_.spawn(std::move(task), 1); }
    template <class Ended>
    void run(Ended ended) {
        while (!ended())
            executor_.run_until_idle();
    }

    /// One for each call.
    [[nodiscard]] Word traps() const { return link_.calls; }
    [[nodiscard]] static Word notifications() { return 0; }

private:
    rt::FramePool pool_;
    rt::Executor executor_;
    Link link_;
};

} // namespace user
