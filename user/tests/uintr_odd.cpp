// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Programs that use the instructions and registers of user interrupts in odd ways: without a
/// receiver or a table, with nonsense in them, or without ever taking what is pending. They harm
/// nobody but themselves.
/// @stage{3}
#include "user/tests/fault_catcher.hpp"
#include "user/tests/uintr_state.hpp"

namespace {

constexpr Word nowhere = 0x1230;
constexpr Word flag_instruction = 1;

void write_uie(Word value) { asm volatile("csrw 0x004, %0" : : "r"(value) : "memory"); }
void write_uip(Word value) { asm volatile("csrw 0x044, %0" : : "r"(value) : "memory"); }
void write_uepc(Word value) { asm volatile("csrw 0x041, %0" : : "r"(value) : "memory"); }
Word uip() {
    Word value;
    asm volatile("csrr %0, 0x044" : "=r"(value) : : "memory");
    return value;
}
void uret() { asm volatile(".word 0x00200073" : : : "memory"); }
void set_active(bool active) {
    if (active)
        asm volatile(".insn r 0x7b, 6, 3, x0, x0, x0" : : : "memory");
    else
        asm volatile(".insn r 0x7b, 6, 4, x0, x0, x0" : : : "memory");
}

/// Goes on behind itself by uret.
void hop() {
    asm volatile("la t0, 1f\ncsrw 0x041, t0\n.word 0x00200073\nunimp\n1:" : : : "t0", "memory");
}

} // namespace

TEST("uintr: a thread without receiver can enable and cause interrupts, and none comes") {
    if (!interrupts_exist())
        return;
    UserState{.utvec = nowhere & ~Word{3},
              .uscratch = 0,
              .uepc = 0,
              .ucause = 0,
              .utval = 0,
              .uie = ~Word{0},
              .ustatus = 1}
        .set();
    for (unsigned i = 0; i < 10; i++) {
        write_uip(~Word{0});
        write_uie(~Word{0});
        rt::allow_interrupts();
        yield();
    }
    expect_equal("uip stays zero", 0, uip());
    expect_equal("uie too", 0, UserState::now().uie);
    rt::forbid_interrupts();
}

TEST("uintr: without receiver and table the instructions do nothing") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    create(thread, below);
    const Registered receiver(thread.tcb());
    for (const Word index : {Word{0}, Word{1}, Word{511}, Word{512}, ~Word{0}})
        rt::send(index);
    for (unsigned i = 0; i < 3; i++) {
        rt::put_pending(~Word{0});
        set_active(i % 2 == 0);
        expect_equal("nothing is pending", 0, rt::take_pending());
    }
    Word got = ~Word{0};
    const auto parks = [&] { got = uintr_park(abi::no_sender, 1); };
    start(thread, parks);
    run_others();
    expect_equal("nor at another thread's", 0, got);
}

TEST("uintr: uret is a jump, with or without receiver") {
    if (!interrupts_exist())
        return;
    hop();
    expect_equal("UIE is what UPIE was, UPIE is one", 0x10, UserState::now().ustatus);
    hop();
    expect_equal("so now it is one", 0x11, UserState::now().ustatus);
    rt::forbid_interrupts();
    const Registered receiver;
    hop();
    rt::forbid_interrupts();
}

TEST("uintr: uret to nowhere, and a handler that is nowhere, are faults of the program") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    FaultCatcher catcher;
    if (!catcher.create() || !catcher.watch(thread, above))
        return;
    const auto returns = [] {
        write_uepc(nowhere);
        uret();
    };
    const std::initializer_list<Word> words = {nowhere, nowhere, flag_instruction,
                                               abi::fault_status_instruction};
    start(thread, returns);
    catcher.expect("uret", abi::Fault::vm, words);
    const Registered receiver(thread.tcb());
    rt::Interrupted state = {};
    const auto receives = [&] {
        rt::enable_interrupts(reinterpret_cast<void (*)()>(nowhere), state);
    };
    signal(receiver.notification());
    start(thread, receives);
    catcher.expect("utvec", abi::Fault::vm, words);
}

TEST("uintr: a program can deceive its own handler only") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    write_uip(1); // by software: the handler finds nothing
    expect_equal("nothing", 0, noted.vectors);
    rt::put_pending(Word{1} << 63);
    expect_equal("put there by itself", Word{1} << 63, noted.vectors);
    noted.vectors = 0;
    set_active(false);
    signal(receiver.notification());
    expect_equal("it was the kernel's business", bit(receiver.kernel_vector()),
                 noted.vectors | rt::take_pending());
    rt::forbid_interrupts();
    write_uip(1);
    yield();
    expect_equal("a switch to itself changes nothing", 1, uip());
    run_others();
    expect_equal("another thread clears what software set", 0, uip());
}

TEST("uintr: a vector that is given anew is not pending, even if the program put it there") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    rt::put_pending(~Word{0});
    const CPtr cap = receiver.badged(1);
    sender(cap);
    const Word vector = receiver.vector_of(1);
    expect_equal("all but the new one", ~(bit(vector)), rt::take_pending());
}

TEST("uintr: interrupts that a program never takes do not keep the kernel from long operations") {
    if (!interrupts_exist())
        return;
    constexpr Word count = 256;
    const Registered receiver;
    const CPtr memory = make(ObjectType::untyped, 20);
    const CPtr first = empty_slot(count);
    write_uie(1);
    for (unsigned i = 0; i < 5; i++) {
        rt::put_pending(~Word{0});
        write_uip(1);
        expect_equal("it is pending", 1, uip());
        expect_success("objects", untyped_retype(memory, ObjectType::tcb, 0, first, count));
        expect_success("revoke", cap_revoke(memory));
    }
}

TEST("uintr: a handler that takes nothing is interrupted for ever, and others have their turns") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    rt::Interrupted state = {
        .vectors = 0, .saved = {}, .handler = [](Word vectors) { rt::put_pending(vectors); }};
    const auto body = [&] {
        rt::enable_interrupts(rt::rt_entry_that_calls, state);
        for (;;)
            asm volatile("");
    };
    create(thread, as_test);
    const Registered receiver(thread.tcb());
    start(thread, body);
    signal(receiver.notification());
    for (unsigned i = 0; i < 3; i++)
        yield();
    expect_success("it can be stopped", tcb_suspend(thread.tcb()));
    expect_success("and go on", tcb_resume(thread.tcb()));
    yield();
    expect_success("and be deleted", cap_delete(thread.tcb()));
}
