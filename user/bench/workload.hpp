// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The work of the IPC benchmark, written once for asynchronous and synchronous messages: a request
/// of two words is answered with their sum, and each answer is the next request, so that every one
/// of them counts. `load` makes the server work longer: steps of six instructions.
/// Read next: async_ipc.cpp.
/// @stage{none}
#pragma once

#include "user/bench/async_thread.hpp"
#include "user/lib/synchronous.hpp"

namespace bench {

using abi::CPtr;
using abi::Word;

constexpr Word request_label = 1;

/// What takes a server's time. Never 0.
template <unsigned load>
[[gnu::always_inline]] inline Word busy(Word value) {
    for (unsigned i = 0; i < load; i++) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
    }
    return value;
}

/// The sum, after the work.
template <unsigned load>
[[gnu::always_inline]] inline Word add(Word left, Word right) {
    return left + right + (busy<load>(left | 1) == 0);
}

/// The server's handler of asynchronous messages.
template <unsigned load>
struct Adder {
    ipc::Message<1> operator()(const ipc::Request<2>& request) const {
        return ipc::Message{0, add<load>(request.words[0], request.words[1])};
    }
};

/// The life of a server of synchronous messages.
template <unsigned load>
[[noreturn]] void serve_synchronously(CPtr endpoint) {
    sel4::Message message = sel4::receive(endpoint);
    for (;;) {
        const Word sum = add<load>(message.words[0], message.words[1]);
        message =
            sel4::reply_receive(endpoint, {.info = abi::MessageInfo::make(0, 1), .words = {sum}});
    }
}

/// A client that counts from `first` to `last`, and then `running` down; `client` runs it.
inline rt::Task<> count_asynchronously(rt::Frames, ipc::Client* server, Word first, Word last,
                                       unsigned* running, AsyncThread* client) {
    for (Word value = first;;) {
        const auto reply =
            co_await ipc::call<1>(*server, ipc::Message{request_label, value, Word{1}});
        if (!reply)
            co_return;
        value = reply.words[0];
        if (value == last)
            break;
    }
    if (--*running == 0)
        client->stop_looking();
}

/// The same with synchronous messages.
inline void count_synchronously(CPtr endpoint, Word first, Word last) {
    for (Word value = first; value != last;) {
        const sel4::Message request{.info = abi::MessageInfo::make(request_label, 2),
                                    .words = {value, 1}};
        value = sel4::call(endpoint, request).words[0];
    }
}

} // namespace bench
