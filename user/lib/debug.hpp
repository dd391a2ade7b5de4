// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls of debug builds. In a release build each of them is a fault: ask config::debug.
/// Read next: kernel/syscall/debug.cpp.
/// @stage{1}
#pragma once

#include "kernel/config.hpp"
#include "user/lib/syscall.hpp"

namespace sel4 {

inline void debug_put_char(char character) {
    trap(abi::Syscall::debug_put_char, static_cast<uint8_t>(character), {});
}

/// Prints every thread and its state.
inline void debug_dump_scheduler() { trap(abi::Syscall::debug_dump_scheduler, 0, {}); }

/// Prints every capability.
inline void debug_snapshot() { trap(abi::Syscall::debug_snapshot, 0, {}); }

/// Stops the machine.
inline void debug_halt() { trap(abi::Syscall::debug_halt, 0, {}); }

/// The kind of a capability, as kernel/cap/cap.hpp numbers them; 0: there is none.
inline Word debug_cap_identify(CPtr cap) {
    return trap(abi::Syscall::debug_cap_identify, cap, {}).badge;
}

/// Gives a thread a name for the kernel's messages.
/// @pre `tcb` is a thread: for anything else the kernel stops the machine.
inline void debug_name_thread(CPtr tcb, const char* name) {
    char* to = reinterpret_cast<char*>(ipc_buffer().message);
    while (*name != '\0')
        *to++ = *name++;
    *to = '\0';
    trap(abi::Syscall::debug_name_thread, tcb, {});
}

/// @cond LAB2
/// Interrupts another hart. Builds for several harts only.
inline void debug_send_ipi(Word hart, Word interrupt) {
    trap(abi::Syscall::debug_send_ipi, hart, {.info = {interrupt}});
}

/// The hart a thread belongs to. Builds for several harts only.
inline Word debug_thread_affinity(CPtr tcb) {
    return trap(abi::Syscall::debug_thread_affinity, tcb, {}).badge;
}
/// @endcond

} // namespace sel4
