// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for kernel/riscv/user_interrupt.hpp on the host, by the order of include folders: the
/// registers of one hart, as words. uintc::observer sees them change.
/// Read next: uintc.hpp.
/// @stage{3}
#pragma once

#include "kernel/object/context.hpp"
#include "kernel/riscv/uintc.hpp"

namespace user_interrupt {

constexpr bool exist = true;

inline UserInterruptContext registers = {};
inline Word receives = 0; ///< receiver named by suirs
inline PAddr senders;     ///< table named by suist

inline void clear() {
    registers = {};
    uintc::changed();
}
inline void save(UserInterruptContext& context) { context = registers; }
inline void load(const UserInterruptContext& context) {
    registers = context;
    uintc::changed();
}
inline void receive(Word index) {
    receives = index;
    uintc::changed();
}
inline void receive_instead(Word index) { receive(index); }
inline void receive_none() { receive(0); }
inline void use_senders(PAddr table) {
    senders = table;
    uintc::changed();
}
inline void publish_senders() { uintc::changed(); }

} // namespace user_interrupt
