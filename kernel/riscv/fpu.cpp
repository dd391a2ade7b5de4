// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Saving and loading the floating-point unit.
/// @stage{none}
#include "kernel/riscv/fpu.hpp"

extern "C" {
// riscv/fpu_registers.S
void fpu_save(FpuContext* context);
void fpu_load(const FpuContext* context);
}

namespace fpu {

namespace {

void set_status(Word fs) {
    csr::clear<csr::sstatus>(status::fs);
    csr::set<csr::sstatus>(fs);
}

} // namespace

void change_owner(Tcb& tcb) {
    Hart& hart = this_hart();
    if ((csr::read<csr::sstatus>() & status::fs) == status::fs_dirty)
        fpu_save(&hart.current->fpu);
    if (!tcb.fpu_used || (tcb.flags & abi::fpu_disabled) != 0)
        return set_status(0);
    set_status(status::fs_clean);
    if (hart.fpu_owner != &tcb || tcb.fpu_hart != hart.index)
        fpu_load(&tcb.fpu);
    hart.fpu_owner = &tcb;
    tcb.fpu_hart = static_cast<uint8_t>(hart.index);
    set_status(status::fs_clean);
}

bool first_use(Tcb& tcb) {
    if (!board.has_fpu || tcb.fpu_used || (tcb.flags & abi::fpu_disabled) != 0)
        return false;
    tcb.fpu_used = true;
    this_hart().fpu_owner = nullptr;
    switch_to(tcb);
    return true;
}

} // namespace fpu
