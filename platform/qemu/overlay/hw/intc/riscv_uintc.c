/*
 * RISC-V user-interrupt controller (UINTC).
 *
 *   SEND --> pending bits of a receiver --+-- Active, 64-bit mode --> USIP of
 *            (64, cleared by reading)     |                           its hart
 *                                         +-- not Active, Wake -----> PLIC
 *
 * Both are levels: USIP of a hart is the OR over all receivers that name it,
 * and the Wake line is the OR over all receivers that ask. Each is counted,
 * so a change of one receiver costs the same however many there are. All
 * state is guarded by the big lock, which every access to a device holds.
 *
 * The PLIC model looks at a line only when it is driven, not when an
 * interrupt is completed; so the Wake line is driven at every change of any
 * receiver, and its handler reads the map of asking receivers until empty.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "hw/intc/riscv_uintc.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "target/riscv/cpu.h"

#define LOW_ACTIVE      (1ULL << 0)
#define LOW_MODE        (1ULL << 1)     /* 64 vectors; the only mode */
#define LOW_WAKE        (1ULL << 2)
#define LOW_HART        (0xffffULL << 16)

#define MAP_BITS        64
#define PAGE            0x1000ULL

typedef struct Receiver {
    uint64_t low;
    uint64_t pending;
} Receiver;

struct RISCVUintcState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    qemu_irq *usip;                 /* one for each hart */
    qemu_irq wake_irq;

    Receiver *receivers;
    uint32_t *delivering;           /* receivers that raise a hart's USIP */
    uint32_t asking;                /* receivers that ask to be woken */

    /* properties */
    uint32_t num_receivers;
    uint32_t num_harts;
    bool wake;
};

uint64_t riscv_uintc_size(uint32_t receivers, bool wake)
{
    uint64_t registers = receivers * RISCV_UINTC_STRIDE;

    return wake ? ROUND_UP(registers + DIV_ROUND_UP(receivers, 8), PAGE)
                : registers;
}

/* The hart whose USIP this receiver raises, or -1. */
static int delivers_to(RISCVUintcState *s, const Receiver *r)
{
    uint64_t needed = LOW_ACTIVE | LOW_MODE;
    uint32_t hart = get_field(r->low, LOW_HART);

    return r->pending && (r->low & needed) == needed && hart < s->num_harts
        ? hart : -1;
}

static bool asks(const Receiver *r)
{
    return r->pending && (r->low & LOW_WAKE) && !(r->low & LOW_ACTIVE);
}

static void count(RISCVUintcState *s, const Receiver *r, int step)
{
    int hart = delivers_to(s, r);

    if (hart >= 0) {
        s->delivering[hart] += step;
    }
    s->asking += asks(r) ? step : 0;
}

static void drive_hart(RISCVUintcState *s, int hart)
{
    if (hart >= 0) {
        qemu_set_irq(s->usip[hart], s->delivering[hart] != 0);
    }
}

/* The one place where a receiver changes. */
static void change(RISCVUintcState *s, Receiver *r, Receiver next)
{
    int before = delivers_to(s, r);

    count(s, r, -1);
    *r = next;
    count(s, r, +1);

    drive_hart(s, before);
    drive_hart(s, delivers_to(s, r));
    qemu_set_irq(s->wake_irq, s->asking != 0);
}

static uint64_t read_map(RISCVUintcState *s, uint32_t word)
{
    uint64_t map = 0;

    for (uint32_t bit = 0; bit < MAP_BITS; bit++) {
        uint32_t index = word * MAP_BITS + bit;
        if (index < s->num_receivers && asks(&s->receivers[index])) {
            map |= 1ULL << bit;
        }
    }
    return map;
}

static uint64_t uintc_read(void *opaque, hwaddr address, unsigned size)
{
    RISCVUintcState *s = opaque;
    uint64_t index = address / RISCV_UINTC_STRIDE;
    Receiver *r = &s->receivers[index];
    Receiver next;

    if (index >= s->num_receivers) {
        return read_map(s, address / 8 - s->num_receivers *
                                         (RISCV_UINTC_STRIDE / 8));
    }
    switch (address % RISCV_UINTC_STRIDE) {
    case RISCV_UINTC_LOW:
        return r->low;
    case RISCV_UINTC_HIGH:
        next = *r;
        next.pending = 0;
        uint64_t pending = r->pending;
        change(s, r, next);
        return pending;
    case RISCV_UINTC_ACT:
        return r->low & LOW_ACTIVE;
    default:
        return 0;
    }
}

static void uintc_write(void *opaque, hwaddr address, uint64_t value,
                        unsigned size)
{
    RISCVUintcState *s = opaque;
    uint64_t index = address / RISCV_UINTC_STRIDE;
    Receiver next;

    if (index >= s->num_receivers) {
        qemu_log_mask(LOG_GUEST_ERROR, "uintc: write to read-only address "
                      "0x%" HWADDR_PRIx "\n", address);
        return;
    }
    next = s->receivers[index];
    switch (address % RISCV_UINTC_STRIDE) {
    case RISCV_UINTC_SEND:
        next.pending |= 1ULL << (value & 63);
        break;
    case RISCV_UINTC_LOW:
        next.low = value & (LOW_ACTIVE | LOW_MODE | LOW_HART |
                            (s->wake ? LOW_WAKE : 0));
        break;
    case RISCV_UINTC_HIGH:
        next.pending |= value;
        break;
    case RISCV_UINTC_ACT:
        next.low = (next.low & ~LOW_ACTIVE) | (value & LOW_ACTIVE);
        break;
    }
    change(s, &s->receivers[index], next);
}

static const MemoryRegionOps uintc_ops = {
    .read = uintc_read,
    .write = uintc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 8, .max_access_size = 8 },
    .impl = { .min_access_size = 8, .max_access_size = 8 },
};

static void uintc_reset(DeviceState *dev)
{
    RISCVUintcState *s = RISCV_UINTC(dev);

    memset(s->receivers, 0, s->num_receivers * sizeof(*s->receivers));
    memset(s->delivering, 0, s->num_harts * sizeof(*s->delivering));
    s->asking = 0;
    for (uint32_t hart = 0; hart < s->num_harts; hart++) {
        drive_hart(s, hart);
    }
    qemu_set_irq(s->wake_irq, 0);
}

/* The counts follow from the receivers; the harts carry their own lines. */
static int uintc_post_load(void *opaque, int version)
{
    RISCVUintcState *s = opaque;

    memset(s->delivering, 0, s->num_harts * sizeof(*s->delivering));
    s->asking = 0;
    for (uint32_t i = 0; i < s->num_receivers; i++) {
        count(s, &s->receivers[i], +1);
    }
    return 0;
}

static const VMStateDescription vmstate_receiver = {
    .name = "riscv_uintc/receiver",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]) {
        VMSTATE_UINT64(low, Receiver),
        VMSTATE_UINT64(pending, Receiver),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_uintc = {
    .name = "riscv_uintc",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = uintc_post_load,
    .fields = (VMStateField[]) {
        VMSTATE_UINT32_EQUAL(num_receivers, RISCVUintcState, NULL),
        VMSTATE_UINT32_EQUAL(num_harts, RISCVUintcState, NULL),
        VMSTATE_STRUCT_VARRAY_POINTER_UINT32(receivers, RISCVUintcState,
            num_receivers, vmstate_receiver, Receiver),
        VMSTATE_END_OF_LIST()
    }
};

static void uintc_realize(DeviceState *dev, Error **errp)
{
    RISCVUintcState *s = RISCV_UINTC(dev);

    if (!s->num_receivers || s->num_receivers > 1 << 16 || !s->num_harts) {
        error_setg(errp, "uintc: 1 to 65536 receivers and at least one hart");
        return;
    }
    s->receivers = g_new0(Receiver, s->num_receivers);
    s->delivering = g_new0(uint32_t, s->num_harts);
    s->usip = g_new0(qemu_irq, s->num_harts);
    memory_region_init_io(&s->mmio, OBJECT(dev), &uintc_ops, s,
                          TYPE_RISCV_UINTC,
                          riscv_uintc_size(s->num_receivers, s->wake));
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->mmio);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->wake_irq);
    qdev_init_gpio_out(dev, s->usip, s->num_harts);
}

static Property uintc_properties[] = {
    DEFINE_PROP_UINT32("num-receivers", RISCVUintcState, num_receivers, 512),
    DEFINE_PROP_UINT32("num-harts", RISCVUintcState, num_harts, 1),
    DEFINE_PROP_BOOL("wake", RISCVUintcState, wake, true),
    DEFINE_PROP_END_OF_LIST(),
};

static void uintc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "RISC-V user-interrupt controller";
    dc->realize = uintc_realize;
    dc->reset = uintc_reset;
    dc->vmsd = &vmstate_uintc;
    device_class_set_props(dc, uintc_properties);
}

static const TypeInfo uintc_info = {
    .name = TYPE_RISCV_UINTC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RISCVUintcState),
    .class_init = uintc_class_init,
};

static void uintc_register_types(void)
{
    type_register_static(&uintc_info);
}

type_init(uintc_register_types)

DeviceState *riscv_uintc_create(uint64_t base, uint32_t receivers,
                                uint32_t harts, qemu_irq wake)
{
    DeviceState *dev = qdev_new(TYPE_RISCV_UINTC);

    qdev_prop_set_uint32(dev, "num-receivers", receivers);
    qdev_prop_set_uint32(dev, "num-harts", harts);
    qdev_prop_set_bit(dev, "wake", wake != NULL);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
    if (wake) {
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0, wake);
    }
    for (uint32_t hart = 0; hart < harts; hart++) {
        CPUState *cpu = qemu_get_cpu(hart);
        qdev_connect_gpio_out(dev, hart,
                              qdev_get_gpio_in(DEVICE(cpu), IRQ_U_SOFT));
        riscv_uintr_connect(RISCV_CPU(cpu), base, receivers);
    }
    return dev;
}
