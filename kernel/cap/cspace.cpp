// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The walk from CNode to CNode, and the forms of it that system calls need.
/// @stage{1}
#include "kernel/cap/cspace.hpp"

#include "kernel/lib/todo.hpp"

namespace cspace {

// Your own helpers: begin
// Your own helpers: end

/// invalid_root if `root` is no CNode. At each CNode the guard is looked at first: if the next bits
/// are not the guard, or fewer are left than it has, guard_mismatch. Then guard and index together
/// must not need more bits than are left: depth_mismatch. `bits_left` of an error is what was left
/// before this CNode; `detail` the guard, or the bits that the CNode needs. The lookup ends when no
/// bits are left, or at a slot that holds no CNode.
/// @lab{1.1} follow guards and indices to a slot; say which level failed, and how
Lookup<Found> resolve(const Cap& root, CPtr cptr, unsigned depth) {
    if (!root.is<CNodeCap>())
        return std::unexpected(LookupFault{.type = abi::LookupFailure::invalid_root});
    unsigned bits_left = depth;
    const Cap* cap = &root;
    while (true) {
        const auto cnode = cap->as<CNodeCap>();
        const unsigned guard_size = cnode.guard_size();
        const unsigned level_bits = guard_size + cnode.radix();
        if (guard_size > bits_left ||
            ((cptr >> (bits_left - guard_size) % 64) & mask(guard_size)) != cnode.guard())
            return std::unexpected(LookupFault{.type = abi::LookupFailure::guard_mismatch,
                                               .bits_left = bits_left,
                                               .detail = cnode.guard(),
                                               .guard_size = guard_size});
        if (level_bits > bits_left)
            return std::unexpected(LookupFault{.type = abi::LookupFailure::depth_mismatch,
                                               .bits_left = bits_left,
                                               .detail = level_bits});
        bits_left -= level_bits;
        Slot* slot = cnode.slots() + ((cptr >> bits_left) & mask(cnode.radix()));
        if (bits_left == 0 || !slot->cap.is<CNodeCap>())
            return Found{slot, bits_left};
        cap = &slot->cap;
    }
}

Result<Slot*> slot_at(const Cap& root, CPtr index, Word depth, bool of_source) {
    if (!root.is<CNodeCap>())
        return failed_lookup({.type = abi::LookupFailure::invalid_root}, of_source);
    if (depth < 1 || depth > 64)
        return range_error(1, 64);
    const auto found = resolve(root, index, static_cast<unsigned>(depth));
    if (!found)
        return failed_lookup(found.error(), of_source);
    if (found->bits_left != 0)
        return failed_lookup(
            {.type = abi::LookupFailure::depth_mismatch, .bits_left = found->bits_left}, of_source);
    return found->slot;
}

Result<Slot*> empty_slot_at(const Cap& root, CPtr index, Word depth) {
    const auto slot = slot_at(root, index, depth);
    if (slot && !(*slot)->empty())
        return failure(abi::Error::delete_first);
    return slot;
}

Result<Slot*> full_slot_at(const Cap& root, CPtr index, Word depth) {
    const auto slot = slot_at(root, index, depth, true);
    if (slot && (*slot)->empty())
        return missing(depth, true);
    return slot;
}

} // namespace cspace
