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

/// Does an instruction need the unit, as far as its bits say? Hardware may not tell them: 0.
/// Reference: RISC-V unprivileged specification, chapters 16.8 and 24.
bool may_be_of_unit(Word instruction) {
    constexpr Word load = 0x07, store = 0x27, multiply_add = 0x43, other = 0x53, system = 0x73;
    constexpr Word last_csr = 3; // fflags, frm, fcsr
    const bool compressed = (instruction & 3) != 3;
    if (compressed) // c.fld and c.fsd, with a register or the stack pointer
        return instruction == 0 || ((instruction & 1) == 0 && (instruction >> 13 & 3) == 1);
    switch (const Word opcode = instruction & 0x7f; opcode) {
    case load:
    case store:
    case other:
        return true;
    case system:
        return Field<20, 12>::of(instruction) - 1 < last_csr;
    default:
        return (opcode & ~Word{0x0c}) == multiply_add; // fmadd, fmsub, fnmsub, fnmadd
    }
}

} // namespace

void change_owner(Tcb& tcb) {
    Hart& hart = this_hart();
    if ((csr::read<csr::sstatus>() & status::fs) == status::fs_dirty)
        fpu_save(&hart.current->fpu);
    if ((tcb.special & Tcb::uses_fpu) == 0 || (tcb.flags & abi::fpu_disabled) != 0)
        return set_status(0);
    set_status(status::fs_clean);
    if (hart.fpu_owner != &tcb || tcb.fpu_hart != hart.index)
        fpu_load(&tcb.fpu);
    hart.fpu_owner = &tcb;
    tcb.fpu_hart = static_cast<uint8_t>(hart.index);
    set_status(status::fs_clean);
}

bool first_use(Tcb& tcb, Word instruction) {
    if (!board.has_fpu || (tcb.special & Tcb::uses_fpu) != 0 ||
        (tcb.flags & abi::fpu_disabled) != 0 || !may_be_of_unit(instruction))
        return false;
    set_status(status::fs_clean);
    if ((csr::read<csr::sstatus>() & status::fs) == 0)
        return false; // this machine has none
    tcb.special |= Tcb::uses_fpu;
    this_hart().fpu_owner = nullptr;
    switch_to(tcb);
    return true;
}

} // namespace fpu
