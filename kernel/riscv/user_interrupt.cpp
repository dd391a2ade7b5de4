// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Are the registers there? An access traps if not; for this one access, traps go behind it.
/// @stage{3}
#include "kernel/riscv/user_interrupt.hpp"

namespace user_interrupt {

constinit bool exist = false;

void probe() {
    Word found;
    asm volatile("la t0, 1f\n"
                 "csrrw t0, stvec, t0\n"
                 "li %0, 0\n"
                 "csrr t1, %1\n"
                 "li %0, 1\n"
                 ".balign 4\n"
                 "1: csrw stvec, t0\n"
                 : "=&r"(found)
                 : "i"(csr::utvec)
                 : "t0", "t1", "memory");
    exist = found != 0;
}

void reset(bool controller) {
    if (!exist)
        return;
    csr::write<csr::sedeleg>(0);
    csr::write<csr::sideleg>(0);
    clear();
    if (!controller)
        return;
    csr::write<csr::suirs>(0);
    csr::write<csr::suist>(0);
}

} // namespace user_interrupt
