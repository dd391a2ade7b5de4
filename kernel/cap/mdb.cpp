// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The derivation tree as a list in preorder. insert() is the whole trick: a child goes directly
/// behind its parent, in front of the other children.
/// @stage{1}
#include "kernel/cap/mdb.hpp"

#include "kernel/lib/todo.hpp"

namespace mdb {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// Is a capability derived from one of these with another badge: the start of its own subtree?
template <class View>
bool badge_differs(const Cap& cap, const Cap& source) {
    return source.is<View>() && cap.as<View>().badge() != source.as<View>().badge();
}

/// Can the new capability `cap`, derived from `source`, have children of its own?
bool starts_subtree(const Cap& cap, const Cap& source) {
    switch (cap.type()) {
    case CapType::untyped:
        return true;
    case CapType::irq_handler:
        return source.is<IrqControlCap>();
    case CapType::notification:
        return badge_differs<NotificationCap>(cap, source);
    /// @cond NONE
    case CapType::endpoint:
        return badge_differs<EndpointCap>(cap, source);
    /// @endcond
    default:
        return false;
    }
}

template <class View>
bool is_badge_parent(const Slot& parent, const Slot& child) {
    const Badge badge = parent.cap.as<View>().badge();
    return badge == Badge(0) ||
           (badge == child.cap.as<View>().badge() && !child.mdb.first_badged());
}

bool within(const UntypedCap& untyped, const Cap& cap) {
    const PAddr end = untyped.base() + untyped.size();
    if (!cap.is<UntypedCap>())
        return cap.in_memory() && untyped.base() <= cap.address() && cap.address() < end;
    const auto other = cap.as<UntypedCap>();
    return untyped.base() <= other.base() && other.base() + other.size() <= end;
}

bool frame_within(const FrameCap& frame, const FrameCap& other) {
    return frame.base() <= other.base() && other.base() + (Word{1} << other.size_bits()) <=
                                               frame.base() + (Word{1} << frame.size_bits());
}

/// Links `slot` into the list behind `prev`.
void link(Slot& prev, Slot& slot) {
    Slot* next = prev.mdb.next();
    slot.mdb.set_prev(&prev);
    slot.mdb.set_next(next);
    prev.mdb.set_next(&slot);
    if (next != nullptr)
        next->mdb.set_prev(&slot);
}

/// Lets the neighbours of `slot`, whose links were copied, point to it.
void relink_neighbours(Slot& slot) {
    if (slot.mdb.prev() != nullptr)
        slot.mdb.prev()->mdb.set_next(&slot);
    if (slot.mdb.next() != nullptr)
        slot.mdb.next()->mdb.set_prev(&slot);
}

} // namespace

bool same_region(const Cap& a, const Cap& b) {
    switch (a.type()) {
    case CapType::null:
    case CapType::zombie:
        return false;
    case CapType::untyped:
        return within(a.as<UntypedCap>(), b);
    case CapType::frame:
        return b.is<FrameCap>() && frame_within(a.as<FrameCap>(), b.as<FrameCap>());
    case CapType::irq_control:
        return b.is<IrqControlCap>() || b.is<IrqHandlerCap>();
    case CapType::irq_handler:
        return b.is<IrqHandlerCap>() && a.as<IrqHandlerCap>().irq() == b.as<IrqHandlerCap>().irq();
    default:
        return a.type() == b.type() && a.address() == b.address();
    }
}

bool same_object(const Cap& a, const Cap& b) {
    if (a.is<UntypedCap>() || (a.is<IrqControlCap>() && b.is<IrqHandlerCap>()))
        return false;
    if (a.is<FrameCap>() && b.is<FrameCap>())
        return a.address() == b.address() && a.as<FrameCap>().level() == b.as<FrameCap>().level();
    return same_region(a, b);
}

bool is_parent(const Slot& parent, const Slot& child) {
    if (!parent.mdb.revocable() || !same_region(parent.cap, child.cap))
        return false;
    /// @cond NONE
    if (parent.cap.is<EndpointCap>())
        return is_badge_parent<EndpointCap>(parent, child);
    /// @endcond
    if (parent.cap.is<NotificationCap>())
        return is_badge_parent<NotificationCap>(parent, child);
    return true;
}

bool has_children(const Slot& slot) {
    const Slot* next = slot.mdb.next();
    return next != nullptr && is_parent(slot, *next);
}

bool is_final(const Slot& slot) {
    const Slot* prev = slot.mdb.prev();
    const Slot* next = slot.mdb.next();
    return (prev == nullptr || !same_object(prev->cap, slot.cap)) &&
           (next == nullptr || !same_object(slot.cap, next->cap));
}

/// Zombies and the control of interrupts are never copied: the null capability, which is no error.
/// Untyped memory is copied only without children: revoke_first. A page table is copied only if it
/// is mapped: illegal_operation. Of a frame, which can be mapped once for each capability, the copy
/// is not mapped. All else is copied as it is.
/// @lab{1.2} which capabilities can be copied, and as what
Result<Cap> derive(const Slot& source, const Cap& cap) {
    switch (cap.type()) {
    case CapType::zombie:
    case CapType::irq_control:
    /// @cond NONE
    case CapType::reply:
        /// @endcond
        return Cap();
    case CapType::untyped:
        if (has_children(source))
            return failure(abi::Error::revoke_first);
        return cap;
    case CapType::page_table:
        if (!cap.as<PageTableCap>().mapped())
            return failure(abi::Error::illegal_operation);
        return cap;
    case CapType::frame:
        return cap.as<FrameCap>().unmapped();
    default:
        return cap;
    }
}

/// It goes directly behind `source`. It can have children, and is the first of its badge, exactly
/// if it starts a subtree. The memory of an untyped that was copied belongs to the copy: nothing is
/// free in the source any more.
/// @lab{1.3} a new node: its place in the list, its flags; an untyped that was copied is full
void insert(Cap cap, Slot& source, Slot& destination) {
    require(destination.empty(), "insertion into a slot that is in use");
    const bool subtree = starts_subtree(cap, source.cap);
    destination.cap = cap;
    destination.mdb.set_flags(subtree, subtree);
    link(source, destination);
    if (cap.is<UntypedCap>()) {
        const auto untyped = source.cap.as<UntypedCap>();
        source.cap = untyped.with_watermark(untyped.size());
    }
}

void insert_new(Cap cap, Slot& parent, Slot& destination) {
    require(destination.empty(), "insertion into a slot that is in use");
    destination.cap = cap;
    destination.mdb.set_flags(true, true);
    link(parent, destination);
}

void move(Cap cap, Slot& source, Slot& destination) {
    require(destination.empty(), "a move to a slot that is in use");
    destination.cap = cap;
    destination.mdb = source.mdb;
    source = Slot();
    relink_neighbours(destination);
}

void swap(Cap cap_a, Slot& a, Cap cap_b, Slot& b) {
    a.cap = cap_b;
    b.cap = cap_a;
    // One at a time: the two may be neighbours.
    const MdbLinks links_a = a.mdb;
    if (links_a.prev() != nullptr)
        links_a.prev()->mdb.set_next(&b);
    if (links_a.next() != nullptr)
        links_a.next()->mdb.set_prev(&b);
    const MdbLinks links_b = b.mdb;
    a.mdb = links_b;
    b.mdb = links_a;
    relink_neighbours(a);
}

void remove(Slot& slot) {
    Slot* prev = slot.mdb.prev();
    Slot* next = slot.mdb.next();
    if (prev != nullptr)
        prev->mdb.set_next(next);
    if (next != nullptr) {
        next->mdb.set_prev(prev);
        if (slot.mdb.first_badged())
            next->mdb.set_flags(next->mdb.revocable(), true);
    }
    slot = Slot();
}

bool linked(const Slot& slot) {
    const Slot* prev = slot.mdb.prev();
    const Slot* next = slot.mdb.next();
    return (prev == nullptr || prev->mdb.next() == &slot) &&
           (next == nullptr || next->mdb.prev() == &slot);
}

} // namespace mdb
