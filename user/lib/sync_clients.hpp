// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a server behind an endpoint knows of its clients (PROFILE=sel4). Who starts the programs
/// gives each client a capability to the endpoint with a badge of its own, and signals the server's
/// notification for this when one of them is gone, with its threads and all its capabilities.
///
///     endpoint       badge   1 << 32 | index      a call of this client
///     notification   badge   1 << 60 | 1 << index   it is gone; or-ed for several
///
/// A server binds the notification to its thread. Then it is told before it receives any call of a
/// program that is given the same index: a signal that is there is received before a call.
/// Reference: seL4 manual 5.2 (bound notifications). Read next: user/root/sync_main.cpp.
/// @stage{none}
#pragma once

#include "kernel/abi/types.hpp"

#include <string_view>

namespace user {

/// By which a server is granted the notification.
constexpr std::string_view gone_clients = "gone-clients";

/// Programs with a greater index are given no endpoints.
constexpr unsigned most_sync_clients = 32;

constexpr abi::Word badge_of_client(unsigned index) { return abi::Word{1} << 32 | index; }

constexpr abi::Word badge_of_gone = abi::Word{1} << 60;
constexpr abi::Word badge_of_gone_client(unsigned index) {
    return badge_of_gone | abi::Word{1} << index;
}

} // namespace user
