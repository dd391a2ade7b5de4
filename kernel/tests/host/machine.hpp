// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The machine that the kernel's parts find on the host: memory behind the window, a log of what
/// was asked of hardware, and a script that says when an interrupt is pending.
///
///     window_base ──> | page 0 | given out | poisoned | given out | poisoned ...     |
///
/// Always holds: memory that was not given out is poisoned, so that AddressSanitizer reports
/// whoever touches it. Physical addresses are offsets into the arena; 0 is never given out.
/// Read next: world.hpp.
/// @stage{1}
#pragma once

#include "kernel/vm/asid.hpp"

#include <vector>

namespace host {

/// A request to forget translations.
struct Flush {
    Asid asid;
    VAddr address;
    bool whole_space;
    bool operator==(const Flush&) const = default;
};

/// What the kernel asked of hardware, in order.
struct Hardware {
    std::vector<Flush> flushes;
    unsigned full_flushes = 0;
    const Word* watched = nullptr; ///< a word of memory, if a test wants to know
    Word at_flush = 0;             ///< what it was when translations were last forgotten
    std::vector<vm::Space> spaces; ///< written to satp
    /// @cond LAB2
    std::vector<Word> masked; ///< interrupts
    std::vector<Word> unmasked;
    /// @endcond
    /// @cond LAB3
    Word alarm = ~Word{0}; ///< when the timer is to go off
    /// @endcond
};
extern Hardware hardware;

/// When an interrupt is pending, as preempt::pending() tells it.
struct Interrupts {
    static constexpr Word never = ~Word{0};
    Word asked = 0;      ///< how often the kernel asked
    Word at = never;     ///< yes to this question only,
    bool always = false; ///< or to every one
    [[nodiscard]] bool pending() { return asked++ == at || always; }
};
extern Interrupts interrupts;

/// Translations are forgotten now.
inline void note_flush() {
    if (hardware.watched != nullptr)
        hardware.at_flush = *hardware.watched;
}

/// Before each test: all memory is free, no question was asked.
void reset();

/// Zeroed memory at a multiple of 2^bits, 2^bits bytes long. Next to it lies a gap.
[[nodiscard]] PAddr memory(unsigned bits);

/// What copy_kernel_map writes into the upper half of a root table.
constexpr Word kernel_entry = 0x2f;

} // namespace host
