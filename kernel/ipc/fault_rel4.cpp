// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Profile rel4: a fault is a record in the fault buffer of the thread, and a signal.
/// The thread stops; whoever handles the fault reads the record, mends what is wrong, and resumes
/// the thread with the invocations that any stopped thread can be resumed with.
/// @stage{2}
#include "kernel/abi/fault_buffer.hpp"
#include "kernel/ipc/fault.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"

#include <algorithm>
#include <atomic>

namespace {

/// Puts the thread's fault into the ring. False if there is no room, or the counters make no sense.
bool write_record(const Tcb& tcb, abi::FaultBuffer& buffer, Badge badge) {
    const Word written = buffer.written;
    // Acquire: partner is the handler's release of `taken`: it has read what is overwritten here.
    const Word taken = std::atomic_ref(buffer.taken).load(std::memory_order_acquire);
    if (written - taken >= abi::fault_records)
        return false;
    Word words[fault::most_words];
    abi::FaultRecord& record = buffer.records[written % abi::fault_records];
    const Word length = fault::words(tcb, words);
    std::copy_n(words, length, record.words);
    record.length = length;
    record.label = tcb.fault.type;
    record.badge = badge.value;
    // Release: partner is the handler's acquire of `written`: it sees the whole record.
    std::atomic_ref(buffer.written).store(written + 1, std::memory_order_release);
    return true;
}

/// The thread's fault is told if it has a buffer with room and a notification.
bool tell(const Tcb& tcb) {
    const Cap& frame = tcb.slot(Tcb::fault_buffer).cap;
    const Cap& signal = tcb.slot(Tcb::fault_signal).cap;
    if (!frame.is<FrameCap>() || !signal.is<NotificationCap>())
        return false;
    const auto notification = signal.as<NotificationCap>();
    auto& buffer = *window<abi::FaultBuffer>(frame.as<FrameCap>().base());
    if (!write_record(tcb, buffer, notification.badge()))
        return false;
    notification.object().notify(notification.badge());
    return true;
}

} // namespace

void fault::deliver(Tcb& tcb) {
    sched::set_state(tcb, Tcb::State::inactive);
    if (!tell(tcb) && config::debug)
        println("fault ", static_cast<Word>(tcb.fault.type), " of thread ", tcb.name,
                " has no handler: at ", print::Hex{tcb.context[Context::pc]});
}
