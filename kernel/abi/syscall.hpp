// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls: register a7 holds the number at `ecall`.
///
///     register  in                              out
///     a0        capability pointer              badge on receiving; 0 after an invocation
///     a1        message info                    message info
///     a2 - a5   message words 0 to 3            message words 0 to 3
///     all other registers                       preserved
///
/// Read next: label.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"

namespace abi {

enum class Syscall : int64_t {
    call = -1, ///< invoke and wait for the answer
    /// @cond NONE
    reply_receive = -2,
    /// @endcond
    send = -3,              ///< invoke
    non_blocking_send = -4, ///< invoke, give up where `send` would block or fault
    /// @cond LAB2
    receive = -5, ///< wait for a notification (and for messages, in profile sel4)
    /// @endcond
    /// @cond NONE
    reply = -6,
    /// @endcond
    yield = -7, ///< let threads of the same priority run
    /// @cond LAB2
    non_blocking_receive = -8, ///< poll
    /// @endcond

    // Debug builds only; elsewhere they are unknown system calls.
    debug_put_char = -9,
    debug_dump_scheduler = -10,
    debug_halt = -11,
    debug_cap_identify = -12,
    debug_snapshot = -13,
    debug_name_thread = -14,
    /// @cond LAB2
    debug_send_ipi = -15,
    debug_thread_affinity = -16,
    /// @endcond
    /// @cond NONE
    benchmark_flush_caches = -18,
    benchmark_null = -22,
    /// @endcond
    /// @cond LAB3

    /// @cond LAB6
    /// The kernel looks at the calling thread's ring of asynchronous system calls.
    uintr_wake_syscall_handler = -41,
    /// @endcond
    /// Sends a user interrupt and sleeps until one comes. In: a0 index of the sender entry
    /// (abi::no_sender: none), a1 deadline in ticks of `time` (0: none). Called with UIE = 0, which
    /// it is afterwards; uepc, ucause and utval are lost.
    /// Out: a0 the pending vectors, which are taken; 0 at the deadline, or without a receiver.
    /// It keeps what a function keeps: sp, gp, tp, s0 to s11. What else is in registers is lost.
    uintr_park = -42,
    /// @endcond
};

} // namespace abi
