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

namespace user {

inline rt::Task<> ask(rt::Frames /*frames*/, Link* link, ipc::Message<2> question,
                      ipc::Reply<1>* reply, bool* answered) {
    const auto answer = co_await link->call(question);
    *reply = answer;
    *answered = true;
}

/// Asks, and waits for the answer.
inline ipc::Reply<1> ask(Caller& caller, const ipc::Message<2>& question) {
    ipc::Reply<1> reply;
    bool answered = false;
    caller.spawn(ask(caller.pool(), caller.link(), question, &reply, &answered));
    caller.run([&] { return answered; });
    return reply;
}

} // namespace user
