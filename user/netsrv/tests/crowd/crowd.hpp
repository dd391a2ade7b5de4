// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the programs of a crowd around the net server know of each other: 200 guests, all from one
/// file, who come twice. Most talk to each other and to the other end of the cable, and look at
/// every byte; others die in the midst of it, write garbage, or take all they can get. An auditor
/// looks at the net server's counters before they come and when they have gone.
///
///     guest ──> the next honest guest ──> ... ──> the first one
///       ^              TCP and UDP, by the machine's own address or by 127.0.0.1
///       └── crowd.py, for every 16th
///
/// Read next: crowd.cpp, guest.cpp, hostile.cpp, auditor.cpp.
/// @stage{none}
#pragma once

#include "user/net/net.hpp"

#include <string_view>

namespace crowd {

using abi::Word;

constexpr unsigned guests = 200;
constexpr unsigned rounds_of_guests = 2;
constexpr unsigned clients = guests + 1; ///< of the net server: the auditor is one

/// What a guest does when all have come.
enum class Way : uint8_t {
    talks,     ///< and is answered, every byte of it, and soon
    faults,    ///< with requests that wait, and connections
    leaves,    ///< likewise
    scribbles, ///< into all that it shares with the net server
    babbles,   ///< well-formed requests that mean nothing
    takes,     ///< all handles, and all memory
};
constexpr Way way_of(unsigned number) {
    switch (number % 16) {
    case 3:
        return Way::faults;
    case 7:
        return Way::leaves;
    case 11:
        return Way::scribbles;
    case 13:
        return Way::babbles;
    case 15:
        return Way::takes;
    default:
        return Way::talks;
    }
}

/// To whom a guest talks.
constexpr unsigned next_to(unsigned number) {
    do
        number = (number + 1) % guests;
    while (way_of(number) != Way::talks);
    return number;
}

/// crowd.py talks to it as well.
constexpr bool is_visited(unsigned number) { return number % 16 == 0; }

// As crowd.py has them.
constexpr uint16_t tcp_port(unsigned number) { return static_cast<uint16_t>(1000 + number); }
constexpr uint16_t udp_port(unsigned number) { return static_cast<uint16_t>(2000 + number); }
constexpr net::Endpoint outside{0x0a000202, 9};
constexpr uint32_t loopback = 0x7f000001;

constexpr unsigned rounds = 24;
/// Bytes of a request.
constexpr unsigned bytes_of(unsigned number, unsigned round) {
    return 1 + (number * 37 + round * 151) % net::most_data;
}

/// A byte of the pattern that network scripts have (tools/net/script.py).
constexpr char pattern(Word seed, Word position) {
    Word word = seed * 0xd134'2543'de82'ef95 + (position / 8 + 1) * 0x9e37'79b9'7f4a'7c15;
    word = (word ^ word >> 30) * 0xbf58'476d'1ce4'e5b9;
    word = (word ^ word >> 27) * 0x94d0'49bb'1331'11eb;
    return static_cast<char>((word ^ word >> 31) >> 8 * (position % 8));
}

/// The number of a guest is the end of its name, "net-guest-7"; that of "net-guest" is 0.
constexpr unsigned number_of(std::string_view name) {
    unsigned number = 0;
    for (const char letter : name)
        number =
            letter >= '0' && letter <= '9' ? number * 10 + static_cast<unsigned>(letter - '0') : 0;
    return number;
}

} // namespace crowd
