// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Faults are records in a buffer, and a signal with a badge for each thread. The records are not
/// read: it is enough that there always is room.
/// @stage{none}
#include "kernel/abi/fault_buffer.hpp"
#include "user/fuzz/faults.hpp"
#include "user/lib/program.hpp"

#include <atomic>

namespace fuzz {

namespace {

constinit CPtr buffer_frame = 0;
constinit Word buffer_address = 0;

} // namespace

bool Faults::begin() {
    notification_ = user::allocator.make(abi::ObjectType::notification);
    buffer_frame = user::allocator.make(abi::ObjectType::page);
    buffer_address = user::vspace.map_somewhere(buffer_frame);
    alarm_ = user::allocator.slot();
    handler_ = user::allocator.slot(threads);
    for (unsigned i = 0; i < threads; i++)
        if (!sel4::cap_mint(notification_, handler_ + i, abi::all_rights, fault_of(i)))
            return false;
    return buffer_address != 0 &&
           sel4::cap_mint(notification_, alarm_, abi::all_rights, alarm_event);
}

bool Faults::create(user::Allocator&, CPtr) { return true; }

void Faults::watch(CPtr tcb, unsigned thread) const {
    sel4::invoke(tcb, abi::TcbSetFaultBuffer{}, buffer_frame, handler_ + thread);
}

Word Faults::wait() const {
    const Word events = sel4::wait(notification_);
    auto& buffer = *reinterpret_cast<abi::FaultBuffer*>(buffer_address);
    // Release: partner is the kernel's acquire; this side reads nothing before.
    std::atomic_ref(buffer.taken)
        .store(std::atomic_ref(buffer.written).load(std::memory_order_relaxed),
               std::memory_order_release);
    return events;
}

} // namespace fuzz
