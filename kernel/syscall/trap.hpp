// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Ways into the kernel and out of it.
/// Read next: trap.cpp.
/// @stage{1}
#pragma once

#include "kernel/abi/syscall.hpp"
#include "kernel/object/context.hpp"
/// @cond LAB2
#include "kernel/lib/lock.hpp"
#include "kernel/sched/remote.hpp"
/// @endcond

extern "C" {

/// A system call of the current thread; the parameters are registers a0 to a7 as it left them.
/// Returns the context to load.
Context* syscall_entry(CPtr cptr, abi::MessageInfo info, Word word0, Word word1, Word word2,
                       Word word3, Word a6, abi::Syscall number);

/// @cond NONE
/// UintrPark: only what park keeps has been saved.
Context* park_entry(Word sender, Word deadline);
/// @endcond

/// An exception or interrupt: registers scause and stval. Returns the context to load.
Context* trap_entry(Word number, Word value);

/// The kernel itself trapped: says where, and stops the machine.
[[noreturn]] void kernel_trapped(Word pc, Word number, Word value);

/// Loads a context and goes on in user mode: assembler.
[[noreturn]] void return_to_user(Context* context);
}

struct Tcb;

namespace trap {

/// For a hart at the end of its boot: from now on it is as if `tcb` had trapped.
void enter_first_time(Tcb& tcb);

/// @cond LAB2
/// The one lock of the kernel: taken at every way in.
extern constinit TicketLock kernel_lock;

/// Lets go of the lock: on every way out.
inline void unlock() {
    remote::send_wanted();
    if constexpr (config::smp)
        kernel_lock.release();
}
/// @endcond

/// Serves a system call of the current thread, up to leave().
[[nodiscard, gnu::noinline]] Context* serve(CPtr cptr, abi::MessageInfo info, abi::Syscall number);

/// @cond NONE
/// The same for call, the commonest: it needs no look at the number.
[[nodiscard, gnu::noinline]] Context* serve_call(CPtr cptr, abi::MessageInfo info);
/// @endcond

/// The end of every trap: chooses what runs, lets go of the lock. Returns the context to load.
Context* leave();

} // namespace trap
