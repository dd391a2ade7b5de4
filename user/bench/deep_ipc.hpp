// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The longest messages that the kernel can be made to pass: two threads call and a third one
/// answers and receives, with all words and capabilities that a message has, through CSpaces in
/// which every lookup goes through 64 CNodes, or rather 64 times through one with two slots:
///
///     cnode   | slot 0: the cnode itself | slot 1: an endpoint |     cptr 0...01: the endpoint
///
/// Read next: sync_interrupt.cpp.
/// @stage{none}
#pragma once

#include "user/lib/thread.hpp"

namespace bench {

class DeepIpc {
public:
    /// Makes the CSpace. False if memory or slots are used up.
    bool create();
    /// The threads begin, of this priority.
    void start(abi::Word priority);
    void stop();

private:
    bool make_thread(user::Thread& thread, abi::Word priority, user::Thread::Function function);

    user::Thread clients_[2];
    user::Thread server_;
    abi::CPtr cnode_ = 0;
};

} // namespace bench
