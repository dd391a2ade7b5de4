// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Registers of a thread, read and written by others.
/// @stage{2}
#include "kernel/abi/registers.hpp"
#include "kernel/object/tcb_invoke.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"

#include <algorithm>

namespace thread {

namespace {

constexpr Word flag_suspend = 1; ///< reading: the thread; copying: the source
constexpr Word flag_resume = 1;  ///< writing
constexpr Word flag_copy_resume = 2;
constexpr Word flag_copy_first = 4;
constexpr Word flag_copy_last = 8;

Tcb& object_of(const Slot& slot) { return slot.cap.as<ThreadCap>().object(); }

/// Copies words [begin, end) of the user context.
void copy_words(const Tcb& source, Tcb& target, unsigned begin, unsigned end) {
    for (unsigned i = begin; i < end; i++) {
        const unsigned number = abi::user_context_registers[i];
        target.context[number] = source.context[number];
    }
}

/// Registers were changed by hand: that is where the thread goes on.
void continue_at_pc(Tcb& tcb) {
    tcb.context.next_pc = tcb.context[Context::pc];
    if (&tcb == &current_thread())
        sched::reschedule();
}

} // namespace

Result<Outcome> read_registers(Invocation& call, Slot& slot, const abi::TcbReadRegisters& message) {
    Tcb& tcb = object_of(slot);
    if (message.count < 1 || message.count > abi::user_context_words)
        return range_error(1, abi::user_context_words);
    if (&tcb == &call.caller())
        return failure(abi::Error::illegal_operation);
    if ((message.flags & flag_suspend) != 0)
        tcb.suspend();
    else
        remote::stall(tcb);
    for (Word i = 0; i < message.count; i++)
        call.answer(i, tcb.context[abi::user_context_registers[i]]);
    return Outcome::done;
}

Result<Outcome> write_registers(Invocation& call, Slot& slot,
                                const abi::TcbWriteRegisters& message) {
    Tcb& tcb = object_of(slot);
    constexpr Word first = abi::words_of<abi::TcbWriteRegisters>;
    if (call.length() - first < message.count)
        return failure(abi::Error::truncated_message);
    if (&tcb == &call.caller())
        return failure(abi::Error::illegal_operation);
    remote::stall(tcb);
    const Word count = std::min<Word>(message.count, abi::user_context_words);
    for (Word i = 0; i < count; i++)
        tcb.context[abi::user_context_registers[i]] = call.word(first + i);
    continue_at_pc(tcb);
    if ((message.flags & flag_resume) != 0)
        tcb.resume();
    return Outcome::done;
}

Result<Outcome> copy_registers(Invocation& call, Slot& slot, const abi::TcbCopyRegisters& message) {
    Tcb& target = object_of(slot);
    const Slot& other = call.extra(0);
    if (!other.cap.is<ThreadCap>())
        return invalid_capability(1);
    Tcb& source = object_of(other);
    if ((message.flags & flag_suspend) != 0)
        source.suspend();
    else
        remote::stall(source);
    if ((message.flags & flag_copy_resume) != 0)
        target.resume();
    remote::stall(target);
    constexpr unsigned half = abi::user_context_words / 2;
    if ((message.flags & flag_copy_first) != 0) {
        copy_words(source, target, 0, half);
        continue_at_pc(target);
    }
    if ((message.flags & flag_copy_last) != 0)
        copy_words(source, target, half, abi::user_context_words);
    return Outcome::done;
}

Result<Outcome> set_tls_base(Invocation&, Slot& slot, const abi::TcbSetTlsBase& message) {
    Tcb& tcb = object_of(slot);
    remote::stall(tcb);
    tcb.context[Context::tp] = message.tls_base;
    return Outcome::done;
}

} // namespace thread
