// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Interrupts of a thread that runs, and waking one that waits.
/// @stage{3}
#include "kernel/object/receiver.hpp"

#include "kernel/lib/todo.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/scheduler.hpp"

#include <bit>

namespace receiver {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// Does this thread wait for what a user interrupt can bring?
bool waits(const Tcb& tcb) {
    return tcb.state == Tcb::State::parked || tcb.state == Tcb::State::waiting_for_signal ||
           tcb.state == Tcb::State::waiting_to_receive;
}

/// The badges of vectors: for those of the kernel, what their notifications have kept.
Word badges_of(Tcb& tcb, Word pending) {
    Word badges = 0;
    for (Notification* n = tcb.receiver.notifications; n != nullptr; n = n->next()) {
        if ((pending >> n->kernel_vector() & 1) != 0)
            badges |= n->take_word();
    }
    for (; pending != 0; pending &= pending - 1)
        badges |= tcb.receiver.badges[std::countr_zero(pending)];
    return badges;
}

/// Wakes a thread that waits for signals: `pending` are the vectors that were taken for it.
void deliver(Tcb& tcb, Word pending) {
    tcb.receiver.registers->set(UintcReceiver::off);
    const bool parked = tcb.state == Tcb::State::parked;
    tcb.cancel_wait();
    tcb.context[Context::a0] = parked ? pending : badges_of(tcb, pending);
    sched::set_state(tcb, Tcb::State::running);
    sched::ready(tcb);
}

/// What becomes of interrupts of a thread that is not the current one: they wake it if it waits.
void stand_by(Tcb& tcb) {
    tcb.receiver.registers->set(waits(tcb) ? UintcReceiver::wake : UintcReceiver::off);
}

/// The current thread stops: what is sent to it from now on stays pending, and interrupts nobody.
/// If it waits for a signal its receiver asks for it (Wake). Its registers of user interrupts are
/// kept in `saved`.
/// @lab{3.1} the current thread stops: Active off, Wake on if it waits; save its registers
void leave(Tcb& tcb) {
    stand_by(tcb);
    user_interrupt::save(tcb.receiver.saved);
}

/// A thread becomes the current one: this hart receives for it, with the registers that it had.
/// When its receiver becomes Active, for this hart, all of that is true already.
/// @lab{3.2} a thread becomes the current one: load its registers; Active on, last
void enter(Tcb& tcb) {
    user_interrupt::receive(tcb.receiver.index);
    user_interrupt::load(tcb.receiver.saved);
    tcb.receiver.registers->set(UintcReceiver::active, this_hart().sbi_id);
}

} // namespace

void change(Tcb& old, Tcb& next, bool other_space) {
    if (!user_interrupt::exist)
        return;
    if (old.receiver.registers != nullptr)
        leave(old);
    if (next.receiver.registers != nullptr) {
        enter(next);
    } else {
        if (old.receiver.registers != nullptr)
            user_interrupt::receive_none();
        if (other_space)
            user_interrupt::clear();
    }
    use_senders(sender_table::of(next));
}

void start(Tcb& tcb) {
    if (&tcb != &current_thread())
        return stand_by(tcb);
    user_interrupt::receive(tcb.receiver.index);
    tcb.receiver.registers->set(UintcReceiver::active, this_hart().sbi_id);
}

void use_senders(PAddr table) {
    Hart& hart = this_hart();
    if (hart.senders == table)
        return;
    hart.senders = table;
    user_interrupt::use_senders(table);
}

void notify(Notification& notification, Badge badge) {
    notification.add(badge);
    interrupt(*notification.bound(), notification.kernel_vector());
}

void interrupt(Tcb& tcb, unsigned vector) {
    if (!wake(tcb, vector))
        tcb.receiver.registers->send(vector);
}

bool take(Notification& notification, Tcb& tcb) {
    UintcReceiver& registers = *tcb.receiver.registers;
    const Word pending = registers.take();
    const Word mine = pending & notification.vectors();
    registers.put(pending & ~mine);
    if (mine == 0 && notification.state() != Notification::State::active)
        return false;
    tcb.context[Context::a0] = badges_of(tcb, mine | Word{1} << notification.kernel_vector());
    return true;
}

bool wake(Tcb& tcb, unsigned vector) {
    if (!waits(tcb))
        return false;
    deliver(tcb, tcb.receiver.registers->take() | Word{1} << vector);
    return true;
}

void wake_up(Tcb& tcb) { deliver(tcb, tcb.receiver.registers->take()); }

void serve_wake() {
    for (Word word = 0; word * 64 < uintc::receivers(); word++) {
        for (Word asking = uintc::asking(word); asking != 0; asking &= asking - 1) {
            const Word index = word * 64 + static_cast<Word>(std::countr_zero(asking));
            Tcb* tcb = vectors::thread(index);
            if (tcb != nullptr && waits(*tcb))
                wake_up(*tcb);
            else
                uintc::receiver(index).set(UintcReceiver::off);
        }
    }
}

} // namespace receiver
