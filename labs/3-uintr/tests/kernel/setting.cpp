// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Objects out of one piece of memory, which is part of the kernel's image.
#include "labs/3-uintr/tests/kernel/setting.hpp"

#include "kernel/lib/assert.hpp"

namespace {

constexpr Word arena_size = Word{512} * 1024;
alignas(4096) constinit uint8_t arena[arena_size] = {};
constinit Word used = 0;

/// Zeroed memory at a multiple of its size.
PAddr memory(unsigned bits) {
    const Word size = Word{1} << bits;
    used = (used + size - 1) & ~(size - 1);
    if (used + size > arena_size)
        panic("the memory of the tests is too small");
    const PAddr place = physical(arena + used);
    used += size;
    return place;
}

} // namespace

Setting::Setting()
    : control_(slot(UintrControlCap())),
      page_(slot(FrameCap(memory(abi::page_bits), 0, false, abi::all_rights))), sender_(thread()) {
    Hart& hart = this_hart();
    hart.current = &hart.idle;
    hart.action = Hart::Action::resume;
}

Setting::~Setting() {
    for (Word index = 1; index < uintc::receivers(); index++) {
        uintc::receiver(index).set(UintcReceiver::off);
        static_cast<void>(uintc::receiver(index).take());
    }
    user_interrupt::receive_none();
    user_interrupt::clear();
    receiver::use_senders(PAddr(0));
}

Slot& Setting::slot(const Cap& cap) {
    Slot& slot = *window<Slot>(memory(abi::slot_bits));
    slot.cap = cap;
    slot.mdb.set_flags(true, true);
    return slot;
}

Slot& Setting::thread() {
    const PAddr address = memory(abi::tcb_bits);
    Tcb::create(address).state = Tcb::State::inactive;
    return slot(ThreadCap(address));
}

Slot& Setting::notification() {
    return slot(NotificationCap(memory(abi::notification_bits), Badge(0), abi::all_rights));
}

Slot& Setting::table() { return slot(SenderTableCap(memory(abi::sender_table_bits))); }

Slot& Setting::badged(Slot& notification, Word badge) {
    Slot& made = slot(Cap());
    mdb::insert(cap(notification).with(Badge(badge), abi::read | abi::write), notification, made);
    return made;
}

Tcb& Setting::with_receiver(Word index) {
    Tcb& made = tcb(thread());
    made.receiver.index = index;
    made.receiver.registers = &uintc::receiver(index);
    made.special |= Tcb::uses_interrupts;
    return made;
}

Word Setting::receives(Slot& notification, Slot& thread) {
    using Message = abi::UintrRegisterReceiver;
    Invocation call(tcb(sender_),
                    abi::MessageInfo::make(static_cast<Word>(Message::label), 0, Message::caps),
                    true);
    for (Slot* one : {&thread, &control_, &page_})
        call.add_extra(*one);
    expect("a receiver is registered",
           vectors::register_receiver(call, cap(notification), {}) == Outcome::done);
    return tcb(sender_).context.message(0);
}

Word Setting::sender(Slot& cap, Slot& table) {
    using Message = abi::UintrRegisterSender;
    tcb(sender_).slot(Tcb::sender_table).cap = table.cap;
    Invocation call(tcb(sender_), abi::MessageInfo::make(static_cast<Word>(Message::label), 0, 0),
                    true);
    expect("a sender is registered", sender_table::register_sender(call, cap, {}) == Outcome::done);
    return tcb(sender_).context.message(0);
}
