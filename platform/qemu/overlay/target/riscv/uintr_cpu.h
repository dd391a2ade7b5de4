/*
 * RISC-V user interrupts: what cpu_helper.c, csr.c, cpu.c and machine.c call.
 * Included at the end of cpu.h, where CPURISCVState is complete.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TARGET_RISCV_UINTR_CPU_H
#define TARGET_RISCV_UINTR_CPU_H

#ifndef CONFIG_USER_ONLY

/* The user-level bits of mip, mie and mideleg that exist on this hart. */
static inline uint64_t riscv_uintr_interrupts(CPURISCVState *env)
{
    return riscv_has_ext(env, RVN) ? USER_INTERRUPTS : 0;
}

/* What the UINTC adds to mip. */
static inline uint64_t riscv_uintr_line(CPURISCVState *env)
{
    return env->uintr.usip_line ? MIP_USIP : 0;
}

/* Interrupts that go to the user's handler instead of S-mode's. */
static inline uint64_t riscv_uintr_sideleg(CPURISCVState *env)
{
    return env->uintr.sideleg & env->mideleg & riscv_uintr_interrupts(env);
}

/* UIE and UPIE, where they exist; a hypervisor's guest has none. */
static inline uint64_t riscv_uintr_status_mask(CPURISCVState *env)
{
    return riscv_has_ext(env, RVN) && !riscv_cpu_virt_enabled(env)
        ? MSTATUS_UIE | MSTATUS_UPIE : 0;
}

/* User-level interrupts rank below all others; returns those that compete. */
static inline uint64_t riscv_uintr_rank(uint64_t pending)
{
    uint64_t others = pending & ~USER_INTERRUPTS;

    if (others) {
        return others;
    }
    return pending & MIP_UEIP ? MIP_UEIP
         : pending & MIP_USIP ? MIP_USIP : pending;
}

/* The interrupt that the U-mode handler is to take now, or RISCV_EXCP_NONE. */
int riscv_uintr_irq_pending(CPURISCVState *env, uint64_t pending);

/* Takes the trap in U-mode if it is delegated there; false if it is not. */
bool riscv_uintr_take_trap(CPURISCVState *env, bool async,
                           target_ulong cause, target_ulong tval);

/* The UINTC moves its line to this hart. Call with the big lock held. */
void riscv_uintr_set_line(RISCVCPU *cpu, bool level);

/* Tells a hart, once, where its machine's UINTC is. */
void riscv_uintr_connect(RISCVCPU *cpu, uint64_t base, uint32_t receivers);

/* Checks the properties "n" and "uintc" against the rest; then the registers. */
bool riscv_uintr_realize(RISCVCPU *cpu, Error **errp);
void riscv_uintr_reset(CPURISCVState *env);

extern const VMStateDescription vmstate_riscv_uintr;

#endif /* !CONFIG_USER_ONLY */

#endif
