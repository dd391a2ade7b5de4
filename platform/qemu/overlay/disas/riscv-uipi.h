/*
 * Disassembly of the user-interrupt instructions uipi.*.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef DISAS_RISCV_UIPI_H
#define DISAS_RISCV_UIPI_H

/*
 * The mnemonic of @inst if it is one of uipi.*, else NULL. @reg gets the
 * number of the register that it names, or -1.
 */
static inline const char *riscv_uipi_mnemonic(uint64_t inst, int *reg)
{
    int rd = inst >> 7 & 31;
    int rs1 = inst >> 15 & 31;

    *reg = -1;
    if ((inst & 0x01f0707f) != 0x0000607b) {
        return NULL;
    }
    switch (inst >> 25) {
    case 0:
        *reg = rs1;
        return rd ? NULL : "uipi.send";
    case 1:
        *reg = rd;
        return rs1 ? NULL : "uipi.read";
    case 2:
        *reg = rs1;
        return rd ? NULL : "uipi.write";
    case 3:
        return rd || rs1 ? NULL : "uipi.activate";
    case 4:
        return rd || rs1 ? NULL : "uipi.deactivate";
    default:
        return NULL;
    }
}

#endif
