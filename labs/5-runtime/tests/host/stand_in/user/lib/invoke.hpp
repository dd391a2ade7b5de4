// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls that a test plays, as far as runtime/notified.cpp makes them.
/// Read next: labs/5-runtime/tests/host/stand_in/runtime/riscv/user_interrupt.hpp.
#pragma once

#include "kernel/abi/invocation.hpp"
#include "runtime/riscv/user_interrupt.hpp"

namespace sel4 {

using abi::CPtr;
using abi::Word;

struct Result {
    Word words[5] = {};

    explicit constexpr operator bool() const { return true; }
};

/// Every invocation succeeds. The kernel's own vector is 63; a sender's index is its capability.
template <class Request, class... Rest>
Result invoke(CPtr object, const Request& /*request*/, const Rest&... /*rest*/) {
    if constexpr (std::is_same_v<Request, abi::UintrRegisterReceiver>)
        return {{63}};
    else
        return {{object}};
}

inline Word uintr_park(Word due, Word deadline) { return rt::hart.park(due, deadline); }

struct PlayedKernel {
    Word badges = 0; ///< with which the notification was signalled
    unsigned waited = 0;
    unsigned polled = 0;
};
inline PlayedKernel kernel;

inline Word wait(CPtr /*notification*/) {
    kernel.waited++;
    return std::exchange(kernel.badges, 0);
}
inline Word poll(CPtr /*notification*/) {
    kernel.polled++;
    return std::exchange(kernel.badges, 0);
}
inline void signal(CPtr /*notification*/) {}
inline void yield() {}
/// @cond LAB6
inline void uintr_wake_syscall_handler() {}
/// @endcond

} // namespace sel4
