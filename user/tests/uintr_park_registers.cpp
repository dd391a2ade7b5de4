// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// UintrPark and registers: it keeps what a function keeps; and of what it does not, nobody finds
/// there what another thread had.
/// Read next: uintr_park.cpp.
/// @stage{3}
#include "kernel/abi/syscall.hpp"
#include "user/tests/registers.hpp"
#include "user/tests/uintr.hpp"

namespace {

using namespace test;

constexpr unsigned gp = 3;
constexpr unsigned tp = 4;

/// Does a function keep register `n`?
constexpr bool is_kept(unsigned n) {
    return n == gp || n == tp || n == 8 || n == 9 || (n >= 18 && n <= 27);
}

/// A value that only this register of this thread has.
constexpr Word value_of(Word thread, unsigned n) { return 0x5eed0000 + (thread << 8) + n; }

/// Parks with all registers set, `next` being whom it notifies.
RegisterFile park_with(Word thread, Word next) {
    RegisterFile file = {};
    for (unsigned n = 0; n < register_count; n++)
        file.x[n] = value_of(thread, n);
    file.x[a0] = next;
    file.x[a1] = 0;
    file.x[a7] = static_cast<Word>(abi::Syscall::uintr_park);
    system_call_with(file);
    return file;
}

void check(const RegisterFile& file, Word thread) {
    for (unsigned n = 1; n < register_count; n++) {
        if (n == sp || n == a0)
            continue;
        const Word value = file.x[n];
        if (is_kept(n))
            expect_equal("a register that is kept", value_of(thread, n), value);
        else
            expect("no register of the other thread",
                   value < value_of(1 - thread, 0) ||
                       value >= value_of(1 - thread, register_count));
    }
}

} // namespace

TEST("uintr: UintrPark keeps what a function keeps, and shows nothing of another thread") {
    if (!interrupts_exist())
        return;
    constexpr Word rounds = 20;
    user::Thread thread;
    const Registered mine;
    const CPtr to_me = mine.badged(1);
    create(thread, as_test);
    need_sender_table(thread.tcb());
    need_sender_table();
    const Registered theirs(thread.tcb());
    const auto body = [&] {
        const Word index = sender(to_me);
        check(park_with(1, abi::no_sender), 1);
        for (;;)
            check(park_with(1, index), 1);
    };
    start(thread, body);
    const Word index = sender(theirs.badged(1));
    for (Word i = 0; i < rounds; i++) {
        const RegisterFile file = park_with(0, index);
        if (!expect_equal("the other answers", bit(mine.vector_of(1)), file.x[a0]))
            break;
        check(file, 0);
    }
    // Slowly too: nobody is notified, and it comes back at once.
    rt::send(sender(mine.badged(2)));
    const RegisterFile alone = park_with(0, abi::no_sender);
    expect_equal("its own", bit(mine.vector_of(2)), alone.x[a0]);
    check(alone, 0);
    allocator.destroy(mine.notification());
}
