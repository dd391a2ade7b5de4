/*
 * RISC-V user-interrupt controller (UINTC): its registers and its creation.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_RISCV_UINTC_H
#define HW_RISCV_UINTC_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RISCV_UINTC "riscv.uintc"
OBJECT_DECLARE_SIMPLE_TYPE(RISCVUintcState, RISCV_UINTC)

/* Registers of receiver i, at base + i * RISCV_UINTC_STRIDE; 64 bits each. */
enum {
    RISCV_UINTC_SEND = 0x00,
    RISCV_UINTC_LOW = 0x08,
    RISCV_UINTC_HIGH = 0x10,
    RISCV_UINTC_ACT = 0x18,
    RISCV_UINTC_STRIDE = 0x20,
};

/* Bytes of address space: the receivers and, with Wake, the page of the map. */
uint64_t riscv_uintc_size(uint32_t receivers, bool wake);

/*
 * Creates the UINTC of harts 0 to @harts - 1 at @base and tells each hart of
 * it. @wake is its line to the PLIC, or NULL for a UINTC without Wake.
 */
DeviceState *riscv_uintc_create(uint64_t base, uint32_t receivers,
                                uint32_t harts, qemu_irq wake);

#endif
