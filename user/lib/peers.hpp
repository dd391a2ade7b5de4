// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How programs that do not know each other come to share a buffer: the requests that each can make
/// of the broker, over the ring that it has from its start, and where a peer lies in a program.
///
///     window i   | buffer of peer i, up to 15 pages ...          | its hint |      64 KiB
///     slot i     | signals peer i |                                peer 0 is the broker
///
/// A program has as many windows as it says that it needs (needs.hpp). A receiver of user
/// interrupts has 64 vectors, so peers share badges when they are many, and a notification makes a
/// program look at all who share it:
///
///     badge   63          48 47                                       1     0
///             | the program's | peers, in turns: 1, 48, 95 ... have bit 1 | broker |
///
/// The upper 16 bits are for devices, and for whoever else a program lets signal it.
///
/// A request is one line; so is its answer, whose label is an Error. Whoever makes a request may be
/// hostile: each that is not possible is an error that costs nobody else anything.
/// Read next: user/root/broker.hpp, which answers; async_process.hpp, which asks.
/// @stage{5}
#pragma once

#include "kernel/abi/ring.hpp"
#include "user/lib/needs.hpp"

#include <string_view>

namespace user {

using abi::CPtr;
using abi::Word;

constexpr unsigned most_peers = Needs::most_peers; ///< of any program
constexpr unsigned window_pages = 16;
constexpr unsigned buffer_pages = window_pages - 1; ///< the last page is the peer's hint
constexpr Word window_bytes = window_pages * Word{4096};
/// Addresses that all windows of a program take. The own hint lies behind them.
constexpr Word windows_bytes(Word peers) { return peers * window_bytes + 4096; }

/// The last slots of a program are those of its peers: first all notifications, then the address
/// spaces of those who share theirs.
constexpr unsigned slots_of_peer = 2;

constexpr unsigned peer_badges = 48; ///< of all peers, as bits; the first is the broker's alone
constexpr Word badge_of_peer(unsigned peer) {
    return Word{1} << (peer == 0 ? 0 : 1 + (peer - 1) % (peer_badges - 1));
}
static_assert(badge_of_peer(47) == Word{1} << 47 && badge_of_peer(48) == badge_of_peer(1));

/// Rings of the broker and each program.
constexpr abi::RingLines broker_lines{.requests = 16, .replies = 16};

namespace broker {

enum class Request : uint8_t {
    offer = 1, ///< name: others can connect to this program. Each has one name.
    accept,    ///< waits for somebody who has connected; answers a Peer
    connect,   ///< name, lines of both rings, flags; answers a Peer
    deaths,    ///< waits until some peer is gone; answers its number
    close,     ///< number: this program has done with the peer, gone or not
};

/// Flags of Request::connect.
enum ConnectFlag : Word {
    wait_for_offer = 1, ///< if nobody has the name yet; else that is an error
    share_space = 2,    ///< the server gets a capability to the address space
};

enum class Error : uint8_t {
    none,
    unknown_request, ///< or too few words
    bad_name,        ///< empty, or not filled up with zeroes
    name_taken,      ///< by somebody else; or this program has a name
    unknown_name,    ///< nobody offers it
    bad_lines,       ///< no powers of two, or more than a window holds
    too_many_peers,  ///< of this program, or of the server: none is free, or it has no slots
    no_memory,       ///< of the client's for buffers
    no_access,       ///< a program has something of its own where the buffer is to lie
    already_waiting, ///< the same request waits already: one can
    bad_peer,        ///< no such number
    gone,            ///< the broker, or the process while it waited
};

/// A name in a message: up to 24 characters, the rest zeroes.
struct Name {
    static constexpr unsigned length = 3;
    Word words[length] = {};

    Name() = default;
    explicit constexpr Name(std::string_view text) {
        for (size_t i = 0; i < text.size() && i < sizeof words; i++)
            words[i / 8] |= Word{static_cast<uint8_t>(text[i])} << i % 8 * 8;
    }
    bool operator==(const Name&) const = default;
    /// No character follows a zero, and there is one at least.
    [[nodiscard]] constexpr bool valid() const {
        bool ended = false;
        for (size_t i = 0; i < sizeof words; i++) {
            const bool zero = (words[i / 8] >> i % 8 * 8 & 0xff) == 0;
            if (ended && !zero)
                return false;
            ended = ended || zero;
        }
        return (words[0] & 0xff) != 0;
    }
};

/// A peer as it is answered, word by word. The hint lies in the last page of the window.
struct Peer {
    Word number = 0;
    Word address = 0; ///< of the buffer
    abi::RingLines lines;
    CPtr notification = 0; ///< slot
    Word badge = 0;        ///< by which the peer signals this program
    CPtr space = 0;        ///< slot; 0: the peer does not share its address space

    static constexpr unsigned words = 7;
};

} // namespace broker

} // namespace user
