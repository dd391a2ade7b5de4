// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Short cuts for what servers and clients do all day: a call that somebody waits for, a reply
/// followed by a receive, a signal that wakes nobody. Each checks that nothing unusual is the
/// case, changes nothing until it knows, and then does exactly what the long way would do.
/// Left out (FASTPATH=0), nothing but the number of instructions changes.
/// Profile sel4 only. Read next: fastpath.cpp, kernel/syscall/trap.cpp.
/// @stage{none}
#pragma once

#include "kernel/abi/syscall.hpp"
#include "kernel/object/context.hpp"

namespace fastpath {

/// Serves the system call, if it is a usual one, and returns the context to load; else null, and
/// nothing has changed.
[[nodiscard]] Context* attempt(CPtr cptr, abi::MessageInfo info, abi::Syscall number);

} // namespace fastpath
