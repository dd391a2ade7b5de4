// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the server shows: a page, and live counters of the system for it, as JSON. The page asks
/// for them once a second, and makes rates of them. Read next: page.html, http.hpp.
/// @stage{7}
#pragma once

#include "user/net/protocol.hpp"
#include "user/tcpsrv/http.hpp"

namespace tcpsrv {

using abi::Word;

/// All that is counted, or is so just now.
struct Figures {
    std::string_view system; ///< which this is
    Word milliseconds = 0;   ///< since it was started
    Word connections = 0;
    Word echoes = 0; ///< requests that were answered
    Word pages = 0;
    Word calls = 0;         ///< to the net server
    Word in_flight = 0;     ///< of these
    Word traps = 0;         ///< of the TCP server, to sleep and to notify
    Word notifications = 0; ///< that it has sent
    Word frames = 0;        ///< of coroutines, that are in use
    Word free_slots = 0;    ///< for capabilities
    Word free_bytes = 0;    ///< of memory
    net::Counters net = {};
};

/// What one connection is shown: the texts are its own until it asks for others.
class Site {
public:
    /// For a conversation. @pre the figures are there as long as it is used
    [[nodiscard]] http::Site shown(const Figures& figures) {
        figures_ = &figures;
        return {this, [](void* self, std::string_view path) {
                    return static_cast<Site*>(self)->find(path);
                }};
    }

private:
    http::Content find(std::string_view path);
    std::string_view counters();

    const Figures* figures_ = nullptr;
    char counters_[1024] = {};
};

} // namespace tcpsrv
