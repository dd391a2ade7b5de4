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

/// Each serves its system call of the current thread, the long way if it is an unusual one, and
/// returns the context to load. Parameters are what the thread's registers hold. Not inlined: so
/// that each saves only the registers that it needs itself.
[[nodiscard, gnu::noinline]] Context* call(CPtr cptr, abi::MessageInfo info, Word word0, Word word1,
                                           Word word2, Word word3);
[[nodiscard, gnu::noinline]] Context* reply_receive(CPtr cptr, abi::MessageInfo info, Word word0,
                                                    Word word1, Word word2, Word word3);
[[nodiscard, gnu::noinline]] Context* send(CPtr cptr, abi::MessageInfo info);

} // namespace fastpath
