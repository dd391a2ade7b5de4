// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Straight-line checks, then what is left of two wake-ups and a switch when nothing is unusual.
/// @stage{none}
#include "kernel/sched/handover.hpp"

#include "kernel/object/irq.hpp"
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/park.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/check.hpp"
#include "kernel/syscall/trap.hpp"

namespace handover {

namespace {

/// `tcb`, which has nothing to do, stops; `next`, which a user interrupt wakes, runs. What else is
/// pending for `next` interrupts it at once.
[[gnu::always_inline]] inline void change(Tcb& tcb, Tcb& next, unsigned vector) {
    Hart& hart = this_hart();
    tcb.state = Tcb::State::parked;
    tcb.context[Context::a0] = abi::no_sender; // it has sent
    user_interrupt::save_parked(tcb.receiver.saved);
    tcb.receiver.registers->set(UintcReceiver::wake);
    next.state = Tcb::State::running;
    next.context[Context::a0] = Word{1} << vector;
    if (next.space != hart.space)
        vspace::use(next.space);
    user_interrupt::receive_instead(next.receiver.index);
    user_interrupt::load_parked(next.receiver.saved);
    next.receiver.registers->set(UintcReceiver::active, hart.sbi_id);
    receiver::use_senders(sender_table::of(next));
    hart.current = &next;
    /// @cond NONE
    trace::point(trace::Event::sent, 0);
    trace::switched_to(next);
    /// @endcond
}

/// The long way.
[[gnu::noinline]] Context* park_slowly(Word sender, Word deadline) {
    return trap::serve(sender, {deadline}, abi::Syscall::uintr_park);
}

/// Perhaps all that is unusual is quickly done.
[[gnu::noinline]] Context* park_otherwise(Word sender, Word deadline) {
    Tcb& tcb = current_thread();
    if (tcb.interrupts == 0)
        return park_slowly(sender, deadline);
    irq::acknowledge_all(tcb);
    return park(sender, deadline);
}

} // namespace

Context* park(Word sender, Word deadline) {
    Tcb& tcb = current_thread();
    const PAddr senders = this_hart().senders;
    if (senders == PAddr(0) || sender >= abi::sender_entries || deadline != tcb.deadline ||
        tcb.receiver.registers == nullptr)
        return park_slowly(sender, deadline);
    const auto target = sender_table::target(senders, sender);
    Tcb* next = vectors::thread(target.receiver);
    if (next == nullptr || next->state != Tcb::State::parked ||
        (tcb.special | next->special) != Tcb::uses_interrupts || !vspace::knows_space(*next) ||
        !sched::runs_next(*next, tcb))
        return park_otherwise(sender, deadline);
    const Word own = tcb.receiver.registers->take();
    if (own != 0) {
        tcb.receiver.registers->put(own);
        return park_slowly(sender, deadline);
    }
    change(tcb, *next, target.vector);
    check::everything();
    trap::unlock();
    return &next->context;
}

} // namespace handover
