// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Common settings of user interrupts, so that a case states only what it is about. S-mode.
#pragma once

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/hart.hpp"
#include "platform/tests/lib/uintc.hpp"
#include "platform/tests/lib/user.hpp"

/// The user-interrupt registers of this hart as at reset, nothing enabled, no trap recorded.
void reset_own_registers();

/// The same, every receiver as at reset, and both tables empty. Nothing on a machine without a
/// UINTC.
void reset_user_interrupts();

/// Delegates these interrupts (usi, uti, uei) to U-mode and enables them in uie.
void delegate(uint64_t irqs);

/// The same, and sets ustatus.UIE: U-mode takes them from now on.
void let_user_take(uint64_t irqs);

/// suirs names receiver `index`, which becomes active on this hart, with nothing pending.
Receiver own_receiver(uint64_t index);

/// suist names this table.
void use_table(const SenderTable& table, uint64_t pages = 1);

/// Two tables for every test program.
extern SenderTable table;
extern SenderTable other_table;

/// Makes a software user interrupt pending without the UINTC.
inline void raise_software_bit() { csr::set<csr::sip>(usi); }

/// Whether the hart sees a software user interrupt, from either source.
inline bool usip() { return (csr::read<csr::sip>() & usi) != 0; }
