// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What programs ask of the net server, over their ring to it. What a client has open are
/// *handles*, small numbers of its own. A request that cannot be answered yet waits in the server,
/// one of each kind for each handle; the ring goes on.
///
///     line 0   | header | handle | bytes | others ...      |
///     line 1   | data, 64 bytes | ...                         up to 896 bytes
///
/// Replies look the same; their label is an Error. Data begins at a line of its own, so it is
/// copied once, in whole words: from the ring into a packet of the stack, or from there.
/// Read next: net.hpp, which asks; user/netsrv/client_end.hpp, which answers.
/// @stage{7}
#pragma once

#include "kernel/abi/ring.hpp"

#include <span>
#include <string_view>

namespace net {

using abi::Word;

constexpr std::string_view service = "net";

/// Each with its words.
enum class Request : uint8_t {
    listen = 1,   ///< port, backlog, seconds of patience, 0 for ever: answers a handle, whose
                  ///< connections are given up if nothing is heard of them for so long
    accept,       ///< handle: gives, one by one: a handle, 0, the other end
    connect,      ///< other end: answers a handle, when it is connected
    receive,      ///< handle: answers 0, bytes, and the data: no byte is the end of the stream
    send,         ///< handle, bytes, data: answers when all is in the stack
    exchange,     ///< both: sends, and answers what is received next
    finish,       ///< handle: nothing more will be sent
    close,        ///< handle: it is gone, at once; what was sent arrives
    open_udp,     ///< port, 0 for any: answers a handle and the port
    send_to,      ///< handle, bytes, other end, data
    receive_from, ///< handle: answers 0, bytes, the other end, and the data of one packet
    look,         ///< answers Addresses
    count,        ///< answers Counters
};

enum class Error : uint8_t {
    none,
    unknown_request, ///< or one that is too short
    bad_handle,
    bad_port,
    port_in_use,
    no_memory, ///< this client's share of something is used up, or everybody's
    busy,      ///< such a request of this handle waits already
    refused,   ///< nobody listens there
    reset,     ///< by the other end
    timed_out,
    unreachable,
    closed, ///< by this end, while the request waited
    gone,   ///< the net server; never sent
};
const char* text(Error error);

/// Where something is: an IPv4 address and a port, as in 0x0a00020f for 10.0.2.15.
struct Endpoint {
    uint32_t address = 0;
    uint16_t port = 0;

    [[nodiscard]] constexpr Word word() const { return Word{address} << 16 | port; }
    static constexpr Endpoint of(Word word) {
        return {static_cast<uint32_t>(word >> 16), static_cast<uint16_t>(word)};
    }
};

/// Handles of one client, at most.
constexpr unsigned most_handles = 448;
/// So many of them are kept for connections that come: others, which are idle, give way to them.
constexpr unsigned spare_handles = 128;

/// Bytes of data in a message, at most.
constexpr unsigned first_data_word = abi::item_words;
constexpr unsigned most_data_lines = (abi::message_words - first_data_word) / abi::raw_line_words;
constexpr unsigned most_data = most_data_lines * abi::line_bytes;

/// Words of a message with so many bytes of data.
constexpr unsigned words_with(Word bytes) {
    return first_data_word + static_cast<unsigned>((bytes + 7) / 8);
}

/// What Request::look answers, word by word: IPv4 addresses, 0 as long as there is none.
struct Addresses {
    Word machine;
    Word mask; ///< of its network
    Word gateway;

    [[nodiscard]] std::span<Word> words() {
        return {reinterpret_cast<Word*>(this), sizeof *this / sizeof(Word)};
    }
};

/// What Request::count answers, word by word.
struct Counters {
    Word frames_in;
    Word frames_out;
    Word interrupts;
    Word requests;
    Word clients;
    Word handles;
    Word heap_used; ///< bytes
    Word traps;     ///< of the net server, to sleep and to notify
    Word notifications;
    Word dropped;  ///< frames, in and out
    Word restarts; ///< of the card, because it broke the rules
    Word bursts;   ///< times that a ring was looked into and had requests, some at a time
    // What is in use, or free: when all is quiet, as much as before.
    Word pbufs;      ///< frames, and parts of some, that are not in the heap
    Word segments;   ///< sent and not acknowledged, or come too early
    Word pcbs;       ///< TCP connections, but those in TIME_WAIT
    Word buffers;    ///< of the card, with data that nobody has taken
    Word free_slots; ///< for capabilities
    Word free_bytes; ///< of memory

    [[nodiscard]] std::span<Word> words() {
        return {reinterpret_cast<Word*>(this), sizeof *this / sizeof(Word)};
    }
};

} // namespace net
