// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How the net server begins: with the card that it was given, and an address.
/// Read next: main.cpp.
/// @stage{7}
#pragma once

#include "kernel/abi/types.hpp"
#include "user/netsrv/interface.hpp"

namespace netsrv {

/// With which the card's interrupt signals.
constexpr abi::Word badge_of_card = abi::Word{1} << 62;

/// Bytes that the card uses, with lwIP's heap in them: physical addresses in a row.
constexpr abi::Word card_memory = abi::Word{14} * 1024 * 1024;

/// The one that there is. @pre start_interface() was called
Interface& interface();

/// The card's interrupt.
struct CardInterrupt {
    abi::CPtr handler = 0;
    abi::CPtr signal = 0; ///< the notification that it signals, with its badge
};

/// Starts the card; its interrupts signal a notification from now on. No handler: there is no card,
/// or something cannot be had, and it has said so.
CardInterrupt start_interface(abi::CPtr notification);

/// Lets a device's interrupt signal a notification, with a badge. The capability with which it
/// does; 0 if that cannot be.
abi::CPtr attach_interrupt(abi::CPtr handler, abi::CPtr notification, abi::Word badge);

/// Takes the address that the machine's command line has (address.hpp), else asks for one; says
/// which it is.
void ask_for_address();

/// Does what the stack has to do by now, and sends it. Milliseconds until it is to be called again.
abi::Word look_after_timers();

} // namespace netsrv
