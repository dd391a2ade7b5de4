// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asynchronous system calls of a program that another one started. As long as this lives, the
/// calls of its first thread's coroutines (runtime/system_calls.hpp) may share their traps.
///
///     user::AsyncCalls calls(process);
///     ...
///     const auto mapped = co_await async::page_map(frame, space, address, rights);
///
/// Without memory for it they trap, one by one.
/// Read next: async_calls.cpp, runtime/system_calls.hpp.
/// @stage{6}
#pragma once

#include "runtime/system_calls.hpp"
#include "user/lib/async_process.hpp"

namespace user {

class AsyncCalls {
public:
    explicit AsyncCalls(AsyncProcess& process);

    /// Calls that trapped one by one, so far.
    [[nodiscard]] Word by_trap() const { return calls_ ? calls_->by_trap : 0; }

private:
    std::optional<rt::SystemCalls> calls_;
};

} // namespace user
