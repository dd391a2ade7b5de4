// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for kernel/riscv/uintc.hpp on the host, by the order of include folders: receivers
/// whose registers tests can read and write. A test can look on: at every change that hardware
/// would act on at once, be it here or of the hart's registers (user_interrupt.hpp).
/// Read next: kernel/tests/host/machine.hpp.
/// @stage{3}
#pragma once

#include "kernel/lib/types.hpp"

namespace uintc {

inline void (*observer)() = nullptr;

inline void changed() {
    if (observer != nullptr)
        observer();
}

} // namespace uintc

class UintcReceiver {
public:
    enum Mode : Word { off = 2, active = 3, wake = 6 };

    void set(Mode wanted, Word hart = 0) {
        mode = wanted;
        hart_id = hart;
        uintc::changed();
    }
    void send(Word vector) { put(Word{1} << vector); }
    [[nodiscard]] Word take() {
        const Word taken = pending;
        pending = 0;
        uintc::changed();
        return taken;
    }
    void put(Word bits) {
        pending |= bits;
        uintc::changed();
    }

    Mode mode = off;
    Word hart_id = 0;
    Word pending = 0;
};

namespace uintc {

constexpr Word most = 8;
inline UintcReceiver all[most] = {};

[[nodiscard]] inline Word receivers() { return most; }
[[nodiscard]] inline Word wake_irq() { return 95; }
inline bool checked = true;
[[nodiscard]] inline bool checks_senders() { return checked; }
[[nodiscard]] inline UintcReceiver& receiver(Word index) { return all[index]; }
[[nodiscard]] inline Word asking(Word word) {
    Word asking = 0;
    for (Word index = 0; word == 0 && index < most; index++) {
        if (all[index].pending != 0 && all[index].mode == UintcReceiver::wake)
            asking |= Word{1} << index;
    }
    return asking;
}

} // namespace uintc
