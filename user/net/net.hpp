// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The net server as coroutines see it.
///
///     net::Net net(*connected.client);
///     const auto listener = co_await net.listen(7, 64);
///     const auto made = co_await net.accept(listener.handle);
///     auto got = co_await net.receive(made.handle, packet);          packet.data(), got.bytes
///     while (got && got.bytes != 0)
///         got = co_await net.exchange(made.handle, packet, got.bytes);   sends it, and receives
///     co_await net.close(made.handle);
///
/// A Packet is what a message with data is built in, sent from and received into, in place.
/// Read next: async_net.hpp, protocol.hpp, user/tcpsrv/conversations.hpp.
/// @stage{7}
#pragma once

/// @cond NONE
#include "kernel/config.hpp"
#if REL4_SYNCHRONOUS_IPC
#include "user/net/sync_net.hpp"
#else
/// @endcond
#include "user/net/async_net.hpp"
/// @cond NONE
#endif
/// @endcond

#include <type_traits>

namespace net {

static_assert(std::is_trivially_copyable_v<Net>, "it is a name of the way to the server");

} // namespace net
