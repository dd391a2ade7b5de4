// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Making this hart see changes of page tables and of code in memory
/// @cond LAB3
/// , and others what it does, in order
/// @endcond
/// .
/// Read next: kernel/vm/kernel_map.cpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

namespace fence {

/// This hart forgets every translation; page tables written before count from now on.
inline void translations() { asm volatile("sfence.vma" : : : "memory"); }

/// This hart executes code that was written before.
inline void instructions() { asm volatile("fence.i" : : : "memory"); }

/// @cond LAB3
/// Memory and devices see what this hart did before in front of what it does next.
inline void devices() { asm volatile("fence iorw, iorw" : : : "memory"); }

/// @endcond
} // namespace fence
