// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Requests to the net server over a ring: each is on its way while its coroutine waits.
/// Read next: runtime/ipc.hpp.
/// @stage{7}
#pragma once

#include "runtime/ipc.hpp"
#include "user/net/answer.hpp"

namespace net {

/// @param words of the reply: as many as it says
inline Answer answer_of(const ipc::Reply<>& reply, const Word* words) {
    if (!reply)
        return {};
    const auto word = [&](unsigned i) { return i < reply.length() ? words[i] : 0; };
    return {static_cast<Error>(reply.label()), word(0), word(1), Endpoint::of(word(2))};
}

/// A request that is to be awaited.
template <unsigned count>
struct Asking {
    ipc::Client& client;
    ipc::Message<count> message;

    struct Awaiter {
        const rt::ReplyAwaiter<>* reply;

        static bool await_ready() noexcept { return false; }
        static void await_suspend(std::coroutine_handle<>) noexcept {}
        [[nodiscard]] Answer await_resume() const { return answer_of(*reply, reply->words); }
    };

    Awaiter start(rt::PromiseBase& promise) const {
        client.submit(promise, message);
        return {&promise.reply};
    }
};

/// The same with a packet, for what is sent or for what is received.
struct AskingWithData {
    ipc::LongCall call;

    struct Awaiter : ipc::LongReply {
        const Word* words; ///< of the reply

        [[nodiscard]] Answer await_resume() const { return answer_of(settle(*promise), words); }
    };

    Awaiter start(rt::PromiseBase& promise) const {
        return {call.start(promise), call.message.reply_space.data()};
    }
};

class Net {
public:
    explicit Net(ipc::Client& client) : client_(&client) {}

    /// Connections of which nothing is heard for `patience` seconds time out; 0: they do not.
    [[nodiscard]] auto listen(uint16_t port, Word backlog, Word patience = 0) const {
        return ask(Request::listen, Word{port}, backlog, patience);
    }
    [[nodiscard]] auto accept(Word handle) const { return ask(Request::accept, handle); }
    [[nodiscard]] auto connect(Endpoint to) const {
        return ask(Request::connect, to.word(), Word{0});
    }
    [[nodiscard]] auto finish(Word handle) const { return ask(Request::finish, handle); }
    [[nodiscard]] auto close(Word handle) const { return ask(Request::close, handle); }
    /// The answer's `bytes` is the port.
    [[nodiscard]] auto open_udp(uint16_t port) const {
        return ask(Request::open_udp, Word{port}, Word{0});
    }

    /// Receives into the packet. No byte: the other end sends no more.
    [[nodiscard]] AskingWithData receive(Word handle, Packet& packet) const {
        return with_data(Request::receive, handle, packet, 0);
    }
    /// Sends the first bytes of the packet.
    [[nodiscard]] AskingWithData send(Word handle, Packet& packet, Word bytes) const {
        return with_data(Request::send, handle, packet, bytes);
    }
    /// Sends, and then receives into the same packet.
    [[nodiscard]] AskingWithData exchange(Word handle, Packet& packet, Word bytes) const {
        return with_data(Request::exchange, handle, packet, bytes);
    }
    [[nodiscard]] AskingWithData send_to(Word handle, Endpoint to, Packet& packet,
                                         Word bytes) const {
        return with_data(Request::send_to, handle, packet, bytes, to.word());
    }
    [[nodiscard]] AskingWithData receive_from(Word handle, Packet& packet) const {
        return with_data(Request::receive_from, handle, packet, 0);
    }

    /// Fills the addresses in.
    [[nodiscard]] AskingWithData look(Addresses& addresses) const {
        return {ipc::call(
            *client_, ipc::LongMessage(static_cast<Word>(Request::look), {}, addresses.words()))};
    }
    /// Fills the counters in.
    [[nodiscard]] AskingWithData count(Counters& counters) const {
        return {ipc::call(
            *client_, ipc::LongMessage(static_cast<Word>(Request::count), {}, counters.words()))};
    }

    /// Requests that are on their way.
    [[nodiscard]] Word in_flight() const { return client_->owed() / abi::line_bytes; }

private:
    template <class... Words>
    [[nodiscard]] Asking<sizeof...(Words)> ask(Request request, Words... words) const {
        return {*client_, ipc::Message(static_cast<Word>(request), words...)};
    }
    [[nodiscard]] AskingWithData with_data(Request request, Word handle, Packet& packet, Word bytes,
                                           Word other = 0) const {
        packet.words[0] = handle;
        packet.words[1] = bytes;
        packet.words[2] = other;
        const std::span<const Word> message(packet.words, words_with(bytes));
        return {ipc::call(*client_,
                          ipc::LongMessage(static_cast<Word>(request), message, packet.words))};
    }

    ipc::Client* client_;
};

} // namespace net
