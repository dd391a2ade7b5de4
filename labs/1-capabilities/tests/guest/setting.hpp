// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of lab 1 that are programs share: slots of any CNode, and what can be done with
/// them. A test makes its objects with test::allocator.
/// Read next: user/lib/test.hpp, user/lib/objects.hpp.
#pragma once

#include "user/lib/test.hpp"

using namespace test;
using abi::Error;
using abi::ObjectType;
using sel4::Result;

/// A slot, named by the last `depth` bits of `index` from the CNode in the own slot `root` on.
struct Slot {
    CPtr root;
    Word index;
    Word depth;
};
inline Slot own(CPtr slot) { return {sel4::own_cnode, slot, sel4::full_depth}; }

inline Result copy(const Slot& to, const Slot& from, Word rights = abi::all_rights) {
    return sel4::invoke(to.root, abi::CNodeCopy{to.index, to.depth, from.index, from.depth, rights},
                        from.root);
}
inline Result mint(const Slot& to, const Slot& from, Word badge) {
    return sel4::invoke(
        to.root, abi::CNodeMint{to.index, to.depth, from.index, from.depth, abi::all_rights, badge},
        from.root);
}
inline Result move(const Slot& to, const Slot& from) {
    return sel4::invoke(to.root, abi::CNodeMove{to.index, to.depth, from.index, from.depth},
                        from.root);
}
inline Result remove(const Slot& slot) {
    return sel4::invoke(slot.root, abi::CNodeDelete{slot.index, slot.depth});
}
inline Result revoke(const Slot& slot) {
    return sel4::invoke(slot.root, abi::CNodeRevoke{slot.index, slot.depth});
}

/// Is the slot empty? One that is gets a capability, which is taken away again.
inline bool is_empty(CPtr slot) {
    if (!sel4::cap_copy(sel4::own_cnode, slot))
        return false;
    sel4::cap_delete(slot);
    return true;
}

/// Where a frame's memory lies.
inline Word address_of(CPtr frame) { return sel4::page_get_address(frame).words[0]; }
