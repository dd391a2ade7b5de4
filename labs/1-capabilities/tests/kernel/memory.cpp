// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Page tables that the hart itself goes through: the kernel's own, and those that Page_Map fills.
/// Read next: setting.hpp.
#include "kernel/vm/page_table.hpp"

#include "kernel/vm/kernel_map.hpp"
#include "labs/1-capabilities/tests/kernel/setting.hpp"

using namespace setting;

extern "C" const char image_start[];
extern "C" const char rodata_end[];

namespace {

PageTable& kernel_table() { return *window<PageTable>(kernel_root()); }

/// Where an address of the kernel leads, by the walk.
Word translated(const void* pointer) {
    const VAddr address(reinterpret_cast<Word>(pointer));
    const Walk found = walk(kernel_table(), address);
    if (!expect("the walk ends at a leaf", found.entry.is_leaf()))
        return 0;
    return found.entry.address().value + (address.value & mask(level_bits(found.level)));
}

constexpr VAddr place(0x12'3456'7000);

/// A frame with memory of its own, the first word of which is `word`.
Slot& frame(Word word) {
    const PAddr memory = take(abi::page_bits);
    *window<Word>(memory) = word;
    return slot(FrameCap(memory, 0, false, abi::all_rights));
}

} // namespace

KERNEL_TEST("walk-kernel: through the tables that the hart uses now, to the kernel's own memory") {
    reset();
    const auto level = [](const void* pointer) {
        return walk(kernel_table(), VAddr(reinterpret_cast<Word>(pointer))).level;
    };
    expect_equal("level of the leaf for the kernel's image: pages of 4 KiB", 0, level(image_start));
    expect_equal("level of the leaf for the last of RAM: pages of 2 MiB", 1,
                 level(window<char>(physical(image_start) + 0x200'0000)));
    expect_equal("level for an address of the user's half, which is empty", 2,
                 walk(kernel_table(), place).level);
    expect_equal("physical address of the first byte of the kernel", physical(image_start).value,
                 translated(image_start));
    expect_equal("physical address of a variable of the kernel", physical(&asid::changes).value,
                 translated(&asid::changes));
    const Walk text = walk(kernel_table(), VAddr(reinterpret_cast<Word>(image_start)));
    expect_equal("the kernel's code can be read (2) and executed (8), not written (4)",
                 Pte::readable | Pte::executable, text.entry.word & 14);
}

KERNEL_TEST("map-machine: the hart reads the frame's memory through the mapping") {
    reset();
    Space space;
    space.add_tables(place);
    Slot& first = frame(0x1111);
    Slot& second = frame(0x2222);
    expect("before, nothing can be loaded there", !can_load(place));
    if (!expect_equal("error of the first mapping", 0, space.map(first, place)) ||
        !expect_equal("error of the next page's", 0, space.map(second, place + 0x1000)))
        return;
    if (!expect("the first page can be loaded from", can_load(place)) ||
        !expect("the second page can be loaded from", can_load(place + 0x1000)))
        return;
    expect_equal("first word of the first page", 0x1111, read_user(place));
    expect_equal("first word of the second page", 0x2222, read_user(place + 0x1000));
    expect("the page behind is not mapped", !can_load(place + 0x2000));
}

KERNEL_TEST("map-protects: the hart stores only where the mapping lets it, at once") {
    reset();
    Space space;
    space.add_tables(place);
    Slot& memory = frame(0);
    expect_equal("1: error of mapping a frame at 0x1234567000, to be read and written", 0,
                 space.map(memory, place));
    expect("1: mapped to be read and written: it can be stored to", can_store(place));
    expect_equal("2: error of mapping it there again, to be read only", 0,
                 space.map(memory, place, abi::read));
    expect("2: mapped to be read only: it can be loaded from", can_load(place));
    expect("2: mapped to be read only: it can not be stored to any more", !can_store(place));
    expect_equal("3: error of mapping it there again, with both rights", 0,
                 space.map(memory, place));
    expect("3: mapped with both rights again: it can be stored to", can_store(place));
    Slot& weak = slot(memory.cap.as<FrameCap>().unmapped().with_rights(abi::read));
    expect_equal("4: error of mapping, at 0x1234568000, a capability with the right to read only, "
                 "to be read and written",
                 0, space.map(weak, place + 0x1000));
    expect("4: its capability may only read: it can be loaded from", can_load(place + 0x1000));
    expect("4: its capability may only read: it cannot be stored to", !can_store(place + 0x1000));
}
