// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Deleting. With the last capability to an object the object goes too; if that is a CNode or a
/// thread, the capabilities in its slots must go first, and they can be other CNodes, or itself.
/// To do this without recursion and interruptibly, the last capability becomes a *zombie*: it
/// counts the slots that are left, and each step empties the last of them.
///
///     slot: cnode (4 slots)  ->  zombie 4  ->  zombie 3  ->  ...  ->  zombie 0  ->  empty
///
/// If that last slot holds a zombie of another CNode, the two change places, so that the chain of
/// zombies gets shorter at the slot where the deletion began. A CNode that holds its own last
/// capability is a zombie inside itself: deleting it "exposed" leaves it there.
/// @cond LAB2
/// An object at which many threads wait keeps a capability without rights until all are awake.
/// @endcond
/// Always holds between two steps: the tree is whole, so a system call made again goes on.
/// Reference: seL4 manual 3.1.5. Read next: finalise.cpp.
/// @stage{1}
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/syscall/invocation.hpp"

namespace finalise {

/// What debug kernels leave in the memory of an object that is gone. No address (not even a
/// canonical one), no capability of any kind and, in a page table, no valid entry: who still uses
/// the object stops there, and not when the next object in its place is found broken.
constexpr Word freed = 0xdead'f4ee'dead'f4fe;

/// Empties `slot`. `exposed`: a user program asked for it, so that nothing may stay behind;
/// otherwise a zombie that lies within itself may.
[[nodiscard]] Outcome remove(Slot& slot, bool exposed);

/// Deletes every capability that was derived from the one in `slot`.
[[nodiscard]] Outcome revoke(Slot& slot);

/// Empties a slot whose capability is no CNode and no thread. Never interrupted.
void remove_simple(Slot& slot);

} // namespace finalise
