// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The controller's registers: receivers at base + 0x20 * index, the map of those that ask behind
/// the last one.
/// @stage{3}
#include "kernel/riscv/uintc.hpp"

#include "kernel/lib/window.hpp"
#include "kernel/riscv/user_interrupt.hpp"

namespace uintc {

namespace {

constinit Wiring known = {}; // immutable after boot
constinit bool checked = false;

/// Sends by an entry of a table that has so many pages. True if it arrives.
bool arrives(Word valid, Word pages) {
    static constinit volatile Word entry = 0;
    constexpr Word target = 1;
    constexpr Word page = 4096;
    entry = target << 48 | valid;
    user_interrupt::publish_senders();
    const PAddr place = physical(const_cast<const Word*>(&entry));
    user_interrupt::use_senders(PAddr(place.value / page * page), pages);
    user_interrupt::send(place.value % page / sizeof entry);
    user_interrupt::use_senders(PAddr(0));
    fence::devices();
    return receiver(target).take() != 0;
}

} // namespace

void init(const Wiring& wiring) {
    known = wiring;
    for (Word index = 0; index < known.receivers; index++) {
        receiver(index).set(UintcReceiver::off);
        static_cast<void>(receiver(index).take());
    }
    checked = !arrives(0, 1) && !arrives(1, 0);
}

Word receivers() { return known.receivers; }

Word wake_irq() { return known.wake_irq; }

bool checks_senders() { return checked; }

UintcReceiver& receiver(Word index) { return window<UintcReceiver>(known.base)[index]; }

Word asking(Word word) {
    return reinterpret_cast<const volatile Word*>(&receiver(known.receivers))[word];
}

} // namespace uintc
