// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Mapping and unmapping, with every check, and no more flushing than what changed.
/// @stage{1}
#include "kernel/vm/vspace.hpp"

#include "kernel/cap/mdb.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/riscv/tlb.hpp"
#include "kernel/sched/hart.hpp"
#include "kernel/vm/kernel_map.hpp"
/// @cond LAB2
#include "kernel/sched/remote.hpp"
/// @endcond

#include <string.h>

namespace vspace {

// Your own helpers: begin
// Your own helpers: end

void flush_page(vm::Space space, VAddr address) {
    tlb::flush_page(space.asid(), address);
    /// @cond LAB2
    remote::flush_page(space, address);
    /// @endcond
}

void flush_space(vm::Space space) {
    tlb::flush_space(space.asid());
    /// @cond LAB2
    remote::flush_space(space);
    /// @endcond
}

Pte leaf_of(const FrameCap& frame, Word rights, Word attributes) {
    const Word allowed = frame.rights() & rights;
    Word permissions = (attributes & abi::execute_never) == 0 ? Word{Pte::executable} : 0;
    if ((allowed & abi::read) != 0)
        permissions |= Pte::readable | (allowed & abi::write) * Pte::writable;
    return permissions == 0 ? Pte{} : Pte::leaf(frame.base(), permissions | Pte::user);
}

namespace {

/// The address space of the root table that an invocation names as its first capability.
Result<vm::Space> space_of(const Cap& cap) {
    if (!is_root(cap))
        return invalid_capability(1);
    const auto table = cap.as<PageTableCap>();
    const vm::AsidEntry* entry = asid::entry(table.mapping().asid);
    if (entry == nullptr || !entry->used())
        return failed_lookup({.type = abi::LookupFailure::invalid_root}, false);
    if (entry->root() != table.base())
        return invalid_capability(1);
    return vm::Space{table.mapping().asid, table.base()};
}

vm::Space kernel_space() { return {Asid(0), kernel_root()}; }

PageTable& root_of(vm::Space space) { return *window<PageTable>(space.root()); }

/// The place in the page tables for a frame.
Result<Pte*> place_of(const FrameCap& frame, vm::Space space, VAddr address) {
    const Walk found = walk(root_of(space), address);
    if (found.level != frame.level())
        return failed_lookup(
            {.type = abi::LookupFailure::missing_capability, .bits_left = level_bits(found.level)},
            false);
    if (frame.mapped()) {
        if (frame.mapping().asid != space.asid())
            return invalid_capability(1);
        if (frame.mapping().vaddr != address)
            return invalid_argument(0);
    } else if (found.entry.is_valid()) {
        return failure(abi::Error::delete_first);
    }
    if (found.entry.is_table())
        return failure(abi::Error::delete_first);
    return &found.entry;
}

/// Errors, in this order: of the address space (space_of); invalid_argument 0 if any byte of the
/// frame would be at user_top or above; alignment_error if the address is no multiple of the
/// frame's size; of the tables, the frame's mapping, and what is mapped there (place_of). Nothing
/// is changed then. Else the entry becomes the leaf that capability and message allow, the
/// capability notes address space and address, and no cache has the old entry.
/// @lab{1.9} map a frame, or change the rights of its mapping
Result<Outcome> map_frame(Invocation& call, Slot& slot, const abi::PageMap& message) {
    const auto frame = slot.cap.as<FrameCap>();
    const VAddr address(message.vaddr);
    const auto space = space_of(call.extra(0).cap);
    if (!space)
        return failed(space);
    if (address.value + mask(frame.size_bits()) >= abi::user_top)
        return invalid_argument(0);
    if (!address.aligned(frame.size_bits()))
        return failure(abi::Error::alignment_error);
    const auto entry = place_of(frame, *space, address);
    if (!entry)
        return failed(entry);
    slot.cap = frame.with_mapping({space->asid(), address});
    **entry = leaf_of(frame, message.rights, message.attributes);
    flush_page(*space, address);
    return Outcome::done;
}

Result<Outcome> unmap_frame_of(Invocation&, Slot& slot, const abi::PageUnmap&) {
    const auto frame = slot.cap.as<FrameCap>();
    unmap_frame(frame);
    slot.cap = frame.unmapped();
    return Outcome::done;
}

Result<Outcome> frame_address(Invocation& call, Slot& slot, const abi::PageGetAddress&) {
    call.answer(0, slot.cap.as<FrameCap>().base().value);
    return Outcome::done;
}

Result<Outcome> map_table(Invocation& call, Slot& slot, const abi::PageTableMap& message) {
    const auto table = slot.cap.as<PageTableCap>();
    if (table.mapped())
        return invalid_capability(0);
    const VAddr address(message.vaddr);
    // Here the address is looked at before the ASID is: seL4's order.
    if (is_root(call.extra(0).cap) && address.value >= abi::user_top)
        return invalid_argument(0);
    const auto space = space_of(call.extra(0).cap);
    if (!space)
        return failed(space);
    const Walk found = walk(root_of(*space), address);
    if (found.level == 0 || found.entry.is_valid())
        return failure(abi::Error::delete_first);
    const VAddr start(address.value & ~mask(level_bits(found.level)));
    slot.cap = table.with_mapping({space->asid(), start});
    found.entry = Pte::table(table.base());
    // Hardware may have remembered that there was no table.
    flush_space(*space);
    return Outcome::done;
}

/// Takes a table, which is not a root, out of its address space.
void unmap_table(const PageTableCap& table) {
    PageTable* level_table = asid::root(table.mapping().asid);
    if (level_table == nullptr)
        return;
    const vm::Space space{table.mapping().asid, physical(level_table)};
    for (unsigned level = page_table_levels - 1; level > 0; level--) {
        Pte& entry = level_table->entry(table.mapping().vaddr, level);
        if (!entry.is_table())
            return;
        if (entry.address() == table.base()) {
            entry = {};
            return flush_space(space);
        }
        level_table = &entry.next();
    }
}

Result<Outcome> unmap_table_of(Invocation&, Slot& slot, const abi::PageTableUnmap&) {
    if (!mdb::is_final(slot))
        return failure(abi::Error::revoke_first);
    const auto table = slot.cap.as<PageTableCap>();
    if (table.mapped()) {
        if (asid::valid(table.space()))
            return failure(abi::Error::revoke_first);
        unmap_table(table);
        // What it maps must not come back with it: its frames can be deleted meanwhile.
        memset(&table.object(), 0, sizeof(PageTable));
    }
    slot.cap = table.unmapped();
    return Outcome::done;
}

} // namespace

Result<Outcome> invoke_frame(Invocation& call, Slot& slot) {
    return dispatch<&map_frame, &unmap_frame_of, &frame_address>(call, slot);
}

Result<Outcome> invoke_table(Invocation& call, Slot& slot) {
    return dispatch<&map_table, &unmap_table_of>(call, slot);
}

void unmap_frame(const FrameCap& frame) {
    if (!frame.mapped())
        return;
    PageTable* root = asid::root(frame.mapping().asid);
    if (root == nullptr)
        return;
    const VAddr address = frame.mapping().vaddr;
    const Walk found = walk(*root, address);
    if (found.level != frame.level() || !found.entry.is_leaf() ||
        found.entry.address() != frame.base())
        return;
    found.entry = {};
    flush_page({frame.mapping().asid, physical(root)}, address);
}

void release_table(const PageTableCap& table) {
    if (!table.mapped())
        return;
    if (asid::valid(table.space()))
        asid::release(table.space());
    else
        unmap_table(table);
}

void use_kernel_space() {
    if (this_hart().space != kernel_space())
        use(kernel_space());
}

void find_space(Tcb& tcb) {
    const Cap& cap = tcb.slot(Tcb::vspace).cap;
    tcb.space = kernel_space();
    if (is_root(cap) && asid::valid(cap.as<PageTableCap>().space()))
        tcb.space = cap.as<PageTableCap>().space();
    tcb.space_known_at = asid::changes;
}

void leave(vm::Space space) {
    if (this_hart().space == space)
        use_kernel_space();
    tlb::flush_space(space.asid());
    /// @cond LAB2
    remote::leave_space(space);
    /// @endcond
}

void leave_all_here(Asid first) {
    const Word pool = first.value >> abi::asid_pool_index_bits;
    if (this_hart().space.asid().value >> abi::asid_pool_index_bits == pool)
        use_kernel_space();
    tlb::flush_all();
}

void leave_all_of(Asid first) {
    leave_all_here(first);
    /// @cond LAB2
    remote::leave_pool(first);
    /// @endcond
}

} // namespace vspace
