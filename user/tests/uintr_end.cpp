// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The end of one side is told to the other, and only to it; threads delete themselves and their
/// own tables; a receiver that many tables name goes step by step.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/cnode.hpp"
#include "user/tests/preemption.hpp"
#include "user/tests/uintr.hpp"

namespace {

/// A thread that registers as a sender of a notification and then waits for ever. The table is its
/// own; the capability with which it registers is the test's.
struct Client {
    user::Thread thread;
    CPtr table = make(ObjectType::sender_table);

    explicit Client(CPtr cap) : body_{cap, make(ObjectType::notification)} {
        create(thread, above);
        expect_success("a sender table", set_sender_table(thread.tcb(), table));
        start(thread, body_);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

private:
    struct Body {
        CPtr cap;
        CPtr never;
        void operator()() const {
            sender(cap);
            wait(never);
        }
    } body_;
};

} // namespace

TEST("uintr: a server is told when a client's capability or table goes: by whose badge") {
    if (!interrupts_exist())
        return;
    const Registered server;
    const CPtr cap = server.badged(0x10);
    const Client one(cap);
    const CPtr other_cap = server.badged(0x20);
    Client other(other_cap);
    expect_equal("nothing yet", 0, rt::take_pending());
    const Word vector = server.vector_of(0x10);
    expect_success("the capability", cap_delete(cap));
    expect_equal("the kernel's vector", bit(server.kernel_vector()), rt::take_pending());
    expect_equal("whose", 0x10, poll(server.notification()));
    expect_equal("of the page", 0, server.badge_of(vector));
    other.thread.destroy();
    allocator.destroy(other.table);
    expect_equal("the table", abi::user_vectors, server.vector_of(0x20));
    expect_success("its capability", cap_delete(other_cap));
}

TEST("uintr: a client is told when the server's thread goes") {
    if (!interrupts_exist())
        return;
    const CPtr tcb = bare_thread();
    const Registered server(tcb);
    const Registered mine;
    need_sender_table();
    const Word one = sender(server.badged(1));
    const Word two = sender(server.badged(2));
    allocator.destroy(tcb);
    expect_equal("by the kernel's vector of its first", bit(mine.kernel_vector()),
                 rt::take_pending());
    expect_equal("which holds no badge", 0, poll(mine.notification()));
    rt::send(one);
    rt::send(two);
    expect_equal("no entry is left", 0, rt::take_pending());
}

TEST("uintr: a client that waits or is parked is woken when the server goes") {
    if (!interrupts_exist())
        return;
    for (const bool parks : {false, true}) {
        user::Thread client;
        Trace trace;
        const CPtr tcb = bare_thread();
        const Registered server(tcb);
        const CPtr cap = server.badged(1);
        create(client, above);
        const Registered own(client.tcb());
        need_sender_table(client.tcb());
        const auto body = [&] {
            sender(cap);
            trace.add(parks ? uintr_park() : wait(own.notification()));
        };
        start(client, body);
        expect_equal("it waits", 0, trace.count());
        allocator.destroy(tcb);
        trace.expect("told", {parks ? bit(own.kernel_vector()) : 0});
    }
}

TEST("uintr: who gets the receiver of a dead client is not told of the dead one's servers") {
    if (!interrupts_exist())
        return;
    const CPtr tcb = bare_thread();
    const Registered server(tcb);
    {
        Client client(server.badged(1));
        const Registered theirs(client.thread.tcb());
        client.thread.destroy();
    }
    const Registered mine;
    allocator.destroy(tcb);
    expect_equal("nothing", 0, rt::take_pending());
}

TEST("uintr: a parked thread that loses its last notification wakes, and its deadline is over") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    Trace trace;
    create(thread, above);
    const Word soon = machine::time() + user::ticks_per_second() / 200;
    const Registered receiver(thread.tcb());
    const auto body = [&] {
        trace.add(uintr_park(abi::no_sender, soon));
        trace.add(machine::time() < soon ? 1 : 0);
        trace.add(uintr_park());
    };
    start(thread, body);
    allocator.destroy(receiver.notification());
    trace.expect("without a receiver nobody sleeps", {0, 1, 0});
    while (machine::time() < soon + 1000) {
    }
    trace.expect("later", {0, 1, 0});
}

TEST("uintr: a thread that waits for a notification which is destroyed waits no more") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    create_unwatched(thread, above);
    const Registered receiver(thread.tcb());
    const CPtr cap = receiver.notification();
    const auto body = [&] {
        for (;;)
            wait(cap);
    };
    start(thread, body);
    allocator.destroy(cap);
    const Registered next(thread.tcb());
    abi::UserContext registers = {};
    expect_success("it stands at its fault", tcb_read_registers(thread.tcb(), registers));
    expect("the thread did not end", !thread.finished());
}

TEST("uintr: a thread can delete itself with all it has, on every hart") {
    if (!interrupts_exist())
        return;
    const Word harts = config::smp ? user::boot_info().nodes : 1;
    for (Word hart = 0; hart < harts; hart++) {
        user::Thread thread;
        const Registered server;
        const CPtr cap = server.badged(1);
        create(thread, as_test);
        if (hart != 0)
            expect_success("hart", set_affinity(thread.tcb(), hart));
        const Registered own(thread.tcb());
        need_sender_table(thread.tcb());
        const auto body = [&] {
            rt::send(sender(cap));
            rt::put_pending(~Word{0});
            cap_delete(thread.tcb());
        };
        start(thread, body);
        expect("it sent", comes_true([&] { return rt::take_pending() != 0; }));
        run_equals(as_test, 5);
        expect_equal("its notification is nobody's", 0, poll(own.notification()));
        const Registered again(own_thread());
        expect_success("and can be another's",
                       register_receiver(own.notification(), own_thread(), again.page()));
        expect_equal("with nothing pending", 0, rt::take_pending());
    }
}

TEST("uintr: a thread can destroy the table with which it sends") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    const CPtr table = make(ObjectType::sender_table);
    expect_success("a table", set_sender_table(own_thread(), table));
    const CPtr cap = receiver.badged(1);
    const Word index = sender(cap);
    allocator.destroy(table);
    rt::send(index);
    expect_equal("nothing", 0, rt::take_pending());
    expect_error("no table", Error::invalid_capability, register_sender(cap), {1});
}

TEST("uintr: deleting a receiver that many tables name is interrupted, and complete") {
    if (!interrupts_exist())
        return;
    constexpr Word count = 500;
    const CPtr memory = make(ObjectType::untyped, 21);
    const CPtr tables = empty_slot(count);
    for (Word done = 0; done < count; done += 250)
        expect_success("tables",
                       untyped_retype(memory, ObjectType::sender_table, 0, tables + done, 250));
    const CPtr thread_memory = make(ObjectType::untyped, abi::tcb_bits);
    const CPtr tcb = empty_slot();
    const CPtr notification_memory = make(ObjectType::untyped, abi::notification_bits);
    const CPtr notification = empty_slot();
    expect_success("a notification",
                   untyped_retype(notification_memory, ObjectType::notification, 0, notification));
    const CPtr page = make(ObjectType::page);
    const CPtr node = make(ObjectType::cnode, 9); // for the senders' capabilities
    const CPtr cap = empty_slot();
    expect_interrupted(
        [&] {
            bool good = untyped_retype(thread_memory, ObjectType::tcb, 0, tcb) &&
                        register_receiver(notification, tcb, page);
            for (Word i = 0; i < count && good; i++)
                good = set_sender_table(own_thread(), tables + i) &&
                       cap_mint(notification, cap, 3, 1 + i) && register_sender(cap) &&
                       move({node, i, 9}, own(cap));
            return good;
        },
        [&] { expect_success("delete", cap_delete(tcb)); },
        [&] {
            // No sender has a receiver, and the receiver can be used again.
            return cap_mint(notification, cap, 3, 1) && !register_sender(cap) &&
                   register_receiver(notification, own_thread(), page) && rt::take_pending() == 0 &&
                   cap_revoke(notification) && cap_delete(notification) &&
                   untyped_retype(notification_memory, ObjectType::notification, 0, notification);
        });
}
