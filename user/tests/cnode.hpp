// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of CNodes share: CNodes with guards, and capabilities that can be told apart.
/// @stage{1}
#pragma once

#include "user/tests/suite.hpp"

constexpr Word invalid_root = static_cast<Word>(LookupFailure::invalid_root);
constexpr Word missing_capability = static_cast<Word>(LookupFailure::missing_capability);
constexpr Word depth_mismatch = static_cast<Word>(LookupFailure::depth_mismatch);
constexpr Word guard_mismatch = static_cast<Word>(LookupFailure::guard_mismatch);

/// Word 0 of a failed lookup.
constexpr Word of_destination = 0;
constexpr Word of_source = 1;

/// A slot, named by the CNode that the search begins in.
struct Where {
    CPtr root;
    Word index;
    Word depth;
};
inline Where own(CPtr slot) { return {own_cnode, slot, full_depth}; }

inline Result copy(const Where& to, const Where& from, Word rights = abi::all_rights) {
    return invoke(to.root, abi::CNodeCopy{to.index, to.depth, from.index, from.depth, rights},
                  from.root);
}

inline Result mint(const Where& to, const Where& from, Word badge, Word rights = abi::all_rights) {
    return invoke(to.root,
                  abi::CNodeMint{to.index, to.depth, from.index, from.depth, rights, badge},
                  from.root);
}

inline Result move(const Where& to, const Where& from) {
    return invoke(to.root, abi::CNodeMove{to.index, to.depth, from.index, from.depth}, from.root);
}

inline Result mutate(const Where& to, const Where& from, Word badge) {
    return invoke(to.root, abi::CNodeMutate{to.index, to.depth, from.index, from.depth, badge},
                  from.root);
}

inline Result remove(const Where& place) {
    return invoke(place.root, abi::CNodeDelete{place.index, place.depth});
}

inline Result revoke(const Where& place) {
    return invoke(place.root, abi::CNodeRevoke{place.index, place.depth});
}

/// A copy of a CNode's capability that has a guard.
inline CPtr guarded(CPtr cnode, Word guard, Word guard_size,
                    const Place& place = Place::current()) {
    const CPtr slot = empty_slot();
    expect_success("a guard is set",
                   cap_mint(cnode, slot, abi::all_rights, abi::cnode_data(guard, guard_size)),
                   place);
    return slot;
}

/// Frames have addresses, by which two capabilities can be found to be of the same object.
inline Word identity(CPtr frame) { return page_get_address(frame).words[0]; }

/// The object in a slot, wherever it is; 0 if there is none. The object is a frame.
inline Word identity(const Where& place) {
    const CPtr slot = empty_slot();
    const Word result = copy(own(slot), place) ? identity(slot) : 0;
    allocator.release_slot(slot);
    return result;
}

/// Is there a capability that can be copied?
inline bool exists(CPtr slot) {
    const CPtr copied = empty_slot();
    const bool result = bool(cap_copy(slot, copied));
    allocator.release_slot(copied);
    return result;
}

/// Is the slot empty?
inline bool empty(CPtr slot) {
    if (!cap_copy(own_cnode, slot))
        return false;
    cap_delete(slot);
    return true;
}
