// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An address space to test with: an ASID pool, a root, and makers of tables and frames.
/// Read next: kernel/tests/host/world.hpp, map.cpp.
/// @stage{2}
#pragma once

#include "kernel/tests/host/world.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/page_table.hpp"

/// A pool and two address spaces.
struct Spaces {
    World world;
    Slot& control = world.slot(AsidControlCap());
    Slot& node = world.cnode(4);
    Slot& pool = in(node, 0); ///< the first
    Slot& root;
    Slot& other;

    Spaces() : root(table()), other(table()) {
        (void)make_pool(0);
        (void)assign(root);
        (void)assign(other);
        host::hardware = {};
    }

    Slot& table() { return world.slot(PageTableCap(host::memory(abi::page_table_bits))); }
    /// Its memory is at `base`; nobody touches that.
    Slot& frame(PAddr base, unsigned level = 0, Word rights = abi::all_rights) {
        return world.slot(FrameCap(base, level, false, rights));
    }
    Result<Outcome> make_pool(Word slot) {
        return world.invoke(control, abi::AsidControlMakePool{slot, 64},
                            {&world.untyped(abi::asid_pool_bits), &node});
    }
    Result<Outcome> assign(Slot& table) {
        return world.invoke(pool, abi::AsidPoolAssign{}, {&table});
    }
    Result<Outcome> map_table(Slot& table, Word address, Slot& space) {
        return world.invoke(table, abi::PageTableMap{address, 0}, {&space});
    }
    Result<Outcome> map(Slot& frame, Word address, Slot& space, Word rights = 3,
                        Word attributes = 0) {
        return world.invoke(frame, abi::PageMap{address, rights, attributes}, {&space});
    }
    Result<Outcome> map(Slot& frame, Word address) { return map(frame, address, root); }
    Result<Outcome> unmap(Slot& frame) { return world.invoke(frame, abi::PageUnmap{}); }
    Result<Outcome> unmap_table(Slot& table) { return world.invoke(table, abi::PageTableUnmap{}); }
    /// Maps tables until a frame of 4 KiB can be at `address`.
    void map_tables(Word address) {
        while (map_table(table(), address, root))
            continue;
        host::hardware = {};
    }
    [[nodiscard]] static Asid asid_of(const Slot& space) {
        return space.cap.as<PageTableCap>().mapping().asid;
    }
    /// What hardware would find.
    [[nodiscard]] Walk walk_to(Word address) const {
        return walk(root.cap.as<PageTableCap>().object(), VAddr(address));
    }
};
