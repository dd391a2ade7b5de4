// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread's spaces, priorities, buffer, binding and hart, set by others or by itself.
/// @stage{2}
#include "kernel/object/tcb_invoke.hpp"

#include "kernel/cap/cnode.hpp"
#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/vm/vspace.hpp"
/// @cond LAB3
#include "kernel/object/sender_table.hpp"
/// @endcond
/// @cond LAB6
#include "kernel/async/registration.hpp"
/// @endcond
/// @cond NONE
#include "kernel/riscv/fpu.hpp"
/// @endcond

namespace thread {

namespace {

Tcb& object_of(const Slot& slot) { return slot.cap.as<ThreadCap>().object(); }

/// A capability that will go into a slot of a thread, and the slot it is derived from.
struct Derived {
    Cap cap;
    Slot* source;
};

/// What a thread gets as CSpace or VSpace: the capability in `source`, with a guard if asked for.
Result<Derived> derived_from(Slot& source, Word data) {
    const Cap wanted = data == 0 ? source.cap : cnode::with_data(source.cap, data, false);
    const auto cap = mdb::derive(source, wanted);
    if (!cap)
        return failed(cap);
    return Derived{*cap, &source};
}

struct Spaces {
    Derived cspace;
    Derived vspace;
};

/// Would emptying this slot be a long operation: is it the last of something with slots?
bool long_to_empty(const Slot& slot) {
    const bool with_slots =
        slot.cap.is<ThreadCap>() || slot.cap.is<CNodeCap>() || slot.cap.is<ZombieCap>();
    return with_slots && mdb::is_final(slot);
}

Result<Spaces> spaces_of(Invocation& call, const Tcb& tcb, Word cspace_data, Word vspace_data) {
    if (long_to_empty(tcb.slot(Tcb::cspace)) || long_to_empty(tcb.slot(Tcb::vspace)))
        return failure(abi::Error::illegal_operation);
    const auto cspace = derived_from(call.extra(0), cspace_data);
    if (!cspace)
        return failed(cspace);
    if (!cspace->cap.is<CNodeCap>())
        return failure(abi::Error::illegal_operation);
    const auto vspace = derived_from(call.extra(1), vspace_data);
    if (!vspace)
        return failed(vspace);
    if (!vspace::is_root(vspace->cap))
        return failure(abi::Error::illegal_operation);
    return Spaces{*cspace, *vspace};
}

/// The frame for a message buffer at `address`; null for none.
Result<Derived> buffer_of(Slot& source, Word address) {
    if (address == 0)
        return Derived{Cap(), nullptr};
    const auto cap = mdb::derive(source, source.cap);
    if (!cap)
        return failed(cap);
    if (!cap->is<FrameCap>() || cap->as<FrameCap>().device())
        return failure(abi::Error::illegal_operation);
    if (!VAddr(address).aligned(abi::ipc_buffer_bits))
        return failure(abi::Error::alignment_error);
    return Derived{*cap, &source};
}

/// Empties a slot of the thread and puts the derived capability there. The emptying may have
/// deleted what it was derived from, or the thread itself: then nothing is put.
Outcome replace(Slot& thread_slot, Tcb& tcb, Tcb::SlotIndex index, const Derived& derived) {
    Slot& slot = tcb.slot(index);
    const Cap thread = thread_slot.cap;
    if (finalise::remove(slot, true) == Outcome::preempted)
        return Outcome::preempted;
    if (derived.source != nullptr && mdb::same_object(derived.cap, derived.source->cap) &&
        mdb::same_object(thread, thread_slot.cap))
        mdb::insert(derived.cap, *derived.source, slot);
    return Outcome::done;
}

/// The thread's address space changed; if it is the current one, what runs must be looked at anew.
void spaces_changed(Tcb& tcb) {
    tcb.space_known_at = 0;
    if (&tcb == &current_thread()) {
        vspace::switch_to(tcb);
        sched::reschedule();
    }
}

Outcome replace_spaces(Slot& slot, Tcb& tcb, CPtr fault_handler, const Spaces& spaces) {
    tcb.fault_handler = fault_handler;
    if (replace(slot, tcb, Tcb::cspace, spaces.cspace) == Outcome::preempted ||
        replace(slot, tcb, Tcb::vspace, spaces.vspace) == Outcome::preempted)
        return Outcome::preempted;
    spaces_changed(tcb);
    return Outcome::done;
}

Outcome replace_buffer(Slot& slot, Tcb& tcb, Word address, const Derived& buffer) {
    if (replace(slot, tcb, Tcb::buffer, buffer) == Outcome::preempted)
        return Outcome::preempted;
    tcb.ipc_buffer = address;
    return Outcome::done;
}

Result<Outcome> configure(Invocation& call, Slot& slot, const abi::TcbConfigure& message) {
    Tcb& tcb = object_of(slot);
    const auto buffer = buffer_of(call.extra(2), message.buffer);
    if (!buffer)
        return failed(buffer);
    const auto spaces = spaces_of(call, tcb, message.cspace_data, message.vspace_data);
    if (!spaces)
        return failed(spaces);
    remote::stall(tcb);
    if (replace_spaces(slot, tcb, message.fault_handler, *spaces) == Outcome::preempted)
        return Outcome::preempted;
    return replace_buffer(slot, tcb, message.buffer, *buffer);
}

Result<Outcome> set_space(Invocation& call, Slot& slot, const abi::TcbSetSpace& message) {
    Tcb& tcb = object_of(slot);
    const auto spaces = spaces_of(call, tcb, message.cspace_data, message.vspace_data);
    if (!spaces)
        return failed(spaces);
    remote::stall(tcb);
    return replace_spaces(slot, tcb, message.fault_handler, *spaces);
}

Result<Outcome> set_ipc_buffer(Invocation& call, Slot& slot, const abi::TcbSetIpcBuffer& message) {
    const auto buffer = buffer_of(call.extra(0), message.buffer);
    if (!buffer)
        return failed(buffer);
    Tcb& tcb = object_of(slot);
    remote::stall(tcb);
    return replace_buffer(slot, tcb, message.buffer, *buffer);
}

/// May whoever holds the thread capability `authority` give this priority?
Result<Outcome> check_priority(const Cap& authority, Word priority) {
    const Prio greatest = authority.as<ThreadCap>().object().greatest_priority;
    if (priority > greatest)
        return range_error(0, greatest);
    return Outcome::done;
}

void change_priority(Tcb& tcb, Word priority) {
    remote::stall(tcb);
    sched::set_priority(tcb, static_cast<Prio>(priority));
    /// @cond LAB6
    if (tcb.registration != nullptr)
        tcb.registration->follow_owner();
    /// @endcond
}

Result<Outcome> set_priority(Invocation& call, Slot& slot, const abi::TcbSetPriority& message) {
    const Cap& authority = call.extra(0).cap;
    if (!authority.is<ThreadCap>())
        return invalid_capability(1);
    const auto allowed = check_priority(authority, message.priority);
    if (allowed)
        change_priority(object_of(slot), message.priority);
    return allowed;
}

Result<Outcome> set_mc_priority(Invocation& call, Slot& slot,
                                const abi::TcbSetMcPriority& message) {
    const Cap& authority = call.extra(0).cap;
    if (!authority.is<ThreadCap>())
        return invalid_capability(1);
    const auto allowed = check_priority(authority, message.mc_priority);
    if (allowed)
        object_of(slot).greatest_priority = static_cast<Prio>(message.mc_priority);
    return allowed;
}

Result<Outcome> set_sched_params(Invocation& call, Slot& slot,
                                 const abi::TcbSetSchedParams& message) {
    const Cap& authority = call.extra(0).cap;
    if (!authority.is<ThreadCap>())
        return invalid_capability(1);
    const auto greatest = check_priority(authority, message.mc_priority);
    if (!greatest)
        return greatest;
    const auto allowed = check_priority(authority, message.priority);
    if (!allowed)
        return allowed;
    object_of(slot).greatest_priority = static_cast<Prio>(message.mc_priority);
    change_priority(object_of(slot), message.priority);
    return Outcome::done;
}

Result<Outcome> suspend(Invocation&, Slot& slot, const abi::TcbSuspend&) {
    object_of(slot).suspend();
    return Outcome::done;
}

Result<Outcome> resume(Invocation&, Slot& slot, const abi::TcbResume&) {
    object_of(slot).resume();
    return Outcome::done;
}

Result<Outcome> bind(Invocation& call, Slot& slot, const abi::TcbBindNotification&) {
    Tcb& tcb = object_of(slot);
    const Cap& cap = call.extra(0).cap;
    if (!cap.is<NotificationCap>())
        return failure(abi::Error::illegal_operation);
    const auto notification = cap.as<NotificationCap>();
    if ((notification.rights() & abi::read) == 0 || !notification.object().bindable(tcb))
        return failure(abi::Error::illegal_operation);
    notification.object().bind(tcb);
    return Outcome::done;
}

Result<Outcome> unbind(Invocation&, Slot& slot, const abi::TcbUnbindNotification&) {
    Tcb& tcb = object_of(slot);
    if (tcb.bound == nullptr)
        return failure(abi::Error::illegal_operation);
    tcb.bound->unbind();
    return Outcome::done;
}

Result<Outcome> set_affinity(Invocation&, Slot& slot, const abi::TcbSetAffinity& message) {
    if (message.hart >= hart_count)
        return failure(abi::Error::illegal_operation);
    Tcb& tcb = object_of(slot);
    remote::stall(tcb);
    sched::set_affinity(tcb, static_cast<HartIndex>(message.hart));
    return Outcome::done;
}

Result<Outcome> set_fault_buffer(Invocation& call, Slot& slot, const abi::TcbSetFaultBuffer&) {
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        return failure(abi::Error::illegal_operation);
    /// @endcond
    Slot& frame = call.extra(0);
    Slot& signal = call.extra(1);
    if (!frame.cap.is<FrameCap>() || frame.cap.as<FrameCap>().device() ||
        (frame.cap.as<FrameCap>().rights() & 3) != (abi::read | abi::write))
        return invalid_capability(1);
    if (!signal.cap.is<NotificationCap>() ||
        (signal.cap.as<NotificationCap>().rights() & abi::write) == 0)
        return invalid_capability(2);
    const auto derived = mdb::derive(frame, frame.cap);
    if (!derived)
        return failed(derived);
    Tcb& tcb = object_of(slot);
    remote::stall(tcb);
    finalise::remove_simple(tcb.slot(Tcb::fault_buffer));
    finalise::remove_simple(tcb.slot(Tcb::fault_signal));
    mdb::insert(*derived, frame, tcb.slot(Tcb::fault_buffer));
    mdb::insert(signal.cap.as<NotificationCap>().copy(), signal, tcb.slot(Tcb::fault_signal));
    return Outcome::done;
}

/// @cond LAB3
Result<Outcome> set_sender_table(Invocation& call, Slot& slot, const abi::TcbSetSenderTable&) {
    Slot& table = call.extra(0);
    if (uintc::receivers() == 0)
        return failure(abi::Error::illegal_operation);
    if (!table.empty() && !table.cap.is<SenderTableCap>())
        return invalid_capability(1);
    if (!table.empty() && !uintc::checks_senders() && !call.extra(1).cap.is<UintrControlCap>())
        return invalid_capability(2);
    Tcb& tcb = object_of(slot);
    remote::stall(tcb);
    Slot& own = tcb.slot(Tcb::sender_table);
    finalise::remove_simple(own);
    if (!table.empty())
        mdb::insert(table.cap, table, own);
    tcb.special |= Tcb::uses_interrupts;
    if (&tcb == &current_thread())
        receiver::use_senders(sender_table::of(tcb));
    return Outcome::done;
}
/// @endcond

Result<Outcome> set_flags(Invocation& call, Slot& slot, const abi::TcbSetFlags& message) {
    Tcb& tcb = object_of(slot);
    remote::stall(tcb);
    constexpr Word known = abi::fpu_disabled;
    tcb.flags = static_cast<uint8_t>(((tcb.flags & ~message.clear) | message.set) & known);
    /// @cond NONE
    if (&tcb == &current_thread())
        fpu::switch_to(tcb);
    /// @endcond
    call.answer(0, tcb.flags);
    return Outcome::done;
}

} // namespace

Result<Outcome> invoke(Invocation& call, Slot& slot) {
    return dispatch<&read_registers, &write_registers, &copy_registers, &configure, &set_priority,
                    &set_mc_priority, &set_sched_params, &set_ipc_buffer, &set_space, &suspend,
                    &resume, &bind, &unbind, &set_affinity, &set_tls_base, &set_flags,
                    &set_fault_buffer
                    /// @cond LAB3
                    ,
                    &set_sender_table
                    /// @endcond
                    >(call, slot);
}

} // namespace thread
