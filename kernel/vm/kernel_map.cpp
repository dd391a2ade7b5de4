// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Three tables of 512 entries. The root's entry for the GiB of the image leads to `middle`, whose
/// entry for the 2 MiB of the image leads to `image`; all other entries are leaves.
///
///     root (1 GiB each) ──> middle (2 MiB each) ──> image (4 KiB each)
/// @stage{1}
#include "kernel/vm/kernel_map.hpp"

#include "kernel/lib/window.hpp"
#include "kernel/riscv/stack.hpp"
#include "kernel/vm/page_table.hpp"

#include <algorithm>

extern "C" {
extern const char image_start[];
extern const char text_end[];
extern const char rodata_end[];
}

namespace {

constexpr Word data_rights = Pte::readable | Pte::writable;

constexpr unsigned entries = 1 << abi::page_table_index_bits;
constexpr unsigned first_kernel_entry = entries / 2;
constexpr unsigned page_bits = level_bits(0);
constexpr unsigned middle_bits = level_bits(1);
constexpr unsigned root_bits = level_bits(2);

using Table = std::array<Pte, entries>;

/// Global: it is the same in every address space.
Pte leaf(PAddr address, Word rights) { return Pte::leaf(address, rights | Pte::global); }

unsigned index(PAddr address, unsigned bits) { return address.value >> bits & (entries - 1); }

// Immutable after boot.
alignas(4096) constinit Table root = {};
alignas(4096) constinit Table middle = {};
alignas(4096) constinit Table image = {};

/// What lies at `address` of the image says what can be done with it.
Word image_rights(Word address) {
    if (address < reinterpret_cast<Word>(text_end))
        return Pte::readable | Pte::executable;
    return address < reinterpret_cast<Word>(rodata_end) ? Word{Pte::readable} : data_rights;
}

void build_image(PAddr start) {
    const Word kernel_address = reinterpret_cast<Word>(image_start);
    for (Word i = 0; i < entries; i++) {
        const Word offset = i << page_bits;
        image[i] = leaf(start + offset, image_rights(kernel_address + offset));
    }
    for (const Stack& stack : stacks)
        image[index(physical(&stack.guard), page_bits)] = {};
}

void build_middle(PAddr start) {
    for (Word i = 0; i < entries; i++)
        middle[i] = leaf(start + (i << middle_bits), data_rights);
}

} // namespace

namespace kernel_map {

void build(const Regions& shown) {
    const PAddr start = physical(image_start);
    const PAddr gib(start.value >> root_bits << root_bits);
    build_image(start);
    build_middle(gib);
    middle[index(start, middle_bits)] = Pte::table(physical(&image));

    for (const Range& range : shown)
        for (Word i = range.start.value >> root_bits;
             i << root_bits < std::min(range.end, window_end).value; i++)
            root[first_kernel_entry + i] = leaf(PAddr(i << root_bits), data_rights);
    root[first_kernel_entry + index(start, root_bits)] = Pte::table(physical(&middle));
}

} // namespace kernel_map

void copy_kernel_map(PageTable& table) {
    for (unsigned i = first_kernel_entry; i < entries; i++)
        table[i] = root[i];
}

PAddr kernel_root() { return physical(&root); }
