// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the device tree says about this machine. Nothing about it is written into the tests, so
/// they run on both boards (QEMU's virt and the FPGA's memory map).
/// Read once at the start by the first hart, constant afterwards.
#pragma once

#include "platform/tests/lib/device_tree.hpp"
#include "platform/tests/lib/layout.h"
#include "platform/tests/lib/plic.hpp"
#include "platform/tests/lib/uintc.hpp"

struct Board {
    uint64_t uart;
    uint64_t finisher;
    uint64_t clint;
    uint64_t timebase; ///< ticks a second
    Uintc uintc;
    Plic plic;
    uint64_t hart_count;
    uint64_t hart_ids[MAX_HARTS];
    const char* arguments; ///< /chosen/bootargs: words, some of them name=value
    DeviceTree tree;

    void read(const DeviceTree& device_tree);

    /// Number given as name=123 or name=0x7b, else `otherwise`.
    uint64_t argument(const char* name, uint64_t otherwise) const;
    bool argument_is(const char* name, const char* value) const;

    /// The id of the `index`th hart, counted from the calling one on.
    uint64_t hart_after_this(uint64_t index) const;
};

extern Board board;
