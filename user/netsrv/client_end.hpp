// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client of the net server: its ring, and its handles. Sockets know it as their Owner. A request
/// is answered at once, or kept as one word in its socket until there is an answer; so requests
/// need no coroutine, and a client that asks for much takes nothing that others need but its share
/// of the sockets. Data is read and written where it lies in the ring. The client may change it
/// meanwhile: then it sends something else, to its own connection. Read next: client_end.cpp,
/// runtime/server.hpp.
/// @stage{7}
#pragma once

#include "runtime/server.hpp"
#include "user/lib/peers.hpp"
#include "user/netsrv/handles.hpp"

namespace netsrv {

class Owner : public ipc::ServerEnd, public Handles {
public:
    static constexpr rt::Priority priority = 2;

    Owner(rt::Executor& executor, rt::Ends ends, rt::Callback notify, Shared* shared,
          const user::broker::Peer& client);
    ~Owner() { close_all(); }

    /// Answers a request. False if there is no room: then the socket is asked for progress as soon
    /// as there is.
    bool answer(Word header, Error error, std::span<const Word> words = {});
    /// Answers with so many bytes of data, from the beginning of `data`, and where it is from.
    /// @pre room_for_data() has just said so many
    void answer_data(Word header, const pbuf* data, unsigned bytes, Word from = 0);
    /// Bytes of data for which there is room, at most net::most_data; 0: try again.
    [[nodiscard]] unsigned room_for_data(unsigned wanted);

private:
    void take_requests();
    bool take();
    [[nodiscard]] Data data_of(unsigned length, Word bytes);

    bool starved_ = false; ///< some socket has an answer for which there was no room
};

} // namespace netsrv
