// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// TcbSetSenderTable and UintrRegisterSender: every error in order, which registrations are one,
/// and how long an entry lasts. The test is its own receiver, with interrupts off: what comes is
/// pending.
/// @stage{3}
#include "user/tests/uintr.hpp"

namespace {

/// What arrives when an index is sent.
Word sent(Word index) {
    rt::send(index);
    return rt::take_pending();
}

CPtr copy_of(CPtr cap, Word rights = abi::all_rights) {
    const CPtr slot = empty_slot();
    expect_success("a copy", cap_copy(cap, slot, rights));
    return slot;
}

CPtr new_table() {
    const CPtr table = make(ObjectType::sender_table);
    expect_success("a sender table", set_sender_table(own_thread(), table));
    return table;
}

} // namespace

TEST("uintr: a sender table is set by a message with two capabilities, to a table or to nothing") {
    if (!interrupts_exist())
        return;
    const CPtr tcb = bare_thread();
    const CPtr table = make(ObjectType::sender_table);
    expect_truncated(tcb, abi::TcbSetSenderTable{}, table, user_interrupts().control);
    for (const CPtr wrong : {own_cnode, tcb, user_interrupts().control})
        expect_error("no table", Error::invalid_capability, set_sender_table(tcb, wrong), {1});
    expect_success("a table", set_sender_table(tcb, table));
    expect_success("the same", set_sender_table(tcb, table));
    expect_success("another", set_sender_table(tcb, make(ObjectType::sender_table)));
    expect_success("none", set_sender_table(tcb, empty_slot()));
    expect_success("still none", set_sender_table(tcb, empty_slot()));
}

TEST("uintr: a sender is registered after rights, table and receiver were looked at") {
    if (!interrupts_exist())
        return;
    const CPtr notification = make(ObjectType::notification);
    expect_error("the right to write", Error::invalid_capability,
                 register_sender(copy_of(notification, abi::Rights::read)), {0});
    expect_error("table", Error::invalid_capability, register_sender(notification), {1});
    need_sender_table();
    expect_error("receiver", Error::illegal_operation, register_sender(notification));
    const Registered receiver;
    expect_success("the right to write is enough",
                   register_sender(copy_of(receiver.notification(), abi::Rights::write)));
}

TEST("uintr: who is registered in one table can be in no other, but a copy can") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    const CPtr cap = receiver.badged(1);
    const CPtr first = new_table();
    const Word index = sender(cap);
    new_table();
    expect_error("another table", Error::illegal_operation, register_sender(cap));
    const Word other = sender(copy_of(cap));
    expect_equal("sent by the other", bit(receiver.vector_of(1)), sent(other));
    expect_success("back", set_sender_table(own_thread(), first));
    expect_equal("the same", index, sender(cap));
}

TEST("uintr: registrations of equal badge and notification are one, whatever the capability") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    const Registered other;
    need_sender_table();
    const CPtr cap = receiver.badged(1);
    const Word index = sender(cap);
    expect_equal("again", index, sender(cap));
    expect_equal("a copy", index, sender(copy_of(cap)));
    expect_equal("with fewer rights", index, sender(copy_of(cap, abi::Rights::write)));
    expect_equal("the same badge", index, sender(receiver.badged(1)));
    expect("another badge", sender(receiver.badged(2)) != index);
    expect("no badge", sender(receiver.notification()) != index);
    expect("another notification", sender(other.badged(1)) != index);
    expect_equal("and again", index, sender(cap));
}

TEST("uintr: a capability that is moved keeps its entry") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const CPtr cap = receiver.badged(1);
    const Word index = sender(cap);
    const CPtr moved = empty_slot();
    expect_success("move", cap_move(cap, moved));
    expect_equal("it sends", bit(receiver.vector_of(1)), sent(index));
    expect_equal("the same", index, sender(moved));
    expect_success("delete", cap_delete(moved));
    expect_equal("it is gone", 0, sent(index) & ~(bit(receiver.kernel_vector())));
}

TEST("uintr: an entry lasts as long as one of its capabilities") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const CPtr cap = receiver.badged(1);
    const CPtr registered = copy_of(cap);
    const CPtr never_registered = copy_of(cap);
    const Word index = sender(cap);
    sender(registered);
    const Word vector = receiver.vector_of(1);
    expect_success("delete", cap_delete(cap));
    expect_equal("one is left", bit(vector), sent(index));
    expect_success("delete", cap_delete(registered));
    expect_equal("none is left", bit(receiver.kernel_vector()), sent(index));
    expect_equal("the receiver was told whose", 1, poll(receiver.notification()));
    expect_equal("its vector is free", 0, receiver.badge_of(vector));
    expect_equal("so is the entry", index, sender(receiver.badged(2)));
    expect_success("the copy without an entry", cap_delete(never_registered));
    expect_equal("no matter", bit(receiver.vector_of(2)), sent(index));
}

TEST("uintr: threads can share a table") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    user::Thread thread;
    Word index = abi::no_sender;
    const CPtr cap = receiver.badged(1);
    const auto body = [&] { index = sender(cap); };
    const CPtr table = new_table();
    create(thread, above);
    expect_success("the same table", set_sender_table(thread.tcb(), table));
    start(thread, body);
    expect_equal("what the other registered", bit(receiver.vector_of(1)), sent(index));
    expect_equal("is the same", index, sender(cap));
    thread.destroy();
    expect_equal("the other is gone", bit(receiver.vector_of(1)), sent(index));
}

TEST("uintr: without its table a thread sends nothing; with it the same as before") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    const CPtr table = new_table();
    const Word index = sender(receiver.badged(1));
    expect_success("none", set_sender_table(own_thread(), empty_slot()));
    expect_equal("nothing", 0, sent(index));
    new_table();
    expect_equal("nothing in the new one", 0, sent(index));
    expect_success("back", set_sender_table(own_thread(), table));
    expect_equal("as before", bit(receiver.vector_of(1)), sent(index));
}

TEST("uintr: indexes that name no entry send nothing") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    for (const Word other : {index + 1, Word{abi::sender_entries} - 1, Word{abi::sender_entries},
                             Word{abi::sender_entries} + index, index + (Word{1} << 32),
                             index + (Word{1} << 61), Word{1} << 63, abi::no_sender})
        expect_equal("nothing", 0, sent(other));
    expect_equal("this one does", bit(receiver.vector_of(1)), sent(index));
}

TEST("uintr: when the table is gone its capabilities can be registered anew") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    const CPtr table = new_table();
    const CPtr cap = receiver.badged(1);
    const CPtr other = receiver.badged(2);
    const Word index = sender(cap);
    sender(other);
    expect_success("delete", cap_delete(table));
    expect_equal("its thread has another capability to it", bit(receiver.vector_of(1)),
                 sent(index));
    expect_success("delete", set_sender_table(own_thread(), empty_slot()));
    expect_equal("vectors are free", abi::user_vectors, receiver.vector_of(1));
    new_table();
    expect_equal("nothing", 0, sent(index));
    const Word anew = sender(other);
    expect_equal("anew", bit(receiver.vector_of(2)), sent(anew));
    expect_success("the one that was not", cap_delete(cap));
    expect_equal("still there", bit(receiver.vector_of(2)), sent(anew));
}

TEST("uintr: when the receiver is gone a sender can be registered for the next") {
    if (!interrupts_exist())
        return;
    const CPtr notification = make(ObjectType::notification);
    const CPtr page = make(ObjectType::page);
    const CPtr cap = badged(notification, 1);
    const CPtr first = bare_thread();
    need_sender_table();
    expect_success("register", register_receiver(notification, first, page));
    const Word index = sender(cap);
    const CPtr copied = copy_of(cap);
    sender(copied);
    expect_success("its thread goes", cap_delete(first));
    expect_equal("nobody is there", 0, sent(index));
    expect_error("receiver", Error::illegal_operation, register_sender(cap));
    expect_success("register", register_receiver(notification, own_thread(), page));
    expect_equal("nothing by itself", 0, sent(index));
    const Word next = sender(cap);
    expect("it sends", sent(next) != 0);
    expect_equal("the copy too", next, sender(copied));
    expect_success("delete", cap_delete(cap));
    expect("it still sends", sent(next) != 0);
}
