// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The kernel's window: all physical memory at a fixed offset, in every address space.
///
///     0xffffffc0'00000000 + physical address = kernel address
///
/// Capabilities name objects by physical address; through the window the kernel reaches them.
/// Host tests put the window where their memory is.
/// Read next: kernel/vm/kernel_map.hpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

#ifdef __riscv
constexpr Word window_base = 0xffff'ffc0'0000'0000;
#else
inline Word window_base = 0;
#endif

/// Physical memory that the window shows: 256 GiB.
constexpr PAddr window_end{Word{1} << 38};

template <class T>
[[nodiscard]] inline T* window(PAddr address) {
    return reinterpret_cast<T*>(window_base + address.value);
}

[[nodiscard]] inline PAddr physical(const void* pointer) {
    return PAddr(reinterpret_cast<Word>(pointer) - window_base);
}
