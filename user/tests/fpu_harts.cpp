// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The floating-point unit of each hart: a thread takes its registers along when it goes to
/// another, however often and wherever it was before.
/// @stage{none}
#include "user/tests/fpu.hpp"
#include "user/tests/ipc_harts.hpp"

namespace {

struct Wanderer {
    user::Thread thread;
    Word seed = 0;
    std::atomic<Word> moves = 0; ///< told by the test
    std::atomic<Word> seen = 0;  ///< moves that it has looked at its registers after
    std::atomic<Word> broken = 0;
    std::atomic<bool> end = false;

    static void wander(Word argument) {
        Wanderer& self = *reinterpret_cast<Wanderer*>(argument);
        FpuRegisters mine = fpu_pattern(self.seed);
        fpu_set(mine);
        while (!self.end) {
            const Word moves = self.moves;
            self.broken += fpu_holds(mine) ? 0 : 1;
            if (moves % 2 == 0) { // else they stay clean
                mine = fpu_pattern(self.seed + moves);
                fpu_set(mine);
            }
            self.seen = moves;
            yield();
        }
        self.broken += fpu_holds(mine) ? 0 : 1;
    }
};

} // namespace

TEST("fpu: registers go from hart to hart") {
    if (harts() == 1)
        return skip("one hart");
    Wanderer wanderers[3];
    for (Word i = 0; i < 3; i++) {
        wanderers[i].seed = 1000 * i;
        if (!create(wanderers[i].thread, test_priority))
            return;
        wanderers[i].thread.start(Wanderer::wander, reinterpret_cast<Word>(&wanderers[i]));
    }
    for (Word move = 1; move <= 40; move++) {
        for (Word i = 0; i < 3; i++) {
            set_hart(wanderers[i].thread.tcb(), (move * (i + 1) + i) % harts());
            wanderers[i].moves = move;
        }
        for (const Wanderer& each : wanderers)
            rest_until([&] { return each.seen == move; });
    }
    for (Wanderer& each : wanderers) {
        each.end = true;
        each.thread.join();
        expect_equal("broken", 0, each.broken);
    }
}

TEST("fpu: a thread that comes back finds its registers, not older ones") {
    if (harts() == 1)
        return skip("one hart");
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    // Written on one hart, changed on another, read on the first, where nobody used the unit.
    for (Word round = 0; round < 8; round++) {
        for (const Word hart : {Word{0}, harts() - 1, Word{0}}) {
            set_hart(puppet.tcb(), hart);
            abi::UserContext registers = puppet.fresh();
            registers.t0 = round << 8 | hart;
            puppet.run(registers, fpu_write_one);
            receive(handler.endpoint());
        }
        set_hart(puppet.tcb(), harts() - 1);
        puppet.run(puppet.fresh(), fpu_read_one);
        receive(handler.endpoint());
        expect_equal("what it wrote last", round << 8, puppet.registers().t0);
    }
}
