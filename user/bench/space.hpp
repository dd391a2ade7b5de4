// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A second address space that shows the same program: code and global variables lie at the same
/// addresses, so that a server there is a function here, and what it notes can be read here.
/// Stacks and message buffers are each space's own.
/// Read next: sync_call.cpp.
/// @stage{none}
#pragma once

#include "user/lib/thread.hpp"

namespace bench {

/// The other address space. Made at the first call; null if that failed.
user::VSpace* other_space();

/// A thread that runs serve(), at this priority, in this space. False if it cannot be made.
class Server {
public:
    /// @pre the caller is less important: the server runs and waits before this returns.
    bool start(user::VSpace& space, abi::CPtr object, abi::Word priority, abi::MessageInfo answer,
               abi::Syscall number);
    void stop() { thread_.destroy(); }
    /// `cycle` at the last arrival.
    [[nodiscard]] abi::Word arrival() const { return arrival_; }

private:
    static void run(abi::Word self);

    user::Thread thread_;
    abi::CPtr object_ = 0;
    abi::MessageInfo answer_ = {};
    abi::Syscall number_ = abi::Syscall::receive;
    volatile abi::Word arrival_ = 0;
};

} // namespace bench
