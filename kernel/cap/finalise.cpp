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
#include "kernel/sched/hart.hpp"
/// @endcond
/// @cond LAB3
#include "kernel/object/sender_table.hpp"
/// @endcond
/// @cond LAB6
#include "kernel/async/registration.hpp"
/// @endcond
/// @cond NONE
#include "kernel/object/endpoint.hpp"
/// @endcond

#include <algorithm>

namespace finalise {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// The end of an object at which threads wait. If some are left, so is a capability with which
/// nothing can be done, so that nobody comes anew.
template <class View>
Cap end_waits(const View& cap) {
    return cap.object().finalise() ? Cap() : cap.with(cap.badge(), 0);
}

/// What the end of its last capability means for an object. The answer is what remains in the slot:
/// null, a zombie, or what end_waits() leaves.
Cap end_object(const Cap& cap) { // NOLINT(readability-function-size): a line or two for each kind
    switch (cap.type()) {
    case CapType::page_table:
        vspace::release_table(cap.as<PageTableCap>());
        return {};
    case CapType::asid_pool:
        asid::remove_pool(cap.as<AsidPoolCap>());
        return {};
    case CapType::cnode:
        return ZombieCap(cap.as<CNodeCap>());
    case CapType::thread:
        /// @cond LAB2
        if (!cap.as<ThreadCap>().object().finalise())
            return cap;
        /// @endcond
        return ZombieCap(cap.as<ThreadCap>(), Tcb::slot_count);
    case CapType::irq_handler:
        /// @cond LAB2
        irq::release(cap.as<IrqHandlerCap>().irq());
        /// @endcond
        return {};
    /// @cond NONE
    case CapType::endpoint:
        if constexpr (config::synchronous_ipc)
            return end_waits(cap.as<EndpointCap>());
        return {};
    case CapType::reply:
    case CapType::domain:
        return {};
    /// @endcond
    case CapType::notification:
        /// @cond LAB2
        return end_waits(cap.as<NotificationCap>());
        /// @endcond
    /// @cond LAB3
    case CapType::sender_table:
        return sender_table::end(cap.as<SenderTableCap>()) ? Cap() : cap;
    case CapType::uintr_control:
        break;
    /// @endcond
    /// @cond LAB6
    case CapType::async_registration:
        cap.as<RegistrationCap>().object().end();
        break;
    /// @endcond
    case CapType::null:
    case CapType::zombie:
    case CapType::untyped:
    case CapType::frame:
    case CapType::asid_control:
    case CapType::irq_control:
        break;
    }
    return {};
}

/// What remains in the slot of a capability that goes. `last`: no other one names its object.
Cap finish(const Cap& cap, bool last) {
    if (cap.is<ZombieCap>())
        return cap;
    if (cap.is<FrameCap>()) // each has a mapping of its own
        vspace::unmap_frame(cap.as<FrameCap>());
    if (cap.is<PageTableCap>()) // a thread may have used it
        asid::changes++;
    /// @cond LAB3
    if (cap.is<NotificationCap>())
        sender_table::release(cap.as<NotificationCap>());
    if (cap.is<SenderTableCap>())
        sender_table::capability_goes(cap);
    /// @endcond
    return last ? end_object(cap) : Cap();
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

/// The slot of a zombie that is emptied next. @pre it has some left
Slot& last_of(const ZombieCap& zombie) { return zombie.slots()[zombie.left() - 1]; }

/// How many bits of address the object of a capability takes that nobody uses any more. 0 if it has
/// no memory, or user programs have it.
/// @cond LAB2
/// Or this very trap goes on in it: a thread that deletes itself.
/// @endcond
/// @cond LAB6
/// Likewise a registration, which one of its own calls may delete.
/// @endcond
unsigned unused_bits(const Cap& cap) {
    switch (cap.type()) {
    case CapType::zombie: {
        const auto zombie = cap.as<ZombieCap>();
        /// @cond LAB2
        if (window<Tcb>(zombie.address()) == &current_thread())
            return 0;
        /// @endcond
        return zombie.of_thread() ? abi::tcb_bits : zombie.radix() + abi::slot_bits;
    }
    case CapType::notification:
        return abi::notification_bits;
    case CapType::page_table:
    case CapType::asid_pool:
        return abi::page_bits;
    /// @cond LAB3
    case CapType::sender_table:
        return abi::sender_table_bits;
    /// @endcond
    /// @cond NONE
    case CapType::endpoint:
        return config::synchronous_ipc ? abi::endpoint_bits : 0;
    /// @endcond
    default:
        return 0;
    }
}

/// Empties the slot of a capability with which finish() is done. Its object, if that was the last
/// one, is filled by debug kernels.
void leave(Slot& slot) {
    if constexpr (!config::debug)
        return mdb::remove(slot);
    const Cap gone = slot.cap;
    const bool last = mdb::is_final(slot);
    mdb::remove(slot);
    const unsigned bits = last ? unused_bits(gone) : 0;
    if (bits == 0)
        return;
    Word* word = window<Word>(gone.address());
    Word* const end = word + (Word{1} << bits) / sizeof(Word);
    if (window<Slot>(gone.address()) == &slot) // a zombie in itself: its slot can still be asked
        word += sizeof(Slot) / sizeof(Word);
    std::fill(word, end, freed);
}

/// One step towards the end of the zombie in `slot`: one slot less, and the empty ones behind it.
Outcome reduce(Slot& slot, bool exposed) {
    auto zombie = slot.cap.as<ZombieCap>();
    Slot& first = zombie.slots()[0];
    if (!exposed) {
        // The zombie inside comes out, so that this one ends up within what it waits for.
        mdb::swap(first.cap, first, slot.cap, slot);
        return Outcome::done;
    }
    for (unsigned i = 1; i < preempt::steps && zombie.left() > 1 && last_of(zombie).empty(); i++)
        slot.cap = zombie = zombie.with_left(zombie.left() - 1);
    const Outcome outcome = remove(last_of(zombie), false);
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
        if (rest.is<ZombieCap>() && reduce(slot, exposed) == Outcome::preempted)
            return Outcome::preempted;
        if (preempt::pending())
            return Outcome::preempted;
    }
    if (!slot.empty())
        leave(slot);
    return Outcome::done;
}

/// Each child goes as if a user program deleted it, so nothing of it stays behind. If an interrupt
/// waits after a child, or the deletion of one was preempted, the answer is preempted, and the call
/// made again does the rest; done only if no child is left.
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
    leave(slot);
}

} // namespace finalise
