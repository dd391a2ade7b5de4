// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A hart that a test plays, for runtime/notified.cpp on this machine. Each instruction that has to
/// do with interrupts is a step, and before one of them, which the test chooses, an interrupt
/// comes.
///
///     step      0 forbid   1 park   2 allow ...         comes before step 1: it is pending
///
/// Always holds: an interrupt that comes while they are let in is noted at once; else it stays
/// pending, and wakes whoever parks.
/// Read next: labs/5-runtime/tests/host/park.cpp.
#pragma once

#include "kernel/abi/user_interrupt.hpp"
#include "runtime/interrupted.hpp"

#include <vector>

namespace rt {

using abi::Word;

struct PlayedHart {
    static constexpr Word vector = 1 << 4;

    unsigned comes_before = ~0U; ///< the step before which the interrupt comes
    unsigned step = 0;
    bool allowed = true;
    Word pending = 0;
    Interrupted* interrupted = nullptr;
    std::vector<Word> sent; ///< indices, by instructions and when it parked
    unsigned parked = 0;
    Word deadline = 0;            ///< until which it parked
    bool sleeps_for_ever = false; ///< it parked when what it waits for had come
    Word hint_when_parked = 0;
    const SharedWord<Word>* hint = nullptr;

    void take_step() {
        if (step++ == comes_before)
            pending |= vector;
        deliver();
    }
    void deliver() {
        if (allowed && pending != 0)
            interrupted->note(std::exchange(pending, 0));
    }
    /// Answers the vectors that wake it.
    Word park(Word due, Word until) {
        take_step();
        parked++;
        deadline = until;
        if (hint != nullptr)
            hint_when_parked = hint->load_relaxed();
        if (due != abi::no_sender)
            sent.push_back(due);
        sleeps_for_ever = pending == 0 && step > comes_before && until == 0;
        if (step <= comes_before && comes_before != ~0U) { // it comes while the thread sleeps
            pending |= vector;
            comes_before = 0;
        }
        return std::exchange(pending, 0);
    }
};
inline PlayedHart hart;

inline void rt_entry_that_notes() {}

inline void send(Word index) {
    hart.take_step();
    hart.sent.push_back(index);
}
[[nodiscard]] inline Word take_pending() { return std::exchange(hart.pending, 0); }
inline void allow_interrupts() {
    hart.take_step();
    hart.allowed = true;
    hart.deliver();
}
inline bool forbid_interrupts() {
    hart.take_step();
    return std::exchange(hart.allowed, false);
}
inline void enable_interrupts(void (* /*entry*/)(), Interrupted& state) {
    hart.interrupted = &state;
}

} // namespace rt
