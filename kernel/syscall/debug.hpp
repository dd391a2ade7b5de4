// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls that exist in debug builds only: characters to the console, names of threads, the
/// kind of a capability.
/// Read next: debug.cpp.
/// @stage{1}
#pragma once

#include "kernel/abi/syscall.hpp"
#include "kernel/object/tcb.hpp"

namespace debug {

/// Serves the debug system call `number` of the current thread. False if this build has none such.
[[nodiscard]] bool serve(Tcb& tcb, abi::Syscall number);

} // namespace debug
