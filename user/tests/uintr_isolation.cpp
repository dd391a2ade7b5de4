// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The registers of user interrupts belong to a registered thread, across switches of every kind;
/// and no thread sees what one of another address space wrote.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/uintr_state.hpp"

namespace {

constexpr Word here = 0x1111;
constexpr Word there = 0x2222;

/// What the thread of the other space saw, and who else has something to do with it.
struct Seen {
    UserState state;
    Word count;
    CPtr notification;
};
constinit Seen seen = {};

void look_and_wait(Word) {
    for (;;) {
        seen.state = UserState::now();
        seen.count++;
        UserState{4, 8, 12, 16, 20, 1, 0x11}.set();
        wait(seen.notification);
    }
}

/// A thread of the other space, more important than the test, that looks once a signal.
struct Looker {
    OtherSpace space;
    bool create() {
        seen = {.state = {}, .count = 0, .notification = make(ObjectType::notification)};
        if (!space.create())
            return false;
        space.create_thread(above);
        space.start(look_and_wait);
        return true;
    }
    static void look() { signal(seen.notification); }
};

const UserState full = {.utvec = 0x1000,
                        .uscratch = ~Word{0},
                        .uepc = ~Word{1},
                        .ucause = ~Word{0},
                        .utval = ~Word{0},
                        .uie = ~Word{0},
                        .ustatus = 0x11};

} // namespace

TEST("uintr: a thread of another space finds every register zero, whoever ran before") {
    if (!interrupts_exist())
        return;
    Looker looker;
    full.set();
    if (!looker.create())
        return;
    seen.state.expect_zero("behind one without receiver");
    UserState::now().expect_zero("and back");
    const Registered receiver;
    rt::Interrupted noted = {};
    full.set();
    asm volatile("csrw 0x005, %0\ncsrw 0x040, %1" : : "r"(rt::rt_entry_that_notes), "r"(&noted));
    Looker::look();
    expect_equal("it looked", 2, seen.count);
    seen.state.expect_zero("behind one with a receiver");
    rt::forbid_interrupts();
}

TEST("uintr: a thread of another space finds zero also behind a hart that slept") {
    if (!interrupts_exist())
        return;
    Looker looker;
    if (!looker.create())
        return;
    user::Thread thread;
    const Word step = user::ticks_per_second() / 1000;
    const auto body = [&] {
        uintr_park(abi::no_sender, machine::time() + step);
        Looker::look();
        full.set();
        wait(make(ObjectType::notification));
    };
    create(thread, below);
    const Registered receiver(thread.tcb());
    start(thread, body);
    full.set();
    const Registered mine;
    uintr_park(abi::no_sender, machine::time() + 2 * step);
    expect_equal("it looked", 2, seen.count);
    seen.state.expect_zero("after sleep");
}

TEST("uintr: a registered thread has its registers, whoever runs in between") {
    if (!interrupts_exist())
        return;
    Looker looker;
    if (!looker.create())
        return;
    const Registered receiver;
    user::Thread same;
    const auto writes = [] {
        for (;;) {
            full.set();
            yield();
        }
    };
    start(same, as_test, writes);
    Draw draw(7);
    for (unsigned i = 0; i < 50; i++) {
        const UserState state = UserState::of(here, draw);
        state.set();
        switch (i % 4) {
        case 0:
            Looker::look();
            break;
        case 1:
            yield();
            break;
        case 2:
            uintr_park(abi::no_sender, machine::time() + 1000);
            break;
        default:
            Looker::look();
            yield();
        }
        if (!expect_state("as before", state, UserState::now()))
            break;
    }
}

TEST("uintr: registers of a registered thread go to other harts with it") {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
        return;
    const Registered receiver;
    Draw draw(8);
    for (Word hart = 1; hart <= 3 * harts; hart++) {
        const UserState state = UserState::of(here, draw);
        state.set();
        expect_success("move", set_affinity(own_thread(), hart % harts));
        expect_state("as before", state, UserState::now());
    }
}

namespace {

/// Threads of both spaces that write all registers again and again.
struct Writer {
    Word tag;
    Word seed;
    bool registered;
    std::atomic<Word> rounds;
    std::atomic<Word> strange; ///< registers that it should not have seen
};
constexpr unsigned writers_count = 8;
constinit Writer writers[writers_count] = {};

void write_for_ever(Word index) {
    Writer& writer = writers[index];
    Draw draw(writer.seed);
    for (;;) {
        const UserState state = UserState::of(writer.tag, draw);
        state.set();
        for (Word i = draw.below(50); i != 0; i--)
            asm volatile("");
        if (draw.below(2) == 0)
            yield();
        const UserState found = UserState::now();
        const bool good = writer.registered ? found == state : found.only_of(writer.tag);
        writer.strange += good ? 0 : 1;
        writer.rounds++;
    }
}

} // namespace

TEST("uintr: threads of two spaces that write every register see nothing of each other") {
    if (!interrupts_exist())
        return;
    OtherSpace space;
    if (!space.create())
        return;
    user::Thread threads[writers_count];
    CPtr tcbs[writers_count];
    for (Word i = 0; i < writers_count; i++) {
        const bool is_here = i % 2 == 0;
        const bool registered = i >= writers_count / 2;
        writers[i].tag = is_here ? here : there;
        writers[i].seed = i;
        writers[i].registered = registered;
        writers[i].rounds = writers[i].strange = 0;
        if (is_here)
            create(threads[i], as_test);
        tcbs[i] = is_here ? threads[i].tcb() : space.create_thread(as_test);
        if (registered)
            expect_success("register", register_receiver(make(ObjectType::notification), tcbs[i],
                                                         make(ObjectType::page)));
        if (is_here)
            threads[i].start(write_for_ever, i);
        else
            space.start(write_for_ever, i);
    }
    Draw draw(9);
    for (unsigned turn = 0; turn < 400; turn++) {
        if (user::boot_info().nodes > 1 && config::smp)
            set_affinity(tcbs[draw.below(writers_count)], draw.below(user::boot_info().nodes));
        yield();
    }
    for (const CPtr tcb : tcbs)
        expect_success("stop", tcb_suspend(tcb));
    for (const Writer& writer : writers) {
        expect("it ran", writer.rounds > 10);
        expect_equal("what it should not have seen", 0, writer.strange);
    }
}
