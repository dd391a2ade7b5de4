// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The broker's end of a program's ring. Unlike ipc::Server it needs no coroutine for a request
/// that waits: its header is all that is kept, and the answer can be put in at any time. Read next:
/// runtime/server.hpp, broker.hpp.
/// @stage{5}
#pragma once

#include "runtime/server.hpp"

namespace root {

using abi::Word;

class Broker;

class BrokerEnd : public ipc::ServerEnd {
public:
    BrokerEnd(rt::Executor& executor, rt::Ends ends, rt::Callback notify, Broker& broker,
              unsigned index)
        : ServerEnd(executor, ends, notify, priority,
                    [](Connection& self) { static_cast<BrokerEnd&>(self).take_requests(); }),
          broker_(broker), index_(index) {}

    /// Answers a request that was taken. A program that leaves no room for answers gets none any
    /// more: calls keep within the ring of replies.
    void answer(Word header, Word label, std::span<const Word> words);

private:
    static constexpr rt::Priority priority = 1;

    void take_requests();

    Broker& broker_;
    unsigned index_; ///< of the program
};

} // namespace root
