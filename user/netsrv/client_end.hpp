// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client of the net server: its ring, and its handles. A request is answered at once, or kept as
/// one word in its socket until there is an answer; so requests need no coroutine, and a client
/// that asks for much takes nothing that others need but its share of the sockets.
/// Data is read and written where it lies in the ring. The client may change it meanwhile: then it
/// sends something else, to its own connection.
/// Read next: client_end.cpp, runtime/server.hpp.
/// @stage{7}
#pragma once

#include "runtime/notified.hpp"
#include "runtime/server.hpp"
#include "user/lib/peers.hpp"
#include "user/netsrv/interface.hpp"
#include "user/netsrv/sockets.hpp"

namespace netsrv {

/// What all clients share.
struct Shared {
    SocketPool& sockets;
    Interface& interface;
    const rt::Notified& self;
    unsigned clients = 0;
    Word requests = 0;
};

class ClientEnd : public ipc::ServerEnd {
public:
    static constexpr rt::Priority priority = 2;
    /// Handles of one client.
    static constexpr unsigned most_handles = 320;

    ClientEnd(rt::Executor& executor, rt::Ends ends, rt::Callback notify, Shared* shared,
              const user::broker::Peer& client);
    ~ClientEnd();

    /// A new socket of this client, with a handle. Null if there is none for it.
    Socket* open_socket();
    void release(Socket& socket);

    /// Answers a request. False if there is no room: then the socket is asked for progress as soon
    /// as there is.
    bool answer(Word header, Error error, std::span<const Word> words = {});
    /// The same with so many bytes of data, from the beginning of `data`, and where it is from.
    bool answer_data(Word header, const pbuf* data, unsigned bytes, Word from = 0);
    /// Bytes of data for which there is room, at most net::most_data; 0: try again.
    [[nodiscard]] unsigned room_for_data(unsigned wanted);

private:
    using Words = std::span<const Word>;
    struct Data {
        std::span<const std::byte> first;
        std::span<const std::byte> second;
    };

    void take_requests();
    void resume();
    bool take();
    void serve(Word header, Words words, const Data& data);
    Error begin(Word header, net::Request request, Words words, const Data& data);
    Error begin(Word header, net::Request request, Socket& socket, Words words, const Data& data);
    Error open_new(Word header, net::Request request, Words words);
    [[nodiscard]] Data data_of(unsigned length, Word bytes);
    [[nodiscard]] Socket* socket(Word handle);
    void answer_addresses(Word header);
    void answer_counters(Word header);

    Shared& shared_;
    Socket* sockets_[most_handles] = {};
    unsigned handles_ = 0;
    unsigned next_handle_ = 0;
    bool starved_ = false; ///< some socket has an answer for which there was no room
};

} // namespace netsrv
