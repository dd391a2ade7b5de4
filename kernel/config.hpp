// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The configuration of a build, as constants. The Makefile's options arrive here as macros, and
/// nowhere else: code asks with `if constexpr`, or the build chooses files.
/// Kernel and user programs of one build share it, because the number of harts decides the
/// numbers of some invocations (abi/label.hpp).
/// Read next: kernel/abi/types.hpp.
/// @stage{1}
#pragma once

namespace config {

/// Harts the kernel is built for, 1 to 4. A build for one has no locks and no messages between
/// harts, and seL4's one-core labels.
constexpr unsigned harts = REL4_CPUS;
constexpr bool smp = harts > 1;

/// Invariants are checked after every system call; the debug system calls exist.
constexpr bool debug = REL4_DEBUG != 0;

/// Domains of the scheduler: time is divided between them by a fixed schedule.
constexpr unsigned domains = REL4_DOMAINS;
constexpr unsigned domain_schedule_length = domains > 1 ? 100 : 2;

/// @cond NONE
/// Trace points (kernel/lib/trace.hpp) tell what happens, to a plugin of the emulator.
constexpr bool trace = REL4_TRACE != 0;

/// PROFILE=sel4: endpoints, reply capabilities, and faults as messages.
constexpr bool synchronous_ipc = REL4_SYNCHRONOUS_IPC != 0;

/// Short paths for call, reply-and-receive and signal.
constexpr bool fastpath = REL4_FASTPATH != 0;
/// @endcond

/// Log2 of the slots of the root task's CNode (seL4: CONFIG_ROOT_CNODE_SIZE_BITS). A root task that
/// starts a few hundred programs needs most of them.
constexpr unsigned root_cnode_bits = 16;

/// The tick of the kernel, and how many of them a thread runs before its equals do.
constexpr unsigned tick_milliseconds = 2;
constexpr unsigned ticks_per_slice = 5;

} // namespace config
