// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The runtime of a program that is a part of a test: real coroutines on a real executor, which
/// sleeps when the test says so.
#pragma once

#include "runtime/ipc.hpp"

#include <cstddef>
#include <span>

namespace user {

using abi::CPtr;
using abi::Word;

constexpr Word frame_bytes = 2048;

/// A clock of 1 MHz.
inline Word ticks_of(Word milliseconds) { return milliseconds * 1000; }

class AsyncProcess {
public:
    struct Counts {
        Word traps = 0;
        Word notifications = 0;
    };

    explicit AsyncProcess(rt::Executor& executor) : executor_(&executor) {}
    /// For main functions, which are compiled but never called.
    explicit AsyncProcess(std::span<std::byte>) {}

    [[nodiscard]] rt::FramePool& pool() { return executor_->pool(); }
    [[nodiscard]] rt::Executor& executor() { return *executor_; }
    [[nodiscard]] AsyncProcess& self() { return *this; }
    [[nodiscard]] const Counts& counts() const { return counts_; }

    /// False if there is no frame just now.
    bool spawn(rt::Task<> task, rt::Priority priority = 1) {
        return executor_->spawn(std::move(task), priority);
    }
    template <class Ended>
    void run(Ended) {}

private:
    rt::Executor* executor_ = nullptr;
    Counts counts_;
};

} // namespace user
