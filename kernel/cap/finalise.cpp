// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Delete, revoke, and the reduction of zombies.
/// @stage{1}
#include "kernel/cap/finalise.hpp"

#include "kernel/cap/mdb.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/syscall/preempt.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/vspace.hpp"
/// @cond LAB2
#include "kernel/object/irq.hpp"
#include "kernel/object/notification.hpp"
/// @endcond
/// @cond NONE
#include "kernel/object/endpoint.hpp"
/// @endcond

namespace finalise {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// What is left of the last capability to an object at which threads still wait: nothing can be
/// done with it, so that nobody comes anew.
template <class View>
Cap powerless(const Cap& cap) {
    return cap.as<View>().with(cap.as<View>().badge(), 0);
}

/// What the end of a capability means for its object. `last`: no other capability names it.
/// The answer is what remains in the slot: null, a zombie, or what is powerless.
Cap finish(const Cap& cap, bool last) {
    switch (cap.type()) {
    case CapType::frame:
        vspace::unmap_frame(cap.as<FrameCap>());
        return {};
    case CapType::page_table:
        asid::changes++;
        if (last)
            vspace::release_table(cap.as<PageTableCap>());
        return {};
    case CapType::asid_pool:
        if (last)
            asid::remove_pool(cap.as<AsidPoolCap>());
        return {};
    case CapType::notification:
        /// @cond LAB2
        if (last && !cap.as<NotificationCap>().object().finalise())
            return powerless<NotificationCap>(cap);
        /// @endcond
        return {};
    /// @cond NONE
    case CapType::endpoint:
        if constexpr (config::synchronous_ipc) {
            if (last && !cap.as<EndpointCap>().object().finalise())
                return powerless<EndpointCap>(cap);
        }
        return {};
    case CapType::reply:
    case CapType::domain:
        return {};
    /// @endcond
    case CapType::cnode: {
        const auto cnode = cap.as<CNodeCap>();
        if (!last)
            return {};
        return ZombieCap(cap.address(), cnode.radix(), false, Word{1} << cnode.radix());
    }
    case CapType::thread:
        if (!last)
            return {};
        /// @cond LAB2
        cap.as<ThreadCap>().object().finalise();
        /// @endcond
        return ZombieCap(cap.address(), 0, true, Tcb::slot_count);
    case CapType::irq_handler:
        /// @cond LAB2
        if (last)
            irq::release(cap.as<IrqHandlerCap>().irq());
        /// @endcond
        return {};
    case CapType::zombie:
        return cap;
    case CapType::null:
    case CapType::untyped:
    case CapType::asid_control:
    case CapType::irq_control:
        return {};
    }
    return {};
}

/// Can the slot be emptied now? A zombie can without slots, or with none left but this very one.
bool removable(const Cap& rest, const Slot& slot) {
    if (!rest.is<ZombieCap>())
        return rest.null();
    const auto zombie = rest.as<ZombieCap>();
    return zombie.left() == 0 || (zombie.left() == 1 && zombie.slots() == &slot);
}

/// Does the zombie in `slot` lie in its own first slot?
bool in_itself(const Cap& rest, const Slot& slot) {
    return rest.is<ZombieCap>() && rest.as<ZombieCap>().slots() == &slot;
}

/// One step towards the end of what is left in `slot`.
Outcome reduce(Slot& slot, bool exposed) {
    if (!slot.cap.is<ZombieCap>())
        return Outcome::done; // finish() makes it
    const auto zombie = slot.cap.as<ZombieCap>();
    Slot& first = zombie.slots()[0];
    if (!exposed) {
        // The zombie inside comes out, so that this one ends up within what it waits for.
        mdb::swap(first.cap, first, slot.cap, slot);
        return Outcome::done;
    }
    const Outcome outcome = remove(zombie.slots()[zombie.left() - 1], false);
    // What was emptied may have been this slot, or have made another zombie of it.
    if (outcome == Outcome::done && slot.cap == zombie)
        slot.cap = zombie.with_left(zombie.left() - 1);
    return outcome;
}

} // namespace

Outcome remove(Slot& slot, bool exposed) {
    while (!slot.empty()) {
        const Cap rest = finish(slot.cap, mdb::is_final(slot));
        if (removable(rest, slot))
            break;
        slot.cap = rest;
        if (!exposed && in_itself(rest, slot))
            return Outcome::done;
        if (reduce(slot, exposed) == Outcome::preempted || preempt::pending())
            return Outcome::preempted;
    }
    if (!slot.empty())
        mdb::remove(slot);
    return Outcome::done;
}

/// @lab{1.7} delete the children one by one, with a preemption point after each
Outcome revoke(Slot& slot) {
    while (mdb::has_children(slot)) {
        if (remove(*slot.mdb.next(), true) == Outcome::preempted || preempt::pending())
            return Outcome::preempted;
    }
    return Outcome::done;
}

void remove_simple(Slot& slot) {
    if (slot.empty())
        return;
    while (!finish(slot.cap, mdb::is_final(slot)).null())
        require(!slot.cap.is<ZombieCap>() && !slot.cap.is<CNodeCap>() && !slot.cap.is<ThreadCap>(),
                "a simple removal of something with slots");
    mdb::remove(slot);
}

} // namespace finalise
