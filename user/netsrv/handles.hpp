// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a client has open: small numbers for its sockets. Here its requests become calls of
/// sockets, however they came.
/// Always holds: a socket's handle is the client's own; those of others cannot be named.
/// Read next: handles.cpp, sockets.hpp, client_end.hpp.
/// @stage{7}
#pragma once

#include "user/netsrv/interface.hpp"
#include "user/netsrv/sockets.hpp"

namespace netsrv {

/// What all clients share.
struct Shared {
    SocketPool& sockets;
    Interface& interface;
    /// How often the server has trapped and notified so far.
    struct Work {
        Word traps;
        Word notifications;
    };
    Work (*work)();
    unsigned clients = 0;
    unsigned promised = 0; ///< sockets, to clients that have fewer than are theirs for sure
    Word requests = 0;
    Word bursts = 0; ///< requests that were taken together count once
};

class Handles {
public:
    /// Handles of one client: so many are its own for sure, and
    static constexpr unsigned sure = 4;
    /// so many it can have, as long as others find as many.
    static constexpr unsigned most = net::most_handles;
    /// So many of these are kept for connections that come: others give way to them.
    static constexpr unsigned spare = net::spare_handles;
    /// So many connections may say nothing yet.
    static constexpr unsigned silent = spare / 2;

    /// A new socket of this client, with a handle. Null if there is none for it.
    Socket* open_socket();
    void release(Socket& socket);
    /// A connection has come. If there is little room for the next ones, another one gives way.
    void keep_room();

    Handles(const Handles&) = delete;
    Handles& operator=(const Handles&) = delete;

protected:
    explicit Handles(Shared& shared) : shared_(shared) {
        shared_.clients++;
        shared_.promised += sure;
    }

    using Words = std::span<const Word>;
    /// Where the data of a request lies: in two parts if the ring begins anew in between.
    struct Data {
        std::span<const std::byte> first = {};
        std::span<const std::byte> second = {};
    };

    /// Does what is asked. The answer is given now or later, at any rate once.
    void serve(Word request_id, net::Request request, Words words, const Data& data);
    /// Sockets may have answers for which there was no room.
    void progress();
    /// The client is gone.
    void close_all();

    Shared& shared_;

private:
    Error begin(Word id, net::Request request, Words words, const Data& data);
    Error begin(Word id, net::Request request, Socket& socket, Words words, const Data& data);
    Error open_new(Word id, net::Request request, Words words);
    [[nodiscard]] bool may_open() const;
    [[nodiscard]] bool is_tight(unsigned ended = 0) const;
    [[nodiscard]] Socket* least_missed();
    void answer_addresses(Word id);
    void answer_counters(Word id);
    [[nodiscard]] Socket* socket(Word handle);
    Owner& owner();

    Socket* sockets_[most] = {};
    unsigned open_ = 0;
    unsigned next_ = 0;
};

} // namespace netsrv
