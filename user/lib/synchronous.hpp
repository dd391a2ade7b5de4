// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls of synchronous IPC beyond call, send and receive (PROFILE=sel4): the server's.
/// Read next: syscall.hpp.
/// @stage{none}
#pragma once

#include "user/lib/syscall.hpp"

namespace sel4 {

/// Answers the thread whose call was received last.
inline void reply(const Message& message) { trap(abi::Syscall::reply, 0, message); }

/// Answers the last call and waits for the next message, in one step.
inline Message reply_receive(CPtr endpoint, const Message& message) {
    return trap(abi::Syscall::reply_receive, endpoint, message);
}

} // namespace sel4
