// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread did what it may not, or cannot: it stops, and its fault handler is told.
/// The profile decides how: as a record in a buffer and a signal (fault_rel4.cpp)
/// @cond NONE
/// or as a message to an endpoint (fault_sel4.cpp)
/// @endcond
/// Read next: kernel/ipc/fault_rel4.cpp, kernel/syscall/trap.cpp.
/// @stage{2}
#pragma once

#include "kernel/object/tcb.hpp"

namespace fault {

/// A capability pointer could not be resolved. `in_receive`: of a receive, else of a send.
void capability(Tcb& tcb, CPtr cptr, bool in_receive, const LookupFault& lookup);
void unknown_syscall(Tcb& tcb, Word number);
/// An exception other than of memory: `cause` is register scause.
void user_exception(Tcb& tcb, Word cause);
/// An access to memory failed: `status` is abi::fault_status_....
void memory(Tcb& tcb, VAddr address, Word status);

/// The most words that a fault has.
constexpr unsigned most_words = 11;

/// The words of a thread's fault, as seL4 orders them; how many there are.
Word words(const Tcb& tcb, Word (&words)[most_words]);

/// Tells the handler of `tcb`, or suspends it if there is none. Defined by the profile.
void deliver(Tcb& tcb);

} // namespace fault
