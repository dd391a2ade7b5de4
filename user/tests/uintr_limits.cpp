// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What there is a number of: receivers, vectors, entries, tables. When they are used up the error
/// is delete_first, and that is what helps. The last vector of a notification is shared.
/// @stage{3}
#include "user/tests/cnode.hpp"
#include "user/tests/uintr.hpp"

#include <algorithm>
#include <bit>

namespace {

/// New objects in a row of slots, of memory of their own.
CPtr make_many(ObjectType type, unsigned memory_bits, Word count) {
    const CPtr memory = make(ObjectType::untyped, memory_bits);
    const CPtr first = empty_slot(count);
    for (Word done = 0; done < count; done += abi::retype_limit)
        expect_success("objects", untyped_retype(memory, type, 0, first + done,
                                                 std::min(count - done, abi::retype_limit)));
    return first;
}

/// Registers a new notification of `memory` for a thread; its capability goes to slot `index` of
/// `node`. An error leaves nothing.
Result register_new(CPtr memory, CPtr tcb, CPtr page, CPtr node, Word index) {
    const CPtr slot = empty_slot();
    expect_success("a notification", untyped_retype(memory, ObjectType::notification, 0, slot));
    const Result result = register_receiver(slot, tcb, page);
    if (result)
        expect_success("away with it", move({node, index, 10}, own(slot)));
    allocator.release_slot(slot);
    return result;
}

} // namespace

TEST("uintr: all receivers but the first can be used, and used again") {
    if (!interrupts_exist())
        return;
    const Word usable = user_interrupts().receivers - 1;
    const CPtr first = make_many(ObjectType::tcb, 20, usable + 1);
    const CPtr memory = make(ObjectType::untyped, 15);
    const CPtr node = make(ObjectType::cnode, 10);
    const CPtr page = make(ObjectType::page);
    for (Word i = 0; i < usable; i++)
        expect_success("register", register_new(memory, first + i, page, node, i));
    expect_error("one more", Error::delete_first,
                 register_new(memory, first + usable, page, node, usable));
    expect_success("another notification of a thread that has one",
                   register_new(memory, first, page, node, usable));
    expect_success("a thread goes", cap_delete(first + usable / 2));
    expect_success("one more", register_new(memory, first + usable, page, node, usable + 1));
    expect_success("a notification goes", remove({node, 3, 10}));
    expect_success("one more", register_new(memory, first + 3, page, node, usable + 2));
    expect_error("no more", Error::delete_first,
                 register_receiver(make(ObjectType::notification), own_thread(), page));
    expect_success("all go", cap_delete(node));
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    rt::send(index);
    expect_equal("and work", bit(receiver.vector_of(1)), rt::take_pending());
}

TEST("uintr: a thread has 64 vectors for its notifications") {
    if (!interrupts_exist())
        return;
    const CPtr page = make(ObjectType::page);
    const CPtr first = make_many(ObjectType::notification, 12, abi::user_vectors + 1);
    for (Word i = 0; i < abi::user_vectors; i++) {
        const Result result = register_receiver(first + i, own_thread(), page);
        expect_success("register", result);
        expect_equal("its vector", i, result.words[0]);
    }
    expect_error("one more", Error::delete_first,
                 register_receiver(first + abi::user_vectors, own_thread(), page));
    need_sender_table();
    expect_error("no vector is left for senders", Error::delete_first, register_sender(first));
    expect_success("one goes", cap_delete(first + 40));
    const Word index = sender(first);
    rt::send(index);
    expect_equal("its vector is free", bit(40), rt::take_pending());
    expect_error("now another has it", Error::delete_first, register_sender(first + 1));
}

TEST("uintr: when all vectors have badges the last one is shared, and its badges or-ed") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    Word indexes[abi::user_vectors];
    CPtr caps[abi::user_vectors];
    for (Word i = 1; i < abi::user_vectors; i++) {
        caps[i] = receiver.badged(i << 8);
        indexes[i] = sender(caps[i]);
        rt::send(indexes[i]);
        expect_equal("a vector of its own", bit(receiver.vector_of(i << 8)), rt::take_pending());
    }
    const CPtr more = receiver.badged(1);
    const CPtr most = receiver.badged(6);
    const Word one = sender(more);
    const Word another = sender(most);
    expect_equal("the last", (abi::user_vectors - 1) << 8 | 7, receiver.badge_of(63));
    expect_equal("the same again", one, sender(more));
    for (const Word index : {one, another, indexes[63]}) {
        rt::send(index);
        expect_equal("shared", bit(63), rt::take_pending());
    }
    rt::send(one);
    expect_equal("polled", receiver.badge_of(63), poll(receiver.notification()));
    for (const CPtr cap : {caps[63], more})
        expect_success("two of three go", cap_delete(cap));
    rt::send(another);
    expect("the third has it", (rt::take_pending() & bit(63)) != 0);
    expect_success("a vector is given back", cap_delete(caps[10]));
    const Word next = sender(receiver.badged(11));
    static_cast<void>(rt::take_pending());
    rt::send(next);
    expect_equal("and given again", bit(receiver.vector_of(11)), rt::take_pending());
}

TEST("uintr: a server hears each of 200 clients, and has vectors again when they have gone") {
    if (!interrupts_exist())
        return;
    constexpr Word clients = 200;
    const Registered receiver;
    need_sender_table();
    CPtr caps[clients];
    for (Word i = 0; i < clients; i++) {
        const Word badge = i + 1;
        caps[i] = receiver.badged(badge);
        rt::send(sender(caps[i]));
        const Word pending = rt::take_pending();
        expect("one vector", std::has_single_bit(pending));
        const Word told = receiver.badge_of(static_cast<unsigned>(std::countr_zero(pending)));
        expect("its badge, alone or among those that share it", (told & badge) == badge);
    }
    for (const CPtr cap : caps)
        expect_success("a client goes", cap_delete(cap));
    static_cast<void>(rt::take_pending());
    for (Word badge = 1000; badge < 1000 + abi::user_vectors - 1; badge++) {
        rt::send(sender(receiver.badged(badge)));
        expect_equal("a vector of its own", bit(receiver.vector_of(badge)), rt::take_pending());
    }
}

TEST("uintr: a table has 512 entries, which are used again") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const CPtr first = empty_slot(abi::sender_entries + 1);
    for (Word i = 0; i <= abi::sender_entries; i++)
        expect_success("badge", cap_mint(receiver.notification(), first + i, 3,
                                         i << 16 | (~i & 0xffff))); // none is others or-ed
    bool used[abi::sender_entries] = {};
    for (Word i = 0; i < abi::sender_entries; i++) {
        const Word index = sender(first + i);
        expect("another one", index < abi::sender_entries && !used[index]);
        used[index] = true;
    }
    const CPtr more = first + abi::sender_entries;
    expect_error("one more", Error::delete_first, register_sender(more));
    const Word index = sender(first + 100);
    expect_success("one goes", cap_delete(first + 100));
    expect_equal("its entry", index, sender(more));
    expect_success("all go", cap_revoke(receiver.notification()));
    for (Word vector = 0; vector < abi::user_vectors; vector++)
        expect_equal("no vector has a badge", 0, receiver.badge_of(vector));
    static_cast<void>(rt::take_pending());
    for (Word i = 0; i < abi::sender_entries; i++)
        rt::send(i);
    expect_equal("no entry sends", 0, rt::take_pending());
}

TEST("uintr: 511 tables can have entries") {
    if (!interrupts_exist())
        return;
    constexpr Word most = 511;
    const Registered receiver;
    const CPtr first = make_many(ObjectType::sender_table, 21, most + 1);
    const CPtr cap = receiver.badged(1);
    const CPtr copy = empty_slot();
    const auto registers = [&](Word i) {
        expect_success("a table", set_sender_table(own_thread(), first + i));
        expect_success("copy", cap_copy(cap, copy));
        const Result result = register_sender(copy);
        expect_success("delete", cap_delete(copy));
        return result;
    };
    for (Word i = 0; i < most; i++)
        expect_success("register", registers(i));
    expect_error("one more", Error::delete_first, registers(most));
    expect_success("a table goes", cap_delete(first + 7));
    expect_success("one more", registers(most));
}
