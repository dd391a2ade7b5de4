// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The network card, which the root task gives to the net server: its registers and its interrupt.
/// The driver is a program like others, but it is trusted: what it tells the card to write to is
/// any memory at all, since this machine has nothing between devices and memory.
/// @stage{7}
#pragma once

#include "user/lib/process.hpp"

#include <string_view>

namespace root {

/// The program that gets it.
constexpr std::string_view net_server = "netsrv";

/// Gives it, or nothing if the machine has none. False if it cannot be given.
bool give_card(user::Process& process);
/// @cond NONE

/// PROFILE=sel4: likewise the real-time clock, for its alarm.
bool give_clock(user::Process& process);
/// @endcond

} // namespace root
