// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Faults as messages: the handler receives one as if the thread had called it, and its reply says
/// what becomes of the thread.
/// Profile sel4 only. Reference: seL4 manual, chapter 6. Read next: fault_sel4.cpp.
/// @stage{none}
#pragma once

#include "kernel/object/tcb.hpp"

namespace fault_message {

/// `receiver` gets the fault of `sender` as a message.
void write(const Tcb& sender, Tcb& receiver);

/// Takes over what the handler's reply says about the registers of `tcb`. Does it go on?
[[nodiscard]] bool reply(Tcb& tcb, const Tcb& handler);

} // namespace fault_message
