// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The kernel's half of every address space: the window (lib/window.hpp), the same everywhere.
///
///     0x00000000'00000000   user programs                  entries 0 to 255 of a root table
///     0xffffffc0'00000000   window: physical memory from 0 on       entries 256 to 511
///
/// The window shows RAM and the registers the kernel uses, in pages of 1 GiB, to read and write
/// but not to execute. Only the kernel's own image is mapped by small pages, each with the rights
/// it needs: nothing can be both written and executed.
/// Reference: RISC-V privileged architecture 1.12, chapter 4.4 (Sv39).
/// Read next: kernel/vm/kernel_map.cpp, kernel/kernel.ld.
/// @stage{1}
#pragma once

#include "kernel/boot/regions.hpp"

class PageTable;

namespace kernel_map {

/// Makes the kernel's own table, which maps the kernel, and `shown` in whole GiB. Until a hart
/// uses it, it has the whole window mapped with all rights.
void build(const Regions& shown);

} // namespace kernel_map

/// Makes the upper half of a root table the kernel's.
void copy_kernel_map(PageTable& root);

/// Where the kernel's own root table lies.
[[nodiscard]] PAddr kernel_root();
