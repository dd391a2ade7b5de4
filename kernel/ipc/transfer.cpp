// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Message words through registers and buffers; one capability, the rest unwrapped.
/// @stage{none}
#include "kernel/ipc/transfer.hpp"

#include "kernel/cap/cnode.hpp"
#include "kernel/cap/cspace.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/ipc/fault_message.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/syscall/invocation.hpp"

#include <algorithm>

namespace transfer {

namespace {

/// The extra capabilities that a thread with this buffer sends; none if one cannot be found.
ExtraCaps extra_of(Tcb& sender, const abi::IpcBuffer* buffer, abi::MessageInfo info) {
    ExtraCaps extra;
    if (buffer == nullptr)
        return extra;
    for (unsigned i = 0; i < info.extra_caps(); i++) {
        const auto slot = cspace::slot_of(sender.slot(Tcb::cspace).cap,
                                          message::read_once(buffer->caps_or_badges[i]));
        if (!slot)
            return {};
        extra.add(**slot);
    }
    return extra;
}

/// The empty slot into which the receiver wants a capability; null if there is none.
Slot* receive_slot(const Tcb& receiver, const abi::IpcBuffer& buffer) {
    const auto root =
        cspace::slot_of(receiver.slot(Tcb::cspace).cap, message::read_once(buffer.receive_cnode));
    if (!root)
        return nullptr;
    const auto slot = cspace::slot_at((*root)->cap, message::read_once(buffer.receive_index),
                                      message::read_once(buffer.receive_depth));
    return slot && (*slot)->empty() ? *slot : nullptr;
}

bool names(const Cap& cap, const Endpoint* endpoint) {
    return cap.is<EndpointCap>() && &cap.as<EndpointCap>().object() == endpoint;
}

/// Puts the capability of `source` into the receiver's slot. False if it cannot be passed on.
bool pass_on(Slot& source, Slot* destination) {
    if (destination == nullptr)
        return false;
    const auto derived = mdb::derive(source, cnode::with_rights(source.cap, abi::all_rights));
    if (!derived || derived->null())
        return false;
    mdb::insert(*derived, source, *destination);
    return true;
}

/// What the receiver is told of the capabilities: how many arrived, which of them as badges.
struct Passed {
    Word count = 0;
    Word unwrapped = 0;
};

Passed pass_caps(const ExtraCaps& extra, const Endpoint* endpoint, const Tcb& receiver) {
    Passed passed;
    abi::IpcBuffer* buffer = receiver.buffer_for(true);
    if (buffer == nullptr || extra.count == 0)
        return passed;
    Slot* destination = receive_slot(receiver, *buffer);
    for (; passed.count < extra.count; passed.count++) {
        Slot& source = *extra.slots[passed.count];
        if (names(source.cap, endpoint)) {
            buffer->caps_or_badges[passed.count] = source.cap.as<EndpointCap>().badge().value;
            passed.unwrapped |= Word{1} << passed.count;
        } else if (pass_on(source, destination)) {
            destination = nullptr;
        } else {
            break;
        }
    }
    return passed;
}

/// Not inlined: most messages need nothing of it.
[[gnu::noinline]] void long_message(Tcb& sender, const Endpoint* endpoint, bool may_grant,
                                    Tcb& receiver, const Invocation* call) {
    const abi::MessageInfo info{sender.context[Context::a1]};
    const abi::IpcBuffer* buffer = call != nullptr ? call->buffer() : sender.buffer_for(false);
    const Word length = message::copy(sender, buffer, receiver, message::length(info));
    Passed passed;
    if (may_grant && info.extra_caps() != 0)
        passed = pass_caps(call != nullptr ? call->extra_caps() : extra_of(sender, buffer, info),
                           endpoint, receiver);
    receiver.context[Context::a1] =
        abi::MessageInfo::make(info.label(), length, passed.count, passed.unwrapped).word;
}

void short_message(const Tcb& sender, Tcb& receiver) {
    const abi::MessageInfo info{sender.context[Context::a1]};
    message::copy_registers(sender, receiver, info.length());
    receiver.context[Context::a1] = abi::MessageInfo::make(info.label(), info.length()).word;
}

} // namespace

void message(Tcb& sender, Endpoint* endpoint, Badge badge, bool may_grant, Tcb& receiver,
             const Invocation* call) {
    if (sender.fault.type != abi::Fault::none)
        fault_message::write(sender, receiver);
    else if (message::needs_buffer({sender.context[Context::a1]}))
        long_message(sender, endpoint, may_grant, receiver, call);
    else
        short_message(sender, receiver);
    receiver.context[Context::a0] = badge.value;
}

} // namespace transfer
