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

void save(UserInterruptContext& context) {
    context.utvec = csr::read<csr::utvec>();
    context.uscratch = csr::read<csr::uscratch>();
    context.uepc = csr::read<csr::uepc>();
    context.ucause = csr::read<csr::ucause>();
    context.utval = csr::read<csr::utval>();
    context.uie = csr::read<csr::uie>();
    context.ustatus = csr::read<csr::ustatus>();
}

void load(const UserInterruptContext& context) {
    csr::write<csr::utvec>(context.utvec);
    csr::write<csr::uscratch>(context.uscratch);
    csr::write<csr::uepc>(context.uepc);
    csr::write<csr::ucause>(context.ucause);
    csr::write<csr::utval>(context.utval);
    csr::write<csr::uie>(context.uie);
    csr::write<csr::ustatus>(context.ustatus);
    csr::clear<csr::sip>(interrupt::user_software);
}

} // namespace user_interrupt
