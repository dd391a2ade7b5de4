// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A program whose coroutines call one server, in the way of its profile. The coroutines are the
/// same for all.
///
///     user::Caller caller(memory, "memory");            // connects, or is not connected()
///     caller.spawn(work(caller.pool(), caller.link(), &left));
///     caller.run([&] { return left == 0; });
///
///     const auto reply = co_await link->call(ipc::Message(label, 1, 2));        // in work()
///
/// Read next: async_caller.hpp.
/// @stage{5}
#pragma once

/// @cond NONE
#include "kernel/config.hpp"
#if REL4_SYNCHRONOUS_IPC
#include "user/lib/sync_caller.hpp"
#else
/// @endcond
#include "user/lib/async_caller.hpp"
/// @cond NONE
#endif
/// @endcond
