// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Registration of receivers, and their vectors.
/// @stage{3}
#include "kernel/object/vectors.hpp"

#include "kernel/boot/machine.hpp"
#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/lib/bits.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/sender_table.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/preempt.hpp"

#include <bit>

namespace vectors {

// Your own helpers: begin
// Your own helpers: end

namespace {

constexpr Word bit(unsigned vector) { return Word{1} << vector; }

/// Who has a receiver. A thread that is being deleted keeps it until no entry names it.
struct Owner {
    Tcb* tcb;     ///< null: nobody
    Word entries; ///< of sender tables, that name it
};

/// Receiver 0 is never given: entries that are not in use name it.
constinit Owner owners[most_receivers] = {};

/// A receiver that nobody has; 0: there is none.
Word free_receiver() {
    for (Word index = 1; index < uintc::receivers(); index++) {
        if (owners[index].tcb == nullptr)
            return index;
    }
    return 0;
}

/// Notes the badge of a vector, and shows it to the thread if its badge page is still there.
void set_badge(Tcb& tcb, unsigned vector, Word badge) {
    tcb.receiver.badges[vector] = badge;
    const Cap& page = tcb.slot(Tcb::badge_page).cap;
    if (page.is<FrameCap>())
        window<volatile abi::BadgePage>(page.as<FrameCap>().base())->badges[vector] = badge;
}

/// Gives a thread, which does not run elsewhere, its receiver.
void start(Tcb& tcb, Word index) {
    UintcReceiver& registers = uintc::receiver(index);
    tcb.receiver.index = index;
    tcb.receiver.registers = &registers;
    tcb.receiver.saved = {};
    static_cast<void>(registers.take()); // what came for whoever had it before
    owners[index].tcb = &tcb;
    tcb.special |= Tcb::uses_interrupts;
    receiver::start(tcb);
}

/// The thread receives nothing any more. It does not run elsewhere.
void stop(Tcb& tcb) {
    tcb.receiver.registers->set(UintcReceiver::off);
    tcb.receiver.registers = nullptr;
    tcb.receiver.vectors = 0;
    if (&tcb == &current_thread())
        user_interrupt::receive_none();
}

/// Another thread can have the receiver now. @pre no entry names it
void give_back(Tcb& tcb) {
    owners[tcb.receiver.index].tcb = nullptr;
    tcb.receiver.index = 0;
}

/// A vector that nobody has becomes the notification's: noted for the thread and the notification,
/// with its badge. What is pending of its former use goes, and no other bit does. The thread may
/// be running on another hart, where it must not find its bits gone: it is stopped first.
/// @lab{3.3} take a vector for a notification; a bit that is left of its former use must go
/// @pre not all are taken
unsigned take_vector(Tcb& tcb, Notification& notification, Badge badge) {
    const auto vector = static_cast<unsigned>(std::countr_zero(~tcb.receiver.vectors));
    remote::stall(tcb);
    UintcReceiver& registers = *tcb.receiver.registers;
    registers.put(registers.take() & ~bit(vector));
    tcb.receiver.vectors |= bit(vector);
    notification.add_vector(vector);
    set_badge(tcb, vector, badge.value);
    return vector;
}

bool all_taken(const Tcb& tcb) { return ~tcb.receiver.vectors == 0; }

/// The vectors of badges: those of senders.
Word badge_vectors(const Notification& notification) {
    return notification.vectors() & ~bit(notification.kernel_vector());
}

/// A frame that can become a badge page.
bool can_be_page(const Cap& cap) {
    constexpr Word rights = abi::read | abi::write;
    return cap.is<FrameCap>() && !cap.as<FrameCap>().device() &&
           (cap.as<FrameCap>().rights() & rights) == rights;
}

/// Can the notification interrupt this thread?
bool can_register(const Tcb& tcb, const Notification& notification) {
    const bool ending = tcb.receiver.registers == nullptr && tcb.receiver.index != 0;
    return uintc::receivers() != 0 && !ending && !notification.registered() &&
           notification.state() != Notification::State::waiting &&
           (notification.bound() == nullptr || notification.bound() == &tcb);
}

/// The page is the thread's from now on, and says what the thread's vectors are.
void set_page(Tcb& tcb, const Cap& page, Slot& source) {
    finalise::remove_simple(tcb.slot(Tcb::badge_page));
    mdb::insert(page, source, tcb.slot(Tcb::badge_page));
    for (unsigned vector = 0; vector < abi::user_vectors; vector++)
        set_badge(tcb, vector, tcb.receiver.badges[vector]);
}

} // namespace

Result<Outcome> register_receiver(Invocation& call, const NotificationCap& cap,
                                  const abi::UintrRegisterReceiver&) {
    if ((cap.rights() & abi::read) == 0)
        return invalid_capability(0);
    if (!call.extra(0).cap.is<ThreadCap>())
        return invalid_capability(1);
    if (!call.extra(1).cap.is<UintrControlCap>())
        return invalid_capability(2);
    Slot& source = call.extra(2);
    if (!can_be_page(source.cap))
        return invalid_capability(3);
    Tcb& tcb = call.extra(0).cap.as<ThreadCap>().object();
    Notification& notification = cap.object();
    if (!can_register(tcb, notification))
        return failure(abi::Error::illegal_operation);
    const bool first = tcb.receiver.registers == nullptr;
    const Word index = first ? free_receiver() : tcb.receiver.index;
    if (index == 0 || all_taken(tcb))
        return failure(abi::Error::delete_first);
    remote::stall(tcb);
    if (first)
        start(tcb, index);
    set_page(tcb, source.cap.as<FrameCap>().unmapped(), source);
    notification.enroll(tcb);
    const unsigned vector = take_vector(tcb, notification, Badge(0));
    notification.set_kernel_vector(vector);
    if (notification.state() == Notification::State::active)
        receiver::notify(notification, Badge(0));
    call.answer(0, vector);
    return Outcome::done;
}

std::optional<unsigned> of_badge(const Notification& notification, Badge badge) {
    for (Word rest = badge_vectors(notification); rest != 0; rest &= rest - 1) {
        const auto vector = static_cast<unsigned>(std::countr_zero(rest));
        if (notification.bound()->receiver.badges[vector] == badge.value)
            return vector;
    }
    return {};
}

Result<unsigned> for_badge(Notification& notification, Badge badge) {
    if (const auto known = of_badge(notification, badge))
        return *known;
    Tcb& tcb = *notification.bound();
    if (!all_taken(tcb))
        return take_vector(tcb, notification, badge);
    const Word shared = badge_vectors(notification);
    if (shared == 0)
        return failure(abi::Error::delete_first);
    const unsigned last = highest_bit(shared);
    set_badge(tcb, last, tcb.receiver.badges[last] | badge.value);
    return last;
}

Tcb* thread(Word index) {
    Tcb* tcb = owners[index].tcb;
    return tcb != nullptr && tcb->receiver.registers != nullptr ? tcb : nullptr;
}

void add_sender(Word index, unsigned vector) {
    owners[index].entries++;
    owners[index].tcb->receiver.senders[vector]++;
}

void remove_sender(Word index, unsigned vector) {
    owners[index].entries--;
    Tcb* tcb = thread(index);
    if (tcb == nullptr || --tcb->receiver.senders[vector] != 0)
        return;
    tcb->receiver.vectors &= ~bit(vector);
    for (Notification* n = tcb->receiver.notifications; n != nullptr; n = n->next())
        n->remove_vector(vector);
    set_badge(*tcb, vector, 0);
}

void remove_senders(Word index, Word count) { owners[index].entries -= count; }

void end(Notification& notification) {
    Tcb& tcb = *notification.bound();
    tcb.receiver.vectors &= ~notification.vectors();
    Notification** link = &tcb.receiver.notifications;
    while (*link != &notification)
        link = &(*link)->next();
    *link = notification.next();
    notification.withdraw();
    if (tcb.receiver.notifications != nullptr)
        return;
    remote::stall(tcb);
    if (tcb.state == Tcb::State::parked) // nothing could wake it any more
        receiver::wake_up(tcb);
    stop(tcb);
    give_back(tcb);
}

bool end(Tcb& tcb) {
    if (tcb.receiver.registers != nullptr) {
        for (Notification* n = tcb.receiver.notifications; n != nullptr;) {
            Notification& next = *n;
            n = n->next();
            next.withdraw();
        }
        tcb.receiver.notifications = nullptr;
        stop(tcb);
    }
    while (owners[tcb.receiver.index].entries != 0) {
        sender_table::clear_entries(tcb.receiver.index, tcb.receiver.next_table);
        if (preempt::pending())
            return false;
    }
    give_back(tcb);
    return true;
}

} // namespace vectors
