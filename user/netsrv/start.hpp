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

/// The one that there is. @pre start_interface() was called
Interface& interface();

/// Starts the card; its interrupts signal a notification from now on. Answers their handler; 0 if
/// there is no card, or something cannot be had: then it has said so.
abi::CPtr start_interface(abi::CPtr notification);

/// Asks for an address, and says which it is.
void ask_for_address();

} // namespace netsrv
