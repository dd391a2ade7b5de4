// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The table of interrupts: which are issued, and the capability that each signals.
/// @stage{2}
#include "kernel/object/irq.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
/// @cond LAB3
#include "kernel/object/vectors.hpp"
/// @endcond
#include "kernel/riscv/plic.hpp"

#include <algorithm>
#include <utility>

namespace irq {

namespace {

/// Always holds: a line is unmasked iff it has a notification and waits for no acknowledgement. An
/// interrupt that comes while it is masked is kept by the controller.
struct Line {
    Slot signal;    ///< a notification capability, or empty
    bool issued;    ///< there is a handler capability
    bool signalled; ///< and not acknowledged yet
    /// @cond LAB3
    Tcb* told;    ///< who will have served it when it parks
    uint8_t next; ///< another line that the same thread was told of; 0: none
    /// @endcond
};

constinit Line lines[last + 1] = {};

/// Behind those of devices seL4 numbers the kernel's own: its timer, and what one hart sends to
/// another. They exist, and are never free.
constexpr Word greatest = last + (config::smp ? 3 : 1);

/// It was acknowledged.
void unmask(Word irq) {
    lines[irq].signalled = false;
    if (!lines[irq].signal.empty())
        plic::unmask(irq);
}

/// @cond LAB3
/// Nobody acknowledges it by parking.
void forget(Word irq) {
    Tcb* const tcb = std::exchange(lines[irq].told, nullptr);
    if (tcb == nullptr)
        return;
    uint8_t* link = &tcb->interrupts;
    while (*link != irq)
        link = &lines[*link].next;
    *link = lines[irq].next;
    if (tcb->interrupts == 0)
        tcb->special &= static_cast<uint8_t>(~Tcb::serves);
}

/// By the badge's vector, if it has one: then its thread acknowledges it by parking.
void tell(Word irq, Notification& notification, Badge badge) {
    const auto vector = vectors::of_badge(notification, badge);
    if (!vector)
        return notification.notify(badge);
    Tcb& tcb = *notification.bound();
    lines[irq].told = &tcb;
    lines[irq].next = std::exchange(tcb.interrupts, static_cast<uint8_t>(irq));
    tcb.special |= Tcb::serves;
    receiver::interrupt(tcb, *vector);
}
/// @endcond

/// It signals nothing any more.
void detach(Word irq) {
    /// @cond LAB3
    forget(irq);
    /// @endcond
    finalise::remove_simple(lines[irq].signal);
}

Result<Outcome> issue(Word irq, const Cap& root, Word index, Word depth, Slot& control) {
    if (irq < 1 || irq > greatest)
        return range_error(1, greatest);
    /// @cond LAB3
    if (irq == uintc::wake_irq()) // the kernel's own
        return failure(abi::Error::revoke_first);
    /// @endcond
    if (irq > std::min(last, plic::last_irq()) || lines[irq].issued)
        return failure(abi::Error::revoke_first);
    const auto slot = cspace::empty_slot_at(root, index, depth);
    if (!slot)
        return failed(slot);
    lines[irq].issued = true;
    mdb::insert(IrqHandlerCap(irq), control, **slot);
    return Outcome::done;
}

Result<Outcome> get(Invocation& call, Slot& slot, const abi::IrqControlGet& message) {
    return issue(message.irq, call.extra(0).cap, message.index, message.depth, slot);
}

/// The PLIC knows no other trigger than the one each line is built for.
Result<Outcome> get_trigger(Invocation&, Slot&, const abi::IrqControlGetTrigger&) {
    return failure(abi::Error::illegal_operation);
}

Result<Outcome> acknowledge(Invocation&, const IrqHandlerCap& cap, const abi::IrqHandlerAck&) {
    /// @cond LAB3
    forget(cap.irq());
    /// @endcond
    unmask(cap.irq());
    return Outcome::done;
}

Result<Outcome> set_notification(Invocation& call, const IrqHandlerCap& cap,
                                 const abi::IrqHandlerSetNotification&) {
    Slot& source = call.extra(0);
    if (!source.cap.is<NotificationCap>() ||
        (source.cap.as<NotificationCap>().rights() & abi::write) == 0)
        return invalid_capability(0);
    Line& line = lines[cap.irq()];
    detach(cap.irq());
    mdb::insert(source.cap.as<NotificationCap>().copy(), source, line.signal);
    if (!line.signalled)
        plic::unmask(cap.irq());
    return Outcome::done;
}

Result<Outcome> clear(Invocation&, const IrqHandlerCap& cap, const abi::IrqHandlerClear&) {
    plic::mask(cap.irq());
    detach(cap.irq());
    return Outcome::done;
}

} // namespace

/// @cond LAB3
void acknowledge_all(Tcb& tcb) {
    while (const Word irq = tcb.interrupts) {
        forget(irq);
        unmask(irq);
    }
}

void forget_all(Tcb& tcb) {
    while (tcb.interrupts != 0)
        forget(tcb.interrupts);
}

/// @endcond
Result<Outcome> invoke_control(Invocation& call, Slot& slot) {
    return dispatch<&get, &get_trigger>(call, slot);
}

Result<Outcome> invoke_handler(Invocation& call, const IrqHandlerCap& cap) {
    return dispatch<&acknowledge, &set_notification, &clear>(call, cap);
}

void release(Word irq) {
    plic::mask(irq);
    detach(irq);
    lines[irq].issued = false;
    lines[irq].signalled = false;
}

void handle(Word irq) {
    /// @cond LAB3
    if (irq == uintc::wake_irq())
        return receiver::serve_wake();
    /// @endcond
    if (irq < 1 || irq > last)
        return;
    plic::mask(irq);
    const Cap& cap = lines[irq].signal.cap;
    if (cap.is<NotificationCap>()) {
        lines[irq].signalled = true;
        const auto notification = cap.as<NotificationCap>();
        /// @cond LAB3
        if (notification.object().registered())
            return tell(irq, notification.object(), notification.badge());
        /// @endcond
        notification.object().notify(notification.badge());
    }
}

} // namespace irq
