// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Vectors and their badges: what the badge page says, with one notification and with several that
/// share a thread's vectors, and that the page can be taken away.
/// @stage{3}
#include "user/tests/uintr.hpp"

namespace {

Word sent(Word index) {
    rt::send(index);
    return rt::take_pending();
}

Word vectors_with_badges(const Registered& receiver) {
    Word count = 0;
    for (Word vector = 0; vector < abi::user_vectors; vector++)
        count += receiver.badge_of(vector) != 0 ? 1 : 0;
    return count;
}

} // namespace

TEST("uintr: the badge page names the vectors of badges, and none else") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    expect_equal("none yet", 0, vectors_with_badges(receiver));
    need_sender_table();
    const Word badges[] = {1, 0x8000'0000'0000'0000, 0xffff'ffff'ffff'ffff, 6};
    for (const Word badge : badges) {
        const Word got = sent(sender(receiver.badged(badge)));
        expect_equal("sent", bit(receiver.vector_of(badge)), got);
    }
    expect_equal("as many as there are", std::size(badges), vectors_with_badges(receiver));
    expect_equal("the kernel's own has none", 0, receiver.badge_of(receiver.kernel_vector()));
}

TEST("uintr: a page that said something else says what is true") {
    if (!interrupts_exist())
        return;
    const CPtr page = make(ObjectType::page);
    const CPtr shown = empty_slot();
    expect_success("a copy", cap_copy(page, shown));
    volatile Word* const words = map(shown);
    for (Word vector = 0; vector < Word{2} * abi::user_vectors; vector++)
        words[vector] = ~Word{0};
    expect_success("register",
                   register_receiver(make(ObjectType::notification), own_thread(), page));
    for (Word vector = 0; vector < abi::user_vectors; vector++)
        expect_equal("a vector", 0, words[vector]);
    expect_equal("what lies behind", ~Word{0}, words[abi::user_vectors]);
}

TEST("uintr: notifications of one thread share its vectors, and the page that came last") {
    if (!interrupts_exist())
        return;
    const Registered one;
    need_sender_table();
    const Word first = sender(one.badged(1));
    const Registered two;
    expect("other vectors", one.kernel_vector() != two.kernel_vector());
    expect_equal("the page knows what came before", 1, two.badge_of(one.vector_of(1)));
    const Word second = sender(two.badged(1));
    const Word third = sender(two.badged(2));
    const Word vector = one.vector_of(1);
    expect_equal("of the first", bit(vector), sent(first));
    expect_equal("equal badges of two are two", bit(vector) | bit(two.vector_of(2)),
                 sent(first) | sent(third));
    expect("the second", sent(second) != bit(vector));
    expect_equal("the first page says no more", abi::user_vectors, one.vector_of(2));
}

TEST("uintr: each of several notifications is polled for its own signals") {
    if (!interrupts_exist())
        return;
    const Registered one;
    const Registered two;
    need_sender_table();
    const Word first = sender(one.badged(1));
    const Word second = sender(two.badged(2));
    rt::send(first);
    rt::send(second);
    signal(one.badged(4));
    signal(two.badged(8));
    expect_equal("the first", 5, poll(one.notification()));
    expect_equal("no more", 0, poll(one.notification()));
    rt::send(first);
    expect_equal("the second", 10, poll(two.notification()));
    expect_equal("one came again", 1, wait(one.notification()));
    expect_equal("nothing is pending", 0, rt::take_pending());
}

TEST("uintr: what a handler takes is not polled, but what the kernel keeps is") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    rt::send(sender(receiver.badged(1)));
    signal(receiver.badged(2));
    expect_equal("vectors", bit(receiver.vector_of(1)) | bit(receiver.kernel_vector()),
                 rt::take_pending());
    expect_equal("the kernel's word", 2, poll(receiver.notification()));
}

TEST("uintr: when a notification goes its thread's others work on") {
    if (!interrupts_exist())
        return;
    const Registered one;
    const Registered two;
    need_sender_table();
    const Word first = sender(one.badged(1));
    const Word second = sender(two.badged(2));
    const Word kernel_vector = one.kernel_vector();
    allocator.destroy(one.notification());
    static_cast<void>(rt::take_pending());
    expect_equal("nothing", 0, sent(first));
    expect_equal("the other", bit(two.vector_of(2)), sent(second));
    const Registered three;
    expect_equal("vectors are used again", kernel_vector, three.kernel_vector());
    expect_equal("the others' badges stay", 2, three.badge_of(two.vector_of(2)));
}

TEST("uintr: the badge page can be unmapped, which its thread alone will notice") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    expect_success("unmap", page_unmap(receiver.page()));
    const CPtr cap = receiver.badged(5);
    const Word index = sender(cap);
    expect("it sends", sent(index) != 0);
    volatile Word* const words = map(receiver.page());
    Word vector = 0;
    while (vector < abi::user_vectors && words[vector] != 5)
        vector++;
    expect_equal("mapped again", bit(vector), sent(index));
}

TEST("uintr: the badge page can be deleted: vectors go on, and a new page says all") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    allocator.destroy(receiver.page());
    const volatile Word* const memory = map(make(ObjectType::page));
    const CPtr cap = receiver.badged(2);
    const Word other = sender(cap);
    for (Word word = 0; word < user::page_size / sizeof(Word); word++)
        expect_equal("its memory, used anew", 0, memory[word]);
    expect("both send", sent(index) != 0 && sent(other) != 0);
    const Registered next;
    expect_equal("a new page", bit(next.vector_of(2)), sent(other));
    expect_equal("of both", bit(next.vector_of(1)), sent(index));
    expect_success("delete", cap_delete(cap));
    expect_equal("a vector that goes", abi::user_vectors, next.vector_of(2));
}

TEST("uintr: a badge page outlives its thread, and says no more") {
    if (!interrupts_exist())
        return;
    const CPtr tcb = bare_thread();
    const Registered receiver(tcb);
    need_sender_table();
    sender(receiver.badged(1));
    allocator.destroy(tcb);
    const Word before = vectors_with_badges(receiver);
    const Registered mine;
    sender(mine.badged(2));
    expect_equal("nothing of the next", before, vectors_with_badges(receiver));
}
