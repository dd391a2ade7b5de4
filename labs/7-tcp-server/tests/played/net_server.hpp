// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A net server that is played, behind a real ring: streams are texts, connections come when the
/// test says so. Whatever a client asks for is noted, and answered as user/net/protocol.hpp says.
/// Read next: net_server.cpp.
#pragma once

#include "runtime/server.hpp"
#include "user/net/protocol.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace played {

using abi::Word;

/// A connection, seen from the other end.
struct Stream {
    std::deque<std::string> comes = {};  ///< what it says, in pieces
    bool ends = false;                   ///< and then no more
    net::Error error = net::Error::none; ///< it breaks off with this, behind all that it says
    std::string got = {};                ///< what it was sent
    unsigned closed = 0;                 ///< how often its handle was closed
    Word receive = 0;                    ///< header of the request that waits
    net::Error answer_to_send = net::Error::none; ///< to the next send or exchange
};

struct Listener {
    uint16_t port = 0;
    Word backlog = 0;
    Word patience = 0;
    std::deque<Word> queue; ///< handles of connections that wait
    Word accept = 0;        ///< header of the request that waits
    unsigned accepts = 0;   ///< requests that there were, ever
    bool gone = false;      ///< accept is refused from now on
};

class NetServer : public ipc::ServerEnd {
public:
    NetServer(rt::Executor& executor, rt::Ends ends, rt::Callback notify);

    /// A stream that the client has a handle of.
    Word open(Stream stream = {});
    /// A connection comes to a port: it waits for an accept.
    Word come(uint16_t port);
    /// Streams or listeners were changed by the test: what waits is answered if it can be.
    void look();

    [[nodiscard]] Stream& stream(Word handle) { return streams_[handle]; }
    [[nodiscard]] const std::map<Word, Listener>& listeners() const { return listeners_; }
    [[nodiscard]] Listener& listener(uint16_t port);

    net::Error answer_to_listen = net::Error::none;
    Word first_handle = 7;
    std::vector<std::string> wrong; ///< what a client must not ask

private:
    using Words = std::span<const Word>;

    void take_requests();
    void serve(Word header, Words words);
    void serve_stream(Word header, Words words, Stream& stream);
    void listen(Word header, Words words);
    void progress(Word handle, Stream& stream);
    void progress(Listener& listener);
    void reply(Word header, net::Error error, Words words = {});
    void reply_data(Word header, const std::string& data);

    std::map<Word, Stream> streams_;
    std::map<Word, Listener> listeners_;
    Word handles_ = 0;
};

} // namespace played
