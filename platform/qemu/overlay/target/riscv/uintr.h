/*
 * RISC-V user interrupts: the N extension (draft 1.1) and the hart's half of
 * the user-interrupt controller (UINTC).
 *
 * This header is all that the rest of the CPU model sees of them. With the
 * CPU property n=off every function here answers as if they did not exist,
 * so the hart behaves as without this file. Next: uintr.c (registers and
 * traps), uintr_helper.c (instructions), hw/intc/riscv_uintc.c (the device).
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TARGET_RISCV_UINTR_H
#define TARGET_RISCV_UINTR_H

/* Registers that cpu_bits.h does not know. */
#define CSR_SEDELEG         0x102
#define CSR_SIDELEG         0x103
#define CSR_SUIST           0x1b0
#define CSR_SUIRS           0x1b1

/* suist: where the sender table is. Size counts 4 KiB pages. */
#define SUIST_ENABLE        (1ULL << 63)
#define SUIST_SIZE          (0xfffULL << 44)
#define SUIST_PPN           ((1ULL << 44) - 1)
#define SUIST_MASK          (SUIST_ENABLE | SUIST_SIZE | SUIST_PPN)

/* suirs: which receiver this hart is. */
#define SUIRS_ENABLE        (1ULL << 63)
#define SUIRS_INDEX         0xffffULL
#define SUIRS_MASK          (SUIRS_ENABLE | SUIRS_INDEX)

/* The three user-level interrupts, as bits of mip, mie, mideleg, sideleg. */
#define USER_INTERRUPTS     ((uint64_t)(MIP_USIP | MIP_UTIP | MIP_UEIP))

typedef struct RISCVUintrState {
    uint64_t utvec;
    uint64_t uscratch;
    uint64_t uepc;
    uint64_t ucause;
    uint64_t utval;
    uint64_t sedeleg;
    uint64_t sideleg;
    uint64_t suist;
    uint64_t suirs;

    /*
     * The line from the UINTC, written under the big lock only. mip.USIP is
     * this OR the software bit in env->mip: keeping the two apart means that
     * no write of the software bit can lose an edge of the line.
     */
    bool usip_line;

    /* The UINTC of this machine; constant once the machine is built. */
    uint64_t uintc_base;
    uint32_t uintc_receivers;
} RISCVUintrState;

#endif
