// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Making the world of a test, and taking away what it left in the kernel's own variables.
/// @stage{1}
#include "kernel/tests/host/world.hpp"

#include "kernel/cap/cnode.hpp"
#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/cap/untyped.hpp"
/// @cond LAB2
#include "kernel/object/irq.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/tcb_invoke.hpp"
/// @endcond
/// @cond LAB3
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/user_interrupt.hpp"
/// @endcond
#include "kernel/sched/hart.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/vspace.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace {

void forget_pools() {
    for (Word pool = 0; pool < 1 << abi::asid_pools_bits; pool++) {
        const Asid first(pool << abi::asid_pool_index_bits);
        if (vm::AsidEntry* entry = asid::entry(first))
            asid::remove_pool(AsidPoolCap(physical(entry), first));
    }
}

/// @cond LAB3
/// No thread of an earlier world has a receiver.
void fresh_receivers() {
    for (UintcReceiver& receiver : uintc::all)
        receiver = {};
    user_interrupt::registers = {};
    user_interrupt::receives = 0;
    user_interrupt::senders = PAddr(0);
}

/// Registrations; nothing else is an invocation of a notification.
Result<Outcome> invoke_notification(Invocation& call, Slot& slot) {
    const auto cap = slot.cap.as<NotificationCap>();
    if (call.label() == static_cast<Word>(abi::Label::uintr_register_receiver))
        return dispatch<&vectors::register_receiver>(call, cap);
    return dispatch<&sender_table::register_sender>(call, slot);
}

/// @endcond
/// Retype; nothing else is an invocation of untyped memory.
Result<Outcome> invoke_untyped(Invocation& call, Slot& slot) {
    if (call.label() != static_cast<Word>(abi::Label::untyped_retype))
        return failure(abi::Error::illegal_operation);
    if (call.shorter_than(abi::words_of<abi::UntypedRetype>, 1))
        return failure(abi::Error::truncated_message);
    return untyped::retype(call, slot, call.as<abi::UntypedRetype>());
}

void fresh_hart() {
    std::destroy_at(&harts[0]);
    std::construct_at(&harts[0]);
    harts[0].idle.state = Tcb::State::idle;
    harts[0].current = &harts[0].idle;
}

} // namespace

World::World() {
    host::reset();
    fresh_hart();
    /// @cond LAB3
    fresh_receivers();
    /// @endcond
    caller_ = &thread().cap.as<ThreadCap>().object();
    caller_->state = Tcb::State::running;
    harts[0].current = caller_;
    const PAddr buffer = host::memory(abi::page_bits);
    buffer_ = window<abi::IpcBuffer>(buffer);
    caller_->slot(Tcb::buffer).cap = FrameCap(buffer, 0, false, abi::all_rights);
    caller_->ipc_buffer = Word{1} << abi::page_bits;
}

World::~World() {
    for (Slot& slot : caller_->slots)
        slot = Slot();
    forget_pools();
}

Slot& World::slot(const Cap& cap) {
    Slot& slot = *window<Slot>(host::memory(abi::slot_bits));
    slot.cap = cap;
    slot.mdb.set_flags(true, true);
    return slot;
}

Slot& World::cnode(unsigned radix) {
    return slot(CNodeCap(host::memory(radix + abi::slot_bits), radix, 0, 64 - radix));
}

Slot& World::untyped(unsigned bits, bool device) {
    return slot(UntypedCap(host::memory(bits), bits, device));
}

Slot& World::notification() {
    return slot(NotificationCap(host::memory(abi::notification_bits), Badge(0), abi::all_rights));
}

Slot& World::thread(Prio priority) {
    const PAddr address = host::memory(abi::tcb_bits);
    Tcb::create(address).priority = priority;
    return slot(ThreadCap(address));
}

Result<Outcome> World::invoke_words(Slot& slot, Word label, std::span<const Word> words,
                                    std::initializer_list<Slot*> extra) {
    for (unsigned i = 0; i < words.size(); i++)
        (i < abi::message_registers ? caller_->context.message(i) : buffer_->message[i]) = words[i];
    Invocation call(*caller_, abi::MessageInfo::make(label, words.size(), extra.size()), true);
    for (Slot* one : extra)
        call.add_extra(*one);
    switch (slot.cap.type()) {
    case CapType::untyped:
        return invoke_untyped(call, slot);
    case CapType::cnode:
        return cnode::invoke(call, slot.cap);
    /// @cond LAB2
    case CapType::thread:
        return thread::invoke(call, slot);
    /// @endcond
    case CapType::frame:
        return vspace::invoke_frame(call, slot);
    case CapType::page_table:
        return vspace::invoke_table(call, slot);
    case CapType::asid_control:
        return asid::invoke_control(call);
    case CapType::asid_pool:
        return asid::invoke_pool(call, slot.cap.as<AsidPoolCap>());
    /// @cond LAB3
    case CapType::notification:
        return invoke_notification(call, slot);
    /// @endcond
    /// @cond LAB2
    case CapType::irq_control:
        return irq::invoke_control(call, slot);
    case CapType::irq_handler:
        return irq::invoke_handler(call, slot.cap.as<IrqHandlerCap>());
    /// @endcond
    default:
        throw std::logic_error("the test invokes a capability that it cannot");
    }
}

Word World::answer(unsigned index) const {
    return index < abi::message_registers ? caller_->context.message(index)
                                          : buffer_->message[index];
}

std::vector<Slot*> list_of(Slot& slot) {
    Slot* first = &slot;
    while (first->mdb.prev() != nullptr)
        first = first->mdb.prev();
    std::vector<Slot*> list;
    for (Slot* next = first; next != nullptr; next = next->mdb.next())
        list.push_back(next);
    return list;
}

bool whole(Slot& slot) {
    return std::ranges::all_of(list_of(slot),
                               [](const Slot* one) { return !one->empty() && mdb::linked(*one); });
}

bool is_freed(const void* object, Word bytes) {
    const std::span words(static_cast<const Word*>(object), bytes / sizeof(Word));
    return std::ranges::all_of(words, [](Word word) { return word == finalise::freed; });
}
