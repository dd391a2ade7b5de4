// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A server that nobody comes to.
#pragma once

#include "user/lib/async_process.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/peers.hpp"

namespace user {

template <class Handler, class Context>
class AsyncServer {
public:
    AsyncServer(AsyncProcess&, Context*) {}
    static rt::Task<> run(rt::Frames, std::string_view) { return {}; }
    [[nodiscard]] static broker::Error error() { return broker::Error::gone; }
};

} // namespace user
