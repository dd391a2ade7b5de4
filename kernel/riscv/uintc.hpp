// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The user-interrupt controller: bits that a sender sets and a receiver takes.
///
///     SEND ──> pending, 64 bits ──┬─ Active ──────────────> user interrupt of the hart in LOW
///              of a receiver      └─ not Active, Wake ────> PLIC: the thread sleeps in the kernel
///
/// Both are levels: they last until pending is taken.
/// Guard: the kernel lock for LOW; pending bits are set by anyone at any time.
/// Reference: U-interrupt/uintr, specification; Wake is an extension of this machine.
/// Read next: user_interrupt.hpp, kernel/object/receiver.hpp.
/// @stage{3}
#pragma once

#include "kernel/lib/types.hpp"
#include "kernel/riscv/fence.hpp"

/// The registers of one receiver.
class UintcReceiver {
public:
    /// Register LOW: 64 vectors, always; and what becomes of what is pending.
    enum Mode : Word { off = 2, active = 3, wake = 6 };

    /// Sets the mode, and the hart that is interrupted while it is active.
    void set(Mode mode, Word hart = 0) { low_ = hart << 16 | mode; }
    /// Sets a pending bit, as a sender does: what was stored before is seen by who takes it.
    void send(Word vector) {
        fence::devices();
        send_ = vector;
    }
    /// Takes all pending bits.
    [[nodiscard]] Word take() {
        const Word taken = pending_;
        fence::devices();
        return taken;
    }
    /// Sets pending bits, as if they had just come.
    void put(Word bits) { pending_ = bits; }

private:
    volatile Word send_;
    volatile Word low_;
    volatile Word pending_; ///< reading clears it, writing sets bits
    [[maybe_unused]] volatile Word activity_;
};
static_assert(sizeof(UintcReceiver) == 0x20);

namespace uintc {

/// What the device tree says.
struct Wiring {
    PAddr base;
    Word receivers;
    Word wake_irq; ///< of the PLIC; 0: there is no Wake
};

/// Every receiver is off. Finds out what senders can do. @pre this hart has the registers of
/// senders
void init(const Wiring& wiring);

/// 0: the machine has no controller.
[[nodiscard]] Word receivers();
[[nodiscard]] Word wake_irq();
/// Do harts look at the size of a table of senders, and at what is valid in it?
[[nodiscard]] bool checks_senders();

[[nodiscard]] UintcReceiver& receiver(Word index);

/// Those of receivers 64 * word to 64 * word + 63 that ask to be woken.
[[nodiscard]] Word asking(Word word);

} // namespace uintc
