// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The fault buffer of profile rel4: a page that a handler shares with the kernel. Faults of its
/// threads arrive there as records in a ring, and a signal tells of them.
///
///     written: records the kernel has put in, ever      taken: records the handler has taken out
///     record i is in records[i % 16]; full: written - taken == 16
///
/// A thread whose fault finds no room, or no buffer, stays stopped without a record.
/// The handler is not trusted by the kernel: whatever it writes here harms only itself.
/// Read next: kernel/ipc/fault_rel4.cpp.
/// @stage{2}
#pragma once

#include "kernel/abi/error.hpp"

namespace abi {

struct FaultRecord {
    Fault label;
    Word badge; ///< of the notification capability that the thread signals
    Word length;
    Word words[13]; ///< as seL4's fault messages
};
static_assert(sizeof(FaultRecord) == 128);

constexpr unsigned fault_records = 16;

struct FaultBuffer {
    alignas(64) Word written; ///< only the kernel writes it
    alignas(64) Word taken;   ///< only the handler writes it
    alignas(64) FaultRecord records[fault_records];
};
static_assert(sizeof(FaultBuffer) <= 4096);

} // namespace abi
