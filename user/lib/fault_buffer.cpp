// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// PROFILE=rel4: a fault is a record in a buffer that is shared with the kernel, and a signal. One
/// buffer serves all threads that are watched.
/// Read next: kernel/abi/fault_buffer.hpp.
/// @stage{2}
#include "kernel/abi/fault_buffer.hpp"

#include "user/lib/fault.hpp"

#include <atomic>

namespace user {

namespace {

Word detail_of(const abi::FaultRecord& record) {
    switch (record.label) {
    case abi::Fault::user_exception:
        return record.words[2];
    case abi::Fault::unknown_syscall:
        return record.words[10];
    default:
        return record.words[1];
    }
}

} // namespace

bool FaultWatch::create(Allocator& memory, VSpace& space) {
    ring_.memory = &memory;
    notification_ = memory.make(ObjectType::notification);
    ring_.frame = memory.make(ObjectType::page);
    if (notification_ == 0 || ring_.frame == 0)
        return false;
    ring_.buffer = reinterpret_cast<abi::FaultBuffer*>(space.map_somewhere(ring_.frame));
    return ring_.buffer != nullptr;
}

bool FaultWatch::attach(CPtr tcb, Word badge) const {
    const abi::TcbSetFaultBuffer message{};
    if (badge == 0)
        return bool(sel4::invoke(tcb, message, ring_.frame, notification_));
    const CPtr badged = ring_.memory->slot();
    const bool attached = badged != 0 &&
                          sel4::cap_mint(notification_, badged, abi::all_rights, badge) &&
                          sel4::invoke(tcb, message, ring_.frame, badged);
    if (badged != 0)
        ring_.memory->release_slot(badged); // the thread has a copy
    return attached;
}

bool FaultWatch::poll(Event& event) {
    const Word taken = ring_.buffer->taken;
    // Acquire: pairs with the kernel's release of `written`; the record is there.
    if (std::atomic_ref(ring_.buffer->written).load(std::memory_order_acquire) == taken)
        return false;
    const abi::FaultRecord& record = ring_.buffer->records[taken % abi::fault_records];
    event = {record.label, record.badge, record.words[0], detail_of(record)};
    // Release: pairs with the kernel's acquire of `taken`; the record may be overwritten.
    std::atomic_ref(ring_.buffer->taken).store(taken + 1, std::memory_order_release);
    return true;
}

Event FaultWatch::wait() {
    Event event;
    while (!poll(event)) {
        if (ring_.signalled != 0) {
            event.badge = ring_.signalled;
            ring_.signalled = 0;
            break;
        }
        ring_.signalled = sel4::wait(notification_);
    }
    return event;
}

} // namespace user
