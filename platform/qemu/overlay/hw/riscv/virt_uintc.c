/*
 * The "virt" machine's user-interrupt controller: machine properties, place
 * in the memory map, device-tree node.
 *
 *   property      default
 *   uintc         on        the device and its node
 *   uintc-wake    on        the Wake bit, its line to the PLIC, and the map
 *   fpga          off       the FPGA board's memory map instead of virt's
 *
 * A hart without the instructions (-cpu rv64,uintc=off or n=off) makes the
 * machine one without the device.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "hw/irq.h"
#include "hw/intc/riscv_uintc.h"
#include "hw/riscv/virt.h"
#include "sysemu/device_tree.h"

/* The PLIC's last source, and that of the platform bus's 32nd device. */
#define UINTC_WAKE_IRQ          95

typedef struct UintcPlace {
    uint64_t base;
    uint32_t receivers;
} UintcPlace;

static const UintcPlace virt_place = { 0x02f10000, 512 };
static const UintcPlace fpga_place = { 0x03000000, 32 };

static void create_node(RISCVVirtState *s, const UintcPlace *place, bool wake)
{
    MachineState *ms = MACHINE(s);
    void *fdt = ms->fdt;
    uint32_t harts = ms->smp.cpus;
    g_autofree char *name = g_strdup_printf("/soc/uintc@%" PRIx64,
                                            place->base);
    g_autofree uint32_t *lines = g_new0(uint32_t, harts * 2);

    for (uint32_t hart = 0; hart < harts; hart++) {
        g_autofree char *intc = g_strdup_printf(
            "/cpus/cpu@%u/interrupt-controller", hart);
        lines[hart * 2] = cpu_to_be32(qemu_fdt_get_phandle(fdt, intc));
        lines[hart * 2 + 1] = cpu_to_be32(IRQ_U_SOFT);
    }

    qemu_fdt_add_subnode(fdt, name);
    qemu_fdt_setprop_string(fdt, name, "compatible", "riscv,uintc0");
    qemu_fdt_setprop_cells(fdt, name, "reg", 0, place->base,
                           0, riscv_uintc_size(place->receivers, wake));
    qemu_fdt_setprop(fdt, name, "interrupt-controller", NULL, 0);
    qemu_fdt_setprop_cell(fdt, name, "#interrupt-cells", 1);
    qemu_fdt_setprop(fdt, name, "interrupts-extended", lines,
                     harts * 2 * sizeof(uint32_t));
    if (wake) {
        qemu_fdt_setprop_cell(fdt, name, "rel4,receivers", place->receivers);
        qemu_fdt_setprop_cells(fdt, name, "rel4,wake-interrupt",
                               qemu_fdt_get_phandle(fdt, "/soc/plic@c000000"),
                               UINTC_WAKE_IRQ);
    }
}

void riscv_virt_uintc_init(RISCVVirtState *s)
{
    const UintcPlace *place = s->fpga ? &fpga_place : &virt_place;
    MachineState *ms = MACHINE(s);
    /* Wake is a line of the PLIC: with another controller there is none. */
    bool wake = s->uintc_wake && s->aia_type == VIRT_AIA_TYPE_NONE;

    if (!s->uintc || !s->soc[0].harts[0].cfg.ext_uintc) {
        return;
    }
    riscv_uintc_create(place->base, place->receivers, ms->smp.cpus,
        wake ? qdev_get_gpio_in(s->irqchip[0], UINTC_WAKE_IRQ) : NULL);
    if (!ms->dtb) {
        create_node(s, place, wake);
    }
}

#define BOOL_PROPERTY(field)                                              \
    static bool get_##field(Object *obj, Error **errp)                    \
    {                                                                     \
        return RISCV_VIRT_MACHINE(obj)->field;                            \
    }                                                                     \
    static void set_##field(Object *obj, bool value, Error **errp)        \
    {                                                                     \
        RISCV_VIRT_MACHINE(obj)->field = value;                           \
    }

BOOL_PROPERTY(uintc)
BOOL_PROPERTY(uintc_wake)
BOOL_PROPERTY(fpga)

void riscv_virt_uintc_class_init(ObjectClass *oc)
{
    object_class_property_add_bool(oc, "uintc", get_uintc, set_uintc);
    object_class_property_set_description(oc, "uintc",
        "Set on/off to have a user-interrupt controller");
    object_class_property_add_bool(oc, "uintc-wake",
                                   get_uintc_wake, set_uintc_wake);
    object_class_property_set_description(oc, "uintc-wake",
        "Set on/off to let the user-interrupt controller wake sleepers");
    object_class_property_add_bool(oc, "fpga", get_fpga, set_fpga);
    object_class_property_set_description(oc, "fpga",
        "Set on/off to have the FPGA board's memory map: UINTC at 0x3000000 "
        "with 32 receivers, 1 MHz time base, no virtio, no PCIe");
}

void riscv_virt_uintc_instance_init(RISCVVirtState *s)
{
    s->uintc = true;
    s->uintc_wake = true;
}
