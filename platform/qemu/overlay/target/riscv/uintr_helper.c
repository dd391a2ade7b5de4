/*
 * RISC-V user interrupts: the instructions uret and uipi.*.
 *
 *   uipi.send rs1:  suist -> sender table in memory -> receiver, vector
 *                         -> SEND register of that receiver in the UINTC
 *   the others:     suirs -> HIGH or ACT register of this hart's receiver
 *
 * The UINTC is reached through the memory system, like any device, which
 * takes the big lock; an instruction that names nothing has no effect and
 * does not trap.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "exec/exec-all.h"
#include "exec/helper-proto.h"
#include "hw/intc/riscv_uintc.h"

/* A sender table entry, 8 bytes. */
#define SENDER_VALID            1ULL
#define SENDER_VECTOR(entry)    extract64(entry, 16, 16)
#define SENDER_RECEIVER(entry)  extract64(entry, 48, 16)
#define SENDERS_A_PAGE          512

static uint64_t receiver_address(CPURISCVState *env, uint32_t index, int reg)
{
    return env->uintr.uintc_base + index * RISCV_UINTC_STRIDE + reg;
}

static void uintc_write(CPURISCVState *env, uint32_t index, int reg,
                        uint64_t value)
{
    if (index < env->uintr.uintc_receivers) {
        address_space_stq_le(env_cpu(env)->as,
                             receiver_address(env, index, reg), value,
                             MEMTXATTRS_UNSPECIFIED, NULL);
    }
}

/* The table is read as S-mode reads memory: where PMP forbids, no entry is. */
static bool may_read_entry(CPURISCVState *env, uint64_t address)
{
    pmp_priv_t allowed;

    return !riscv_feature(env, RISCV_FEATURE_PMP) ||
           pmp_hart_has_privs(env, address, 8, PMP_READ, &allowed, PRV_S);
}

/*
 * The entry of a sender, or 0 (which is invalid) if there is none. Public
 * FPGA cores check neither Size nor Valid: uintc_checks off makes one of them.
 */
static uint64_t sender_entry(CPURISCVState *env, uint64_t sender)
{
    uint64_t suist = env->uintr.suist;
    uint64_t pages = get_field(suist, SUIST_SIZE);
    uint64_t address = ((suist & SUIST_PPN) << 12) + sender * 8;
    MemTxResult result;
    bool checks = env_archcpu(env)->cfg.uintc_checks;
    uint64_t entry;

    if (!(suist & SUIST_ENABLE) || !may_read_entry(env, address) ||
        (checks && sender >= pages * SENDERS_A_PAGE)) {
        return 0;
    }
    entry = address_space_ldq_le(env_cpu(env)->as, address,
                                 MEMTXATTRS_UNSPECIFIED, &result);
    if (result != MEMTX_OK) {
        return 0;
    }
    return checks ? entry : entry | SENDER_VALID;
}

void helper_uipi_send(CPURISCVState *env, target_ulong sender)
{
    uint64_t entry = sender_entry(env, sender);

    if (entry & SENDER_VALID) {
        uintc_write(env, SENDER_RECEIVER(entry), RISCV_UINTC_SEND,
                    SENDER_VECTOR(entry));
    }
}

target_ulong helper_uipi_read(CPURISCVState *env)
{
    uint64_t suirs = env->uintr.suirs;
    uint32_t index = suirs & SUIRS_INDEX;

    if (!(suirs & SUIRS_ENABLE) || index >= env->uintr.uintc_receivers) {
        return 0;
    }
    return address_space_ldq_le(env_cpu(env)->as,
                                receiver_address(env, index, RISCV_UINTC_HIGH),
                                MEMTXATTRS_UNSPECIFIED, NULL);
}

static void write_own_receiver(CPURISCVState *env, int reg, uint64_t value)
{
    uint64_t suirs = env->uintr.suirs;

    if (suirs & SUIRS_ENABLE) {
        uintc_write(env, suirs & SUIRS_INDEX, reg, value);
    }
}

void helper_uipi_write(CPURISCVState *env, target_ulong pending)
{
    write_own_receiver(env, RISCV_UINTC_HIGH, pending);
}

void helper_uipi_set_active(CPURISCVState *env, target_ulong active)
{
    write_own_receiver(env, RISCV_UINTC_ACT, active);
}

target_ulong helper_uret(CPURISCVState *env)
{
    uint64_t mstatus = env->mstatus;

    if (riscv_cpu_virt_enabled(env)) {
        riscv_raise_exception(env, RISCV_EXCP_VIRT_INSTRUCTION_FAULT, GETPC());
    }

    mstatus = set_field(mstatus, MSTATUS_UIE,
                        get_field(mstatus, MSTATUS_UPIE));
    mstatus = set_field(mstatus, MSTATUS_UPIE, 1);
    env->mstatus = mstatus;
    /* There is no UPP: whoever executes uret goes on in U-mode. */
    riscv_cpu_set_mode(env, PRV_U);
    return riscv_csr_read(env, CSR_UEPC);
}
