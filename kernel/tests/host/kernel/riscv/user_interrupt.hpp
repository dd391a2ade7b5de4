// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for kernel/riscv/user_interrupt.hpp on the host, by the order of include folders: the
/// registers of one hart, as words.
/// Read next: kernel/tests/host/machine.hpp.
/// @stage{3}
#pragma once

#include "kernel/object/context.hpp"

namespace user_interrupt {

constexpr bool exist = true;

inline UserInterruptContext registers = {};
inline Word receives = 0; ///< receiver named by suirs
inline PAddr senders;     ///< table named by suist

inline void clear() { registers = {}; }
inline void save(UserInterruptContext& context) { context = registers; }
inline void load(const UserInterruptContext& context) { registers = context; }
inline void receive(Word index) { receives = index; }
inline void receive_instead(Word index) { receives = index; }
inline void receive_none() { receives = 0; }
inline void use_senders(PAddr table) { senders = table; }
inline void publish_senders() {}

} // namespace user_interrupt
