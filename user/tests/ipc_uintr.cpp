// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts beside synchronous messages: a thread that receives is woken, one that sends or
/// waits for an answer is not; and what messages switch to has its own registers, by every path.
/// @stage{none}
#include "user/tests/puppet.hpp"
#include "user/tests/uintr.hpp"

namespace {

Word uscratch() {
    Word value;
    asm volatile("csrr %0, 0x040" : "=r"(value));
    return value;
}

void set_uscratch(Word value) { asm volatile("csrw 0x040, %0" : : "r"(value)); }

} // namespace

TEST("ipc: a user interrupt ends a wait at an endpoint, with its badge") {
    if (!interrupts_wake())
        return;
    for (const Syscall number : {Syscall::receive, Syscall::reply_receive}) {
        Puppet puppet;
        puppet.create();
        const CPtr endpoint = make_endpoint();
        const Registered receiver(puppet.tcb());
        need_sender_table();
        const Word index = sender(receiver.badged(5));
        puppet.start(number, endpoint);
        expect("it waits", !puppet.done());
        rt::send(index);
        run_others();
        expect("it is woken", puppet.done());
        expect_equal("badge", 5, puppet.badge());
        puppet.start(number, endpoint);
        signal(receiver.badged(6));
        expect("a Signal does the same", puppet.done());
        expect_equal("badge", 6, puppet.badge());
        puppet.start(Syscall::receive, endpoint);
        non_blocking_send(endpoint, {.info = MessageInfo::make(0, 0)});
        expect("nothing is left of the waits", puppet.done());
    }
}

TEST("ipc: what came before a thread receives is taken first if it is bound, at once if not") {
    if (!interrupts_wake())
        return;
    for (const bool bound : {true, false}) {
        Puppet puppet;
        puppet.create();
        const CPtr endpoint = make_endpoint();
        const Registered receiver(puppet.tcb());
        if (bound)
            expect_success(
                "bind", invoke(puppet.tcb(), abi::TcbBindNotification{}, receiver.notification()));
        need_sender_table();
        rt::send(sender(receiver.badged(5)));
        puppet.start(Syscall::receive, endpoint);
        run_others();
        expect("it came back", puppet.done());
        expect_equal("badge", 5, puppet.badge());
    }
}

TEST("ipc: who sends, or waits for an answer, is not woken, and loses nothing") {
    if (!interrupts_exist())
        return;
    for (const Syscall number : {Syscall::send, Syscall::call}) {
        Puppet puppet;
        puppet.create();
        const CPtr endpoint = make_endpoint();
        const Registered receiver(puppet.tcb());
        need_sender_table();
        const Word index = sender(receiver.badged(5));
        puppet.start(number, endpoint);
        rt::send(index);
        signal(receiver.badged(2));
        run_others();
        expect("it sends", !puppet.done());
        receive(endpoint);
        if (number == Syscall::call) {
            rt::send(index);
            run_others();
            expect("it waits for the answer", !puppet.done());
            reply({});
        }
        expect("it is done", puppet.done());
        puppet.start(Syscall::non_blocking_receive, receiver.notification());
        expect_equal("all of it", 7, puppet.badge());
    }
}

TEST("ipc: messages switch the registers of user interrupts too") {
    if (!interrupts_exist())
        return;
    user::Thread server;
    const CPtr endpoint = make_endpoint();
    Word wrong = 0;
    const auto serves = [&] {
        set_uscratch(0x5e5e);
        receive(endpoint);
        for (;;) {
            wrong += uscratch() != 0x5e5e ? 1 : 0;
            reply_receive(endpoint, {});
        }
    };
    create(server, above);
    const Registered theirs(server.tcb());
    const Registered mine;
    need_sender_table();
    const Word to_me = sender(mine.badged(1));
    const Word to_server = sender(theirs.badged(2));
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    start(server, serves);
    for (unsigned i = 0; i < 100; i++) {
        noted.vectors = 0;
        call(endpoint, {.info = MessageInfo::make(0, 0)});
        expect_equal("mine", reinterpret_cast<Word>(&noted), uscratch());
        rt::send(to_me);
        expect_equal("to me", bit(mine.vector_of(1)), noted.vectors);
    }
    rt::send(to_server);
    run_others();
    expect_equal("not to me", bit(mine.vector_of(1)), noted.vectors);
    expect_equal("the server's", 0, wrong);
    rt::forbid_interrupts();
}
