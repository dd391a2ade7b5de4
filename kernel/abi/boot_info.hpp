// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the root task is told at its start: register a0 holds the address of a page with this
/// struct. Directly after the page come extra records, each with a header: the device tree
/// @cond LAB3
/// , and what there is of user interrupts
/// @endcond
/// .
/// Read next: user/lib/boot_info.hpp, kernel/boot/root_task.cpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"

namespace abi {

/// Slots of the root task's CNode whose contents are fixed. Unnamed ones below `first_free` are
/// empty here (on other architectures they are not).
enum RootSlot : Word {
    null_slot = 0,
    root_tcb = 1,
    root_cnode = 2,
    root_vspace = 3,
    irq_control = 4,
    asid_control = 5,
    root_asid_pool = 6,
    boot_info_frame = 9,
    root_ipc_buffer = 10,
    domain_control = 11,
    /// @cond LAB3
    uintr_control = 15, ///< programs learn it from their boot info (user_interrupt.hpp)
    /// @endcond
    first_free_slot = 16,
};

/// Slots [start, end).
struct SlotRegion {
    Word start;
    Word end;
};

/// An untyped of the root task; the capability is in slot `untyped.start` + its index here.
struct UntypedDescription {
    Word paddr;
    uint8_t size_bits;
    uint8_t is_device; ///< registers of a device: it can only become frames, and is never cleared
    uint8_t padding[6];
};

constexpr unsigned untyped_descriptions = 230;

struct BootInfo {
    Word extra_length; ///< bytes of the extra records, headers included
    Word node_id;
    Word nodes; ///< harts that run
    Word io_page_table_levels;
    Word ipc_buffer; ///< address of the root task's message buffer
    SlotRegion empty;
    SlotRegion shared_frames;
    SlotRegion image_frames; ///< in the order of their addresses
    SlotRegion image_page_tables;
    SlotRegion io_space_caps;
    SlotRegion extra_frames; ///< of the extra records
    Word cnode_bits;         ///< log2 of the slots of the root CNode
    Word domain;
    SlotRegion untyped;
    UntypedDescription untypeds[untyped_descriptions];
};
static_assert(sizeof(BootInfo) == 3848);

/// Header of an extra record.
struct ExtraHeader {
    Word id;
    Word length; ///< bytes, this header included
};
constexpr Word extra_device_tree = 6;

} // namespace abi
