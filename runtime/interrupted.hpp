// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What user interrupts leave for the thread that they interrupt.
/// Read next: runtime/riscv/user_interrupt.hpp, runtime/riscv/interrupt_entry.S.
/// @stage{3}
#pragma once

#include "runtime/shared_word.hpp"

#include <stddef.h>

namespace rt {

/// Register uscratch points to it. interrupt_entry.S knows the layout.
struct Interrupted {
    volatile uint64_t vectors = 0; ///< that came and were not taken yet, as bits
    uint64_t saved[2] = {};        ///< registers, while vectors are noted
    /// For rt_entry_that_calls: is called with the vectors, in the midst of whatever the thread
    /// does, on its stack. Interrupts are off until it returns.
    void (*handler)(uint64_t vectors) = nullptr;

    /// Adds vectors, as rt_entry_that_notes does.
    void note(uint64_t bits) { word().fetch_or(bits); }
    /// Takes them all; an interrupt may come at any time.
    [[nodiscard]] uint64_t take() { return word().exchange(0); }

private:
    [[nodiscard]] SharedWord<uint64_t>& word() {
        return reinterpret_cast<SharedWord<uint64_t>&>(const_cast<uint64_t&>(vectors));
    }
};
static_assert(sizeof(Interrupted) == 32, "members are at 0, 8 and 24");

} // namespace rt
