// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts as programs see them: one thread interrupts another, without the kernel. The
/// receiver's 64 vectors stand for who sent; the sender names its entry of a table by index.
///
///     sender: uipi.send index ──> table[index] = vector v of receiver r ──> r: utvec, bit v
///
/// The kernel only sets this up (UintrRegisterReceiver, UintrRegisterSender).
/// Read next: invocation.hpp, kernel/object/receiver.hpp.
/// @stage{3}
#pragma once

#include "kernel/abi/types.hpp"

namespace abi {

constexpr unsigned user_vectors = 64;      ///< of a receiver
constexpr unsigned sender_table_bits = 12; ///< log2 of the bytes of a sender table
constexpr unsigned sender_entries = 512;   ///< of a table
constexpr Word no_sender = ~Word{0};       ///< an index that names no entry

/// What the kernel tells a receiver of its vectors, in a frame that they share: of vector v, the
/// badge of those who send it. 0: nobody has it, or it is the kernel's own. Several badges or-ed:
/// vectors had run out, and more than one sender has this one.
struct BadgePage {
    Word badges[user_vectors];
};

/// Extra record of the boot info: is there a controller for user interrupts, and what can it do?
struct UserInterruptInfo {
    Word control;   ///< slot of the UintrControl capability
    Word receivers; ///< that the machine has; 0: it has no user interrupts
    Word wakes;     ///< 1: an interrupt wakes a thread that waits in the kernel
    /// 1: harts look at the size of a table of senders, and at what is valid in it. Else whoever
    /// has a table can interrupt anybody, and TcbSetSenderTable wants UintrControl.
    Word checks_senders;
};
constexpr Word extra_user_interrupts = 1024;

} // namespace abi
