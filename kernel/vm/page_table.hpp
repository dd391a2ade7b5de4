// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Page tables of Sv39: 512 entries, three levels. A leaf maps a page of its level's size.
///
///     virtual address, 39 bits        | index 2 | index 1 | index 0 | offset  |
///                                      38     30 29     21 20     12 11      0
///     root ──index 2──> table ──index 1──> table ──index 0──> 4 KiB page
///      '── leaf: 1 GiB     '── leaf: 2 MiB
///
///     entry   | page number 53:10 | 9:8 | D A G U X W R V |
///
/// Reference: RISC-V privileged specification 4.3 and 4.4. Read next: vspace.hpp, kernel_map.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/lib/field.hpp"
#include "kernel/lib/window.hpp"

constexpr unsigned page_table_levels = 3;

/// Log2 of what an entry of a table at this level maps: 12, 21 or 30.
constexpr unsigned level_bits(unsigned level) {
    return abi::page_bits + level * abi::page_table_index_bits;
}

/// Level of the tables that map such frames.
constexpr unsigned frame_level(abi::ObjectType type) {
    switch (type) {
    case abi::ObjectType::mega_page:
        return 1;
    case abi::ObjectType::giga_page:
        return 2;
    default:
        return 0;
    }
}

class PageTable;

/// One entry of a page table.
struct Pte {
    Word word = 0;

    enum Bits : Word {
        valid = 1,
        readable = 2,
        writable = 4,
        executable = 8,
        user = 16,
        global = 32,
        accessed = 64,
        dirty = 128,
    };

    /// Maps a page. Accessed and dirty are set: the kernel has no use for them, and hardware that
    /// does not set them itself would fault.
    static constexpr Pte leaf(PAddr page, Word permissions) {
        return {page.value >> 12 << 10 | permissions | accessed | dirty | valid};
    }
    static constexpr Pte table(PAddr table) { return {table.value >> 12 << 10 | valid}; }

    [[nodiscard]] constexpr bool is_valid() const { return (word & valid) != 0; }
    [[nodiscard]] constexpr bool is_table() const {
        return (word & (valid | readable | writable | executable)) == valid;
    }
    [[nodiscard]] constexpr bool is_leaf() const { return is_valid() && !is_table(); }
    [[nodiscard]] constexpr PAddr address() const { return PAddr(Field<10, 44>::of(word) << 12); }
    [[nodiscard]] PageTable& next() const { return *window<PageTable>(address()); }
};

class PageTable {
public:
    /// The entry of this table, which is at `level`, for an address.
    [[nodiscard]] Pte& entry(VAddr address, unsigned level) {
        return entries_[address.value >> level_bits(level) & mask(abi::page_table_index_bits)];
    }
    [[nodiscard]] Pte& operator[](unsigned index) { return entries_[index]; }

private:
    Pte entries_[1 << abi::page_table_index_bits];
};
static_assert(sizeof(PageTable) == 1 << abi::page_table_bits);

/// Where a walk ended: at the entry for the address in the deepest table that there is.
struct Walk {
    Pte& entry;
    unsigned level; ///< of the table that holds the entry
};

/// Follows tables from the root (level 2) towards `address`, no deeper than level 0.
[[nodiscard]] Walk walk(PageTable& root, VAddr address);
