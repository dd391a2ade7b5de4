// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Register tp, which in the kernel points to what it keeps for the hart.
/// Read next: kernel/sched/hart.hpp.
/// @stage{2}
#pragma once

[[nodiscard]] inline void* thread_pointer() {
    void* pointer;
    asm("mv %0, tp" : "=r"(pointer));
    return pointer;
}
