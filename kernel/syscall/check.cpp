// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What must hold after every trap. A walk through all capabilities would take too long for that:
/// the neighbourhoods of the current thread's own slots stand for the rest, and the whole list is
/// walked once in a while.
/// @stage{2}
#include "kernel/syscall/check.hpp"

#include "kernel/cap/mdb.hpp"
#include "kernel/lib/assert.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"
/// @cond LAB6
#include "kernel/async/registration.hpp"
/// @endcond
/// @cond NONE
#include "kernel/object/endpoint.hpp"
/// @endcond

namespace check {

namespace {

/// Traps between two walks through the whole derivation tree.
constexpr unsigned walk_interval = 256;

constinit unsigned traps = 0;

/// Is what an object says of itself true?
bool object_holds(const Cap& cap) {
    if (cap.is<NotificationCap>())
        return cap.as<NotificationCap>().object().invariant();
    /// @cond LAB6
    if (cap.is<RegistrationCap>())
        return cap.as<RegistrationCap>().object().invariant();
    /// @endcond
    /// @cond NONE
    if constexpr (config::synchronous_ipc) {
        if (cap.is<EndpointCap>())
            return cap.as<EndpointCap>().object().invariant();
    }
    /// @endcond
    return true;
}

/// A slot, its neighbours in the tree, and its object.
void check_slot(const Slot& slot) {
    require(mdb::linked(slot), "the derivation tree is torn");
    require(!slot.empty(), "an empty slot is in the derivation tree");
    require(object_holds(slot.cap), "an object contradicts itself");
    if (slot.cap.is<UntypedCap>()) {
        const auto untyped = slot.cap.as<UntypedCap>();
        require(untyped.watermark() <= untyped.size(), "an untyped is fuller than full");
    }
}

/// The whole list that `slot` stands in.
void check_list(const Slot& slot) {
    for (const Slot* next = &slot; next != nullptr; next = next->mdb.next())
        check_slot(*next);
    for (const Slot* prev = slot.mdb.prev(); prev != nullptr; prev = prev->mdb.prev())
        check_slot(*prev);
}

void check_slots_of(const Tcb& tcb, bool whole) {
    for (const Slot& slot : tcb.slots) {
        if (slot.empty())
            continue;
        if (whole)
            check_list(slot);
        else
            check_slot(slot);
    }
}

} // namespace

void all_invariants() {
    const Tcb& tcb = current_thread();
    require(tcb.state == Tcb::State::running || tcb.state == Tcb::State::idle,
            "a thread runs that cannot");
    require(!tcb.queued, "the thread that runs is in a run queue");
    const bool whole = ++traps % walk_interval == 0;
    require(!whole || sched::invariant(), "the run queue is broken");
    /// @cond LAB6
    require(tcb.registration == nullptr || tcb.registration->invariant(),
            "a registration contradicts itself");
    /// @endcond
    check_slots_of(tcb, whole);
}

} // namespace check
