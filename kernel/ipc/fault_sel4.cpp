// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Profile sel4: faults go to the endpoint that the thread names as its handler.
/// @stage{none}
#include "kernel/cap/cspace.hpp"
#include "kernel/ipc/fault.hpp"
#include "kernel/ipc/fault_message.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/sched/scheduler.hpp"

namespace {

/// The handler's endpoint: in the thread's own CSpace, with the right to send and be replied to.
const Cap* handler_of(const Tcb& tcb) {
    const auto slot = cspace::slot_of(tcb.slot(Tcb::cspace).cap, tcb.fault_handler);
    if (!slot || !(*slot)->cap.is<EndpointCap>())
        return nullptr;
    const Word rights = (*slot)->cap.as<EndpointCap>().rights();
    const bool usable =
        (rights & abi::write) != 0 && (rights & (abi::grant | abi::grant_reply)) != 0;
    return usable ? &(*slot)->cap : nullptr;
}

/// Nobody to tell.
void give_up(Tcb& tcb) {
    if constexpr (config::debug) {
        Word words[fault::most_words];
        const Word count = fault::words(tcb, words);
        println("fault ", static_cast<Word>(tcb.fault.type), " of thread ", tcb.name,
                " has no handler: at ", print::Hex{words[0]}, ", ",
                print::Hex{count > 1 ? words[1] : 0});
    }
    sched::set_state(tcb, Tcb::State::inactive);
}

/// Takes over words of the handler's message into these registers.
template <unsigned count>
void take_registers(Tcb& tcb, const Tcb& handler, Word length, const uint8_t (&registers)[count]) {
    const abi::IpcBuffer* buffer = handler.buffer_for(false);
    for (unsigned i = 0; i < count && i < length; i++) {
        if (i < abi::message_registers)
            tcb.context[registers[i]] = handler.context.message(i);
        else if (buffer != nullptr)
            tcb.context[registers[i]] = buffer->message[i];
    }
}

} // namespace

void fault::deliver(Tcb& tcb) {
    const Cap* handler = handler_of(tcb);
    if (handler == nullptr)
        return give_up(tcb);
    const auto cap = handler->as<EndpointCap>();
    endpoint::send(cap.object(), tcb,
                   {cap.badge(), true, true, (cap.rights() & abi::grant) != 0,
                    (cap.rights() & abi::grant_reply) != 0});
}

void fault_message::write(const Tcb& sender, Tcb& receiver) {
    Word words[fault::most_words];
    abi::IpcBuffer* buffer = receiver.buffer_for(true);
    const Word length = message::fitting(buffer, fault::words(sender, words));
    for (Word i = 0; i < length; i++)
        message::write(receiver, buffer, i, words[i]);
    receiver.context[Context::a1] =
        abi::MessageInfo::make(static_cast<Word>(sender.fault.type), length).word;
}

bool fault_message::reply(Tcb& tcb, const Tcb& handler) {
    const abi::MessageInfo info{handler.context[Context::a1]};
    const Word length = message::length(info);
    switch (tcb.fault.type) {
    case abi::Fault::unknown_syscall:
        take_registers(tcb, handler, length,
                       {Context::pc, Context::sp, Context::ra, 10, 11, 12, 13, 14, 15, 16});
        return info.label() == 0;
    case abi::Fault::user_exception:
        take_registers(tcb, handler, length, {Context::pc, Context::sp});
        return info.label() == 0;
    default:
        return true;
    }
}
