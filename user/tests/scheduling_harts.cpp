// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Threads on several harts: they run at the same time, wake one another, and are stopped, changed,
/// read and moved while they run elsewhere.
/// Read next: harts.hpp, scheduling_storm.cpp.
/// @stage{2}
#include "user/tests/harts.hpp"

TEST("harts: threads on different harts run at the same time") {
    const Word harts = several_harts();
    // The two take turns in memory alone; on one hart the test would never let the other run.
    for (Word hart = 1; hart < harts; hart++) {
        std::atomic<Word> turn = 0;
        constexpr Word turns = 200;
        const auto body = [&] {
            while (turn < turns) {
                if (turn % 2 == 1)
                    turn++;
            }
        };
        user::Thread other;
        start_on(other, hart, lowest, body);
        const bool over = comes_true([&] {
            if (turn % 2 == 0)
                turn++;
            return turn >= turns;
        });
        expect("both took their turns", over);
        other.join();
    }
}

TEST("harts: every hart runs its own most important thread") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    for (Word hart = 1; hart < harts; hart++) {
        Counter lesser, greater;
        lesser.start(hart, below);
        expect("alone it runs", lesser.runs());
        greater.start(hart, below + 1);
        expect("the greater one runs", greater.runs());
        const Word before = lesser.count();
        expect("and goes on", greater.runs());
        expect_equal("the lesser one stands", before, lesser.count());
        expect_success("suspend", tcb_suspend(greater.tcb()));
        expect("then it runs again", lesser.runs());
    }
}

TEST("harts: equals on another hart share it") {
    if (several_harts() == 0)
        return;
    Counter first, second;
    first.start(1, below);
    second.start(1, below);
    for (unsigned i = 0; i < 2; i++) {
        expect("the first", first.runs());
        expect("the second", second.runs());
    }
}

TEST("harts: a signal wakes a thread on another hart, and back") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        const CPtr there = make(ObjectType::notification);
        const CPtr back = make(ObjectType::notification);
        constexpr unsigned rounds = 300;
        Word count = 0;
        const auto body = [&] {
            for (unsigned i = 0; i < rounds; i++) {
                wait(there);
                count++;
                signal(back);
            }
        };
        user::Thread other;
        start_on(other, hart, below, body);
        for (unsigned i = 0; i < rounds; i++) {
            signal(there);
            wait(back);
            if (!expect_equal("each signal once", i + 1, count))
                break;
        }
    }
}

TEST("harts: two other harts play ping-pong while the test waits") {
    const Word harts = several_harts();
    if (harts < 3)
        return skip("there are not three harts");
    const CPtr balls[2] = {make(ObjectType::notification), make(ObjectType::notification)};
    std::atomic<Word> count = 0;
    const auto play = [&](unsigned side) {
        for (unsigned i = 0; i < 500; i++) {
            wait(balls[side]);
            count++;
            signal(balls[1 - side]);
        }
    };
    const auto first = [&] { play(0); };
    const auto second = [&] { play(1); };
    user::Thread players[2];
    start_on(players[0], 1, below, first);
    start_on(players[1], 2, below, second);
    signal(balls[0]);
    players[0].join();
    players[1].join();
    expect_equal("hits", 1000, count);
}

TEST("harts: a signal to a more important thread interrupts the other hart") {
    if (several_harts() == 0)
        return;
    Counter spinner;
    const CPtr notification = make(ObjectType::notification);
    std::atomic<Word> woken = 0;
    const auto body = [&] {
        for (;;) {
            wait(notification);
            woken++;
        }
    };
    spinner.start(1, below);
    user::Thread important;
    start_on(important, 1, below + 1, body);
    for (Word i = 1; i <= 50; i++) {
        signal(notification);
        if (!expect("it is woken", comes_true([&] { return woken == i; })))
            return;
    }
    expect("the other goes on", spinner.runs());
}

TEST("harts: suspended it stands at once, wherever it runs") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        Counter spinner;
        spinner.start(hart, below);
        for (unsigned i = 0; i < 20; i++) {
            if (!expect("it runs", spinner.runs()))
                return;
            expect_success("suspend", tcb_suspend(spinner.tcb()));
            const Word stopped = spinner.count();
            for (unsigned k = 0; k < 50; k++)
                yield();
            expect_equal("it stands", stopped, spinner.count());
            expect_success("resume", tcb_resume(spinner.tcb()));
        }
    }
}

TEST("harts: deleted it stands at once, wherever it runs") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        Counter spinner;
        spinner.start(hart, below);
        expect("it runs", spinner.runs());
        expect_success("delete", cap_delete(spinner.tcb()));
        const Word stopped = spinner.count();
        for (unsigned k = 0; k < 50; k++)
            yield();
        expect_equal("it stands", stopped, spinner.count());
    }
}

TEST("harts: registers are read from a thread that runs elsewhere, and are its own") {
    if (several_harts() == 0)
        return;
    user::Thread thread;
    create_on(thread, 1, below);
    const abi::UserContext set = distinct_registers(pc_of(count_forever));
    expect_success("start", tcb_write_registers(thread.tcb(), set, true));
    Word last = set.s1;
    for (unsigned i = 0; i < 100; i++) {
        abi::UserContext got = {};
        expect_success("read", tcb_read_registers(thread.tcb(), got));
        expect("it counts up", got.s1 >= last);
        expect("it is in its loop", got.pc - set.pc <= 4);
        last = got.s1;
        got.s1 = set.s1;
        got.pc = set.pc;
        if (!expect_registers("the others", set, got))
            return;
    }
    const bool went_on = comes_true([&] {
        abi::UserContext got = {};
        tcb_read_registers(thread.tcb(), got);
        return got.s1 > last;
    });
    expect("it goes on", went_on);
}

TEST("harts: registers are written to a thread that runs elsewhere") {
    if (several_harts() == 0)
        return;
    user::Thread thread;
    create_on(thread, 1, below);
    const Word start_value = 0x1'0000'0000'0000;
    for (Word i = 1; i <= 20; i++) {
        abi::UserContext registers = distinct_registers(pc_of(count_forever));
        registers.s1 = start_value * i;
        expect_success("write", tcb_write_registers(thread.tcb(), registers, true));
        abi::UserContext got = {};
        expect_success("read", tcb_read_registers(thread.tcb(), got));
        expect("it counts from there", got.s1 / start_value == i);
    }
}

TEST("harts: priorities change under threads that run elsewhere") {
    if (several_harts() == 0)
        return;
    Counter first, second;
    first.start(1, below);
    second.start(1, below - 1);
    for (unsigned i = 0; i < 10; i++) {
        Counter& greater = i % 2 == 0 ? second : first;
        const Counter& lesser = i % 2 == 0 ? first : second;
        expect_success("raise", tcb_set_priority(greater.tcb(), below + i + 1));
        if (!expect("it runs", greater.runs()))
            return;
        const Word before = lesser.count();
        expect("it goes on", greater.runs());
        expect_equal("the other stands", before, lesser.count());
    }
}

TEST("harts: a thread that runs is moved from hart to hart") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    Counter spinner;
    spinner.start(1, below);
    for (unsigned i = 0; i < 30; i++) {
        const Word hart = 1 + i % (harts - 1);
        expect_success("move", set_affinity(spinner.tcb(), hart));
        if (!expect("it runs", spinner.runs()))
            return;
    }
    expect_success("to the test's own hart", set_affinity(spinner.tcb(), 0));
    const Word stopped = spinner.count();
    for (unsigned k = 0; k < 50; k++)
        yield();
    expect_equal("where it is less important", stopped, spinner.count());
    expect_success("and away", set_affinity(spinner.tcb(), 1));
    expect("it runs", spinner.runs());
}

TEST("harts: a thread moves itself") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    user::Thread thread;
    Word moves = 0;
    const auto body = [&] {
        for (unsigned i = 0; i < 50; i++)
            moves += set_affinity(thread.tcb(), i % harts) ? 1 : 0;
    };
    start(thread, above, body);
    thread.join();
    expect_equal("moves", 50, moves);
}

TEST("harts: a thread that waits is moved and woken there") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    user::Thread thread;
    const CPtr notification = make(ObjectType::notification);
    std::atomic<Word> woken = 0;
    const auto body = [&] {
        for (;;) {
            wait(notification);
            woken++;
        }
    };
    start_on(thread, 1, below, body);
    for (Word i = 1; i <= 20; i++) {
        expect_success("move", set_affinity(thread.tcb(), 1 + i % (harts - 1)));
        signal(notification);
        if (!expect("woken", comes_true([&] { return woken == i; })))
            return;
    }
}
