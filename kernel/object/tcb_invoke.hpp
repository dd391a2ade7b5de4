// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Invocations of thread capabilities.
/// Reference: seL4 manual, chapter 6. Read next: tcb_invoke.cpp, tcb_registers.cpp.
/// @stage{2}
#pragma once

#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"

namespace thread {

/// Every invocation of the thread capability in `slot`.
[[nodiscard]] Result<Outcome> invoke(Invocation& call, Slot& slot);

/// Those that read and write registers.
[[nodiscard]] Result<Outcome> read_registers(Invocation& call, Slot& slot,
                                             const abi::TcbReadRegisters& message);
[[nodiscard]] Result<Outcome> write_registers(Invocation& call, Slot& slot,
                                              const abi::TcbWriteRegisters& message);
[[nodiscard]] Result<Outcome> copy_registers(Invocation& call, Slot& slot,
                                             const abi::TcbCopyRegisters& message);
[[nodiscard]] Result<Outcome> set_tls_base(Invocation& call, Slot& slot,
                                           const abi::TcbSetTlsBase& message);

} // namespace thread
