/*
 * RISC-V user interrupts: registers, delegation and traps of the N extension
 * (draft 1.1), and the UINTC's two registers suist and suirs.
 *
 *            mip & mie
 *                |
 *      mideleg --+--> not delegated: M-mode        (never for bits 0, 4, 8)
 *                |
 *      sideleg --+--> not delegated: S-mode, cause MSB | n
 *                |
 *                +--> U-mode, when privilege is U and ustatus.UIE is set
 *
 * uie and uip show and change only the bits that sideleg delegates, as the
 * Rocket core does. Read next: uintr_helper.c.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "cpu.h"
#include "migration/vmstate.h"

/* Exceptions that can be raised in U-mode, and so be delegated to it. */
#define USER_EXCEPTIONS ((1ULL << RISCV_EXCP_INST_ADDR_MIS) | \
                         (1ULL << RISCV_EXCP_INST_ACCESS_FAULT) | \
                         (1ULL << RISCV_EXCP_ILLEGAL_INST) | \
                         (1ULL << RISCV_EXCP_BREAKPOINT) | \
                         (1ULL << RISCV_EXCP_LOAD_ADDR_MIS) | \
                         (1ULL << RISCV_EXCP_LOAD_ACCESS_FAULT) | \
                         (1ULL << RISCV_EXCP_STORE_AMO_ADDR_MIS) | \
                         (1ULL << RISCV_EXCP_STORE_AMO_ACCESS_FAULT) | \
                         (1ULL << RISCV_EXCP_U_ECALL) | \
                         (1ULL << RISCV_EXCP_INST_PAGE_FAULT) | \
                         (1ULL << RISCV_EXCP_LOAD_PAGE_FAULT) | \
                         (1ULL << RISCV_EXCP_STORE_PAGE_FAULT))

/* Delegation and traps */

int riscv_uintr_irq_pending(CPURISCVState *env, uint64_t pending)
{
    uint64_t irqs = pending & riscv_uintr_sideleg(env);

    if (!irqs || env->priv != PRV_U || riscv_cpu_virt_enabled(env) ||
        !(env->mstatus & MSTATUS_UIE)) {
        return RISCV_EXCP_NONE;
    }
    return ctz64(riscv_uintr_rank(irqs));
}

bool riscv_uintr_take_trap(CPURISCVState *env, bool async,
                           target_ulong cause, target_ulong tval)
{
    RISCVUintrState *u = &env->uintr;
    uint64_t delegated = async ? riscv_uintr_sideleg(env)
                               : u->sedeleg & env->medeleg;

    if (!riscv_has_ext(env, RVN) || env->priv != PRV_U ||
        riscv_cpu_virt_enabled(env) || cause >= 64 ||
        !(delegated >> cause & 1)) {
        return false;
    }

    env->mstatus = set_field(env->mstatus, MSTATUS_UPIE,
                             get_field(env->mstatus, MSTATUS_UIE));
    env->mstatus = set_field(env->mstatus, MSTATUS_UIE, 0);
    u->uepc = env->pc;
    u->ucause = cause | (uint64_t)async << 63;
    u->utval = tval;
    env->pc = (u->utvec & ~3ULL) + (async && (u->utvec & 3) ? cause * 4 : 0);
    /* The handler must not complete an LR/SC pair of the code it interrupts. */
    env->load_res = -1;
    return true;
}

void riscv_uintr_set_line(RISCVCPU *cpu, bool level)
{
    cpu->env.uintr.usip_line = level;
    riscv_cpu_update_mip(cpu, 0, 0);
}

void riscv_uintr_connect(RISCVCPU *cpu, uint64_t base, uint32_t receivers)
{
    cpu->env.uintr.uintc_base = base;
    cpu->env.uintr.uintc_receivers = receivers;
}

/* Access to the registers */

static RISCVException has_n(CPURISCVState *env, int csrno)
{
    if (!riscv_has_ext(env, RVN)) {
        return RISCV_EXCP_ILLEGAL_INST;
    }
    return riscv_cpu_virt_enabled(env) && !env->debugger
        ? RISCV_EXCP_VIRT_INSTRUCTION_FAULT : RISCV_EXCP_NONE;
}

static RISCVException has_uintc(CPURISCVState *env, int csrno)
{
    return env_archcpu(env)->cfg.ext_uintc ? has_n(env, csrno)
                                           : RISCV_EXCP_ILLEGAL_INST;
}

static RISCVException rmw_ustatus(CPURISCVState *env, int csrno,
                                  target_ulong *ret_value,
                                  target_ulong new_value,
                                  target_ulong write_mask)
{
    target_ulong mask = MSTATUS_UIE | MSTATUS_UPIE;

    if (ret_value) {
        *ret_value = env->mstatus & mask;
    }
    mask &= write_mask;
    env->mstatus = (env->mstatus & ~(uint64_t)mask) | (new_value & mask);
    return RISCV_EXCP_NONE;
}

/* uie and uip: the delegated bits of mie and mip. */
static RISCVException rmw_delegated(CPURISCVState *env, int machine_csr,
                                    uint64_t writable,
                                    target_ulong *ret_value,
                                    target_ulong new_value,
                                    target_ulong write_mask)
{
    uint64_t visible = riscv_uintr_sideleg(env);
    target_ulong old = 0;
    RISCVException ret = csr_ops[machine_csr].op(env, machine_csr, &old,
        new_value, write_mask & visible & writable);

    if (ret_value) {
        *ret_value = old & visible;
    }
    return ret;
}

static RISCVException rmw_uie(CPURISCVState *env, int csrno,
                              target_ulong *ret_value,
                              target_ulong new_value, target_ulong write_mask)
{
    return rmw_delegated(env, CSR_MIE, USER_INTERRUPTS,
                         ret_value, new_value, write_mask);
}

static RISCVException rmw_uip(CPURISCVState *env, int csrno,
                              target_ulong *ret_value,
                              target_ulong new_value, target_ulong write_mask)
{
    return rmw_delegated(env, CSR_MIP, MIP_USIP,
                         ret_value, new_value, write_mask);
}

/* Registers that just hold the bits that exist: where, and which. */
static uint64_t *plain_register(CPURISCVState *env, int csrno, uint64_t *mask)
{
    RISCVUintrState *u = &env->uintr;

    *mask = UINT64_MAX;
    switch (csrno) {
    case CSR_USCRATCH:
        return &u->uscratch;
    case CSR_UEPC:
        *mask = riscv_has_ext(env, RVC) ? ~1ULL : ~3ULL;
        return &u->uepc;
    case CSR_UCAUSE:
        return &u->ucause;
    case CSR_UTVAL:
        return &u->utval;
    case CSR_SEDELEG:
        *mask = env->medeleg & USER_EXCEPTIONS;
        return &u->sedeleg;
    case CSR_SIDELEG:
        *mask = env->mideleg & USER_INTERRUPTS;
        return &u->sideleg;
    case CSR_SUIST:
        *mask = SUIST_MASK;
        return &u->suist;
    case CSR_SUIRS:
        *mask = SUIRS_MASK;
        return &u->suirs;
    default:
        g_assert_not_reached();
    }
}

static RISCVException rmw_plain(CPURISCVState *env, int csrno,
                                target_ulong *ret_value,
                                target_ulong new_value,
                                target_ulong write_mask)
{
    uint64_t mask;
    uint64_t *reg = plain_register(env, csrno, &mask);

    if (ret_value) {
        *ret_value = *reg & mask;
    }
    mask &= write_mask;
    *reg = (*reg & ~mask) | (new_value & mask);
    return RISCV_EXCP_NONE;
}

static RISCVException read_utvec(CPURISCVState *env, int csrno,
                                 target_ulong *val)
{
    *val = env->uintr.utvec;
    return RISCV_EXCP_NONE;
}

static RISCVException write_utvec(CPURISCVState *env, int csrno,
                                  target_ulong val)
{
    /* Mode 0 is direct, 1 vectored; the others are reserved, as in mtvec. */
    if ((val & 3) < 2) {
        env->uintr.utvec = val;
    } else {
        qemu_log_mask(LOG_UNIMP, "CSR_UTVEC: reserved mode not supported\n");
    }
    return RISCV_EXCP_NONE;
}

static void register_csrs(void)
{
    static const struct {
        int number;
        riscv_csr_operations ops;
    } csrs[] = {
        { CSR_USTATUS,  { "ustatus",  has_n, .op = rmw_ustatus } },
        { CSR_UIE,      { "uie",      has_n, .op = rmw_uie } },
        { CSR_UTVEC,    { "utvec",    has_n, read_utvec, write_utvec } },
        { CSR_USCRATCH, { "uscratch", has_n, .op = rmw_plain } },
        { CSR_UEPC,     { "uepc",     has_n, .op = rmw_plain } },
        { CSR_UCAUSE,   { "ucause",   has_n, .op = rmw_plain } },
        { CSR_UTVAL,    { "utval",    has_n, .op = rmw_plain } },
        { CSR_UIP,      { "uip",      has_n, .op = rmw_uip } },
        { CSR_SEDELEG,  { "sedeleg",  has_n, .op = rmw_plain } },
        { CSR_SIDELEG,  { "sideleg",  has_n, .op = rmw_plain } },
        { CSR_SUIST,    { "suist",    has_uintc, .op = rmw_plain } },
        { CSR_SUIRS,    { "suirs",    has_uintc, .op = rmw_plain } },
    };

    for (size_t i = 0; i < ARRAY_SIZE(csrs); i++) {
        riscv_csr_operations ops = csrs[i].ops;
        riscv_set_csr_ops(csrs[i].number, &ops);
    }
}

/* Life of the hart */

bool riscv_uintr_realize(RISCVCPU *cpu, Error **errp)
{
    RISCVCPUConfig *cfg = &cpu->cfg;

    /* The interface is defined for RV64 with S- and U-mode only. */
    if (cpu->env.misa_mxl_max != MXL_RV64 || !cfg->ext_s || !cfg->ext_u) {
        cfg->ext_n = false;
    }
    cfg->ext_uintc &= cfg->ext_n;
    if (cfg->ext_uintc && cfg->ext_XVentanaCondOps) {
        error_setg(errp, "uintc and xventanacondops use the same "
                         "instruction codes: turn one of them off");
        return false;
    }
    if (cfg->ext_n) {
        register_csrs();
    }
    return true;
}

void riscv_uintr_reset(CPURISCVState *env)
{
    RISCVUintrState *u = &env->uintr;

    *u = (RISCVUintrState) {
        .uintc_base = u->uintc_base,
        .uintc_receivers = u->uintc_receivers,
    };
    if (riscv_has_ext(env, RVN)) {
        env->mstatus &= ~(uint64_t)(MSTATUS_UIE | MSTATUS_UPIE);
        env->mip &= ~USER_INTERRUPTS;
        env->mie &= ~USER_INTERRUPTS;
        /* Firmware knows nothing of bits 0, 4 and 8: they are always S's. */
        env->mideleg |= USER_INTERRUPTS;
    }
}

static bool uintr_needed(void *opaque)
{
    RISCVCPU *cpu = opaque;

    return riscv_has_ext(&cpu->env, RVN);
}

const VMStateDescription vmstate_riscv_uintr = {
    .name = "cpu/uintr",
    .version_id = 1,
    .minimum_version_id = 1,
    .needed = uintr_needed,
    .fields = (VMStateField[]) {
        VMSTATE_UINT64(env.uintr.utvec, RISCVCPU),
        VMSTATE_UINT64(env.uintr.uscratch, RISCVCPU),
        VMSTATE_UINT64(env.uintr.uepc, RISCVCPU),
        VMSTATE_UINT64(env.uintr.ucause, RISCVCPU),
        VMSTATE_UINT64(env.uintr.utval, RISCVCPU),
        VMSTATE_UINT64(env.uintr.sedeleg, RISCVCPU),
        VMSTATE_UINT64(env.uintr.sideleg, RISCVCPU),
        VMSTATE_UINT64(env.uintr.suist, RISCVCPU),
        VMSTATE_UINT64(env.uintr.suirs, RISCVCPU),
        VMSTATE_BOOL(env.uintr.usip_line, RISCVCPU),
        VMSTATE_END_OF_LIST()
    }
};
