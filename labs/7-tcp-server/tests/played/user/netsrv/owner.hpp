// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The client that a socket answers is the test's; and what clients share.
/// Read next: labs/7-tcp-server/tests/host/receive.cpp.
#pragma once

#include "user/netsrv/sockets.hpp"

#include <string>
#include <vector>

namespace netsrv {

class Interface;

struct Shared {
    SocketPool& sockets;
    Interface& interface;
    struct Work {
        Word traps;
        Word notifications;
    };
    Work (*work)();
};

class Owner {
public:
    Owner() = default;
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;

    bool answer(Word header, Error error, std::span<const Word> words = {});
    void answer_data(Word header, const pbuf* data, unsigned bytes, Word from = 0);
    [[nodiscard]] unsigned room_for_data(unsigned wanted);
    Socket* open_socket();
    void release(Socket& socket);
    void keep_room() {}

    // The test's part.

    struct Answer {
        Word header;
        Error error;
        std::string data;
    };
    std::vector<Answer> answers;
    bool has_room = true;           ///< for answers without data
    unsigned room = net::most_data; ///< bytes of data for which there is room now
    unsigned promised = 0;          ///< that room_for_data() has just said
};

/// Makes a socket the client's.
class Handles {
public:
    static void own(Socket& socket, Owner& owner) { socket.owner_ = &owner; }
};

} // namespace netsrv
