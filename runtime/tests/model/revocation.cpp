// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A sender whose entry is taken away while it sends on another hart, and a receiver that gets a
/// new owner: nothing of the old sender may arrive there. A model of the machine and of what the
/// kernel does (kernel/object/sender_table.cpp, kernel/sched/remote.cpp), not their code.
///
///     uipi.send                      kernel, on another hart
///     entry: valid?                  entry = invalid; fence
///     pending of its receiver |=     asks the sender's hart, which answers between instructions
///                                    pending: taken and thrown away; a new owner has it
///
/// Read next: sleep.cpp.
/// @stage{4}
#include "runtime/shared_word.hpp"
#include "runtime/tests/explore/explore.hpp"

#include <doctest/doctest.h>

namespace {

struct Machine {
    rt::SharedWord<uint32_t> entry{1}; ///< valid?
    rt::SharedWord<uint32_t> pending;
    rt::SharedWord<uint32_t> work; ///< that the sender's hart is asked to do
    rt::SharedWord<uint32_t> ended;

    Machine() {
        explore::name(entry, "entry", {"invalid", "valid"});
        explore::name(pending, "pending");
        explore::name(work, "work", {"none", "settle"});
        explore::name(ended, "ended");
    }

    /// The instruction: it reads the entry, then sets the bit. No interrupt comes in between.
    void send() {
        if (entry.load_relaxed() == 1)
            pending.fetch_or(1);
    }
    /// Between two instructions: the kernel of this hart does what it is asked.
    void between_instructions() {
        if (work.load_acquire() == 0)
            return;
        rt::fence_full();
        work.store_release(0);
    }
    void send_often() {
        for (unsigned i = 0; i < 2; i++) {
            send();
            between_instructions();
        }
        while (ended.load_acquire() == 0) {
            between_instructions();
            explore::pause();
        }
    }

    struct Kernel {
        bool asks = true;
        bool throws_away = true;
    };
    /// Afterwards the receiver is another thread's: no bit is pending, and none comes.
    void revoke(const Kernel& kernel) {
        entry.store_relaxed(0);
        rt::fence_full();
        if (kernel.asks) {
            work.store_release(1);
            while (work.load_acquire() != 0)
                explore::pause();
        }
        if (kernel.throws_away)
            static_cast<void>(pending.exchange(0));
        ended.store_release(1);
    }
};

explore::Outcome try_all(const Machine::Kernel& kernel) {
    return explore::all("revocation", [&] {
        Machine machine;
        explore::threads({{"sender", [&] { machine.send_often(); }},
                          {"kernel", [&] { machine.revoke(kernel); }}});
        explore::check(machine.pending.load_relaxed() == 0, "nothing arrives at the new owner");
    });
}

} // namespace

TEST_CASE("model: a sender that was revoked reaches nobody") {
    const auto outcome = try_all({});
    CHECK_MESSAGE(outcome.passed(), outcome.report());
}

TEST_CASE("model: it would if its hart were not asked, or the receiver not emptied") {
    CHECK(try_all({.asks = false}).verdict == explore::Verdict::check_failed);
    CHECK(try_all({.throws_away = false}).verdict == explore::Verdict::check_failed);
}
