// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The controller's registers: receivers at base + 0x20 * index, the map of those that ask behind
/// the last one.
/// @stage{3}
#include "kernel/riscv/uintc.hpp"

#include "kernel/lib/window.hpp"

namespace uintc {

namespace {
constinit Wiring known = {}; // immutable after boot
}

void init(const Wiring& wiring) {
    known = wiring;
    for (Word index = 0; index < known.receivers; index++) {
        receiver(index).set(UintcReceiver::off);
        static_cast<void>(receiver(index).take());
    }
}

Word receivers() { return known.receivers; }

Word wake_irq() { return known.wake_irq; }

UintcReceiver& receiver(Word index) { return window<UintcReceiver>(known.base)[index]; }

Word asking(Word word) {
    return reinterpret_cast<const volatile Word*>(&receiver(known.receivers))[word];
}

} // namespace uintc
