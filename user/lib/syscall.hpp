// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The system calls, one function each. The first four words of a message travel in registers;
/// the rest, and extra capabilities, lie in the thread's message buffer, whose address every
/// thread of ours keeps in register tp.
/// The kernel preserves every register that brings no answer back, so nothing is saved here.
/// Read next: invoke.hpp, which makes typed messages to kernel objects; kernel/abi/syscall.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/syscall.hpp"
#include "kernel/abi/types.hpp"
/// @cond LAB3
#include "kernel/abi/user_interrupt.hpp"
/// @endcond

namespace sel4 {

using abi::CPtr;
using abi::MessageInfo;
using abi::Word;

/// A message as far as it travels in registers.
struct Message {
    Word badge = 0; ///< received: which capability it was sent with
    MessageInfo info = {};
    Word words[abi::message_registers] = {};
};

/// The message buffer of the calling thread.
inline abi::IpcBuffer& ipc_buffer() {
    return *static_cast<abi::IpcBuffer*>(__builtin_thread_pointer());
}

/// Any system call that keeps all registers but these: `first` in a0 and the message in a1 to a5;
/// answers what is in them afterwards.
inline Message trap(abi::Syscall number, Word first, const Message& message) {
    register Word a0 asm("a0") = first;
    register Word a1 asm("a1") = message.info.word;
    register Word a2 asm("a2") = message.words[0];
    register Word a3 asm("a3") = message.words[1];
    register Word a4 asm("a4") = message.words[2];
    register Word a5 asm("a5") = message.words[3];
    register Word a7 asm("a7") = static_cast<Word>(number);
    asm volatile("ecall"
                 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5)
                 : "r"(a7)
                 : "memory");
    return {a0, {a1}, {a2, a3, a4, a5}};
}

/// Sends a message and waits for its answer.
inline Message call(CPtr object, const Message& message) {
    return trap(abi::Syscall::call, object, message);
}

/// Sends a message: waits until it is taken, for no answer.
inline void send(CPtr object, const Message& message) { trap(abi::Syscall::send, object, message); }

/// Sends a message if that is possible at once; nobody is told if it is not.
inline void non_blocking_send(CPtr object, const Message& message) {
    trap(abi::Syscall::non_blocking_send, object, message);
}

/// Lets threads of the same priority run.
inline void yield() { trap(abi::Syscall::yield, 0, {}); }

/// @cond LAB2
/// Waits for a message or a signal.
inline Message receive(CPtr object) { return trap(abi::Syscall::receive, object, {}); }

/// Takes a message or signal that is there; else the badge is 0.
inline Message non_blocking_receive(CPtr object) {
    return trap(abi::Syscall::non_blocking_receive, object, {});
}

/// Signals a notification.
inline void signal(CPtr notification) { send(notification, {}); }

/// Waits for a notification; answers the badges that were signalled, or-ed.
inline Word wait(CPtr notification) { return receive(notification).badge; }

/// The badges signalled so far, 0 for none.
inline Word poll(CPtr notification) { return non_blocking_receive(notification).badge; }
/// @endcond

/// @cond LAB3
/// Sends a user interrupt (abi::no_sender: none), then sleeps until one comes or it is `deadline`
/// (0: never). Answers the vectors that came. @pre interrupts are not let in
inline Word uintr_park(Word sender = abi::no_sender, Word deadline = 0) {
    register Word a0 asm("a0") = sender;
    register Word a1 asm("a1") = deadline;
    asm volatile("li a7, %2\n ecall"
                 : "+r"(a0), "+r"(a1)
                 : "i"(abi::Syscall::uintr_park)
                 : "memory", "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a2", "a3", "a4", "a5",
                   "a6", "a7");
    return a0;
}
/// @endcond

/// @cond LAB6
/// The kernel looks at this thread's ring of asynchronous system calls.
inline void uintr_wake_syscall_handler() { trap(abi::Syscall::uintr_wake_syscall_handler, 0, {}); }
/// @endcond

} // namespace sel4
