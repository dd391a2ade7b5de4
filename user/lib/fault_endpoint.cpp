// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// PROFILE=sel4: a fault is a message that the faulting thread calls an endpoint with; the words
/// of each kind are in the seL4 manual, 6.2. It would go on if it were answered. The notification
/// is bound to the thread that watches, so that it can wait for both.
/// @stage{none}
#include "user/lib/fault.hpp"

namespace user {

namespace {

Word detail_of(abi::Fault fault, const sel4::Message& message) {
    switch (fault) {
    case abi::Fault::user_exception:
        return message.words[2];
    case abi::Fault::unknown_syscall:
        return sel4::ipc_buffer().message[10];
    default:
        return message.words[1];
    }
}

/// No fault has the label 0, and no signal changes the label 0 that goes in.
Event event_of(const sel4::Message& message) {
    const abi::Fault fault = static_cast<abi::Fault>(message.info.label());
    if (fault == abi::Fault::none)
        return {.badge = message.badge};
    return {fault, message.badge, message.words[0], detail_of(fault, message)};
}

} // namespace

bool FaultWatch::create(Allocator& memory, VSpace&) {
    handler_ = memory.make(ObjectType::endpoint);
    notification_ = memory.make(ObjectType::notification);
    return handler_ != 0 && notification_ != 0 &&
           sel4::invoke(abi::root_tcb, abi::TcbBindNotification{}, notification_);
}

bool FaultWatch::attach(CPtr, Word) const { return true; }

bool FaultWatch::poll(Event& event) {
    event = event_of(sel4::non_blocking_receive(handler_));
    return event.fault != abi::Fault::none;
}

Event FaultWatch::wait() { return event_of(sel4::receive(handler_)); }

} // namespace user
