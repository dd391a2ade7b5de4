// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Send, look, sleep: nothing that comes in between is lost, because a receiver that is not Active
/// any more but has Wake asks for its thread as long as something is pending.
/// @stage{3}
#include "kernel/sched/park.hpp"

#include "kernel/lib/todo.hpp"
#include "kernel/object/irq.hpp"
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/timer.hpp"
#include "kernel/sched/scheduler.hpp"

namespace park {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// What uipi.send does; but a thread that sleeps is woken at once.
void send(Word sender) {
    const auto target = sender_table::target(this_hart().senders, sender);
    Tcb* receiver = vectors::thread(target.receiver);
    /// @cond NONE
    if (receiver != nullptr)
        trace::point(trace::Event::sent, 0);
    /// @endcond
    if (receiver != nullptr && !receiver::wake(*receiver, target.vector))
        receiver->receiver.registers->send(target.vector);
}

/// The timer of this hart goes off for the first sleeper.
void set_alarm() {
    Hart& hart = this_hart();
    timer::set_alarm(hart.index,
                     hart.sleepers.empty() ? timer::never : hart.sleepers.first->deadline);
}

/// Puts a thread into the list, behind those that wake earlier; 0: it is in none.
void set_deadline(Tcb& tcb, Word deadline) {
    Hart& hart = this_hart();
    if (tcb.deadline == deadline) // perhaps in the list of another hart, which will do as well
        return;
    forget_deadline(tcb);
    if (deadline == 0)
        return;
    tcb.deadline = deadline;
    tcb.sleeps_on = &hart;
    Tcb* next = hart.sleepers.first;
    while (next != nullptr && next->deadline <= deadline)
        next = next->sleep_link.next;
    hart.sleepers.insert_before(next, tcb);
    if (hart.sleepers.first == &tcb)
        set_alarm();
}

} // namespace

/// The devices that the thread was told of are served. The send comes first, for a thread without a
/// receiver too. What is then pending is the answer, and taken; nothing (0) is the answer of one
/// that has no receiver or whose deadline has come; these go on at once. Else it is parked, until
/// its deadline if that is not 0; should its call be made again, it must not send again.
/// @lab{3.6} send; go on if something is pending or it is too late; else sleep
void park(Tcb& tcb, Word sender, Word deadline) {
    irq::acknowledge_all(tcb);
    send(sender);
    tcb.context[Context::a0] = 0;
    if (tcb.receiver.registers == nullptr)
        return;
    tcb.context[Context::a0] = tcb.receiver.registers->take();
    if (tcb.context[Context::a0] != 0)
        return;
    if (deadline != 0 && csr::read<csr::time>() >= deadline)
        return;
    set_deadline(tcb, deadline);
    tcb.context[Context::a0] = abi::no_sender; // it has sent, should it have to begin again
    sched::set_state(tcb, Tcb::State::parked);
}

void forget_deadline(Tcb& tcb) {
    if (tcb.sleeps_on == nullptr)
        return;
    tcb.sleeps_on->sleepers.remove(tcb);
    tcb.sleeps_on = nullptr;
    tcb.deadline = 0;
}

void wake_sleepers() {
    auto& sleepers = this_hart().sleepers;
    const Word now = csr::read<csr::time>();
    while (!sleepers.empty() && sleepers.first->deadline <= now) {
        Tcb& tcb = *sleepers.first;
        forget_deadline(tcb);
        if (tcb.state == Tcb::State::parked)
            receiver::wake_up(tcb);
    }
    set_alarm();
}

} // namespace park
