// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the programs of the crowd know of each other: a root task that starts one server and a
/// crowd of guests, twice, all from one file. The first time as many as there can be.
/// Read next: crowd.cpp, crowd_server.cpp, guest.cpp.
/// @stage{5}
#pragma once

#include "kernel/abi/types.hpp"

#include <string_view>

namespace crowd {

using abi::Word;

constexpr std::string_view service = "crowd";

/// Guests of each round. With the server, the first are all the programs that there can be.
constexpr unsigned rounds = 2;
constexpr unsigned guests[rounds] = {255, 200};
/// Number of the first guest of the second round; others have small numbers again.
constexpr unsigned first_of_second = 256;
/// Connections in all: this guest makes one more.
constexpr unsigned connections = guests[0] + guests[1] + 1;

/// What guests ask.
enum Request : Word {
    after, ///< a number: the next one, odd ones after a pause
    here,  ///< have all guests of this round come? 1: yes
    go,    ///< from now on all may do what they want
    gone,  ///< may they? 1: yes
};

/// What a guest does when all may go.
enum class Way : uint8_t {
    calls,     ///< and looks at every answer
    faults,    ///< while calls are on their way
    leaves,    ///< likewise
    scribbles, ///< into all that it shares with others
};
constexpr Way way_of(unsigned number) {
    switch (number % 16) {
    case 3:
        return Way::faults;
    case 7:
        return Way::leaves;
    case 11:
        return Way::scribbles;
    default:
        return Way::calls;
    }
}

/// The number of a guest is the end of its name, "guest-7"; that of "guest" is 0.
constexpr unsigned number_of(std::string_view name) {
    unsigned number = 0;
    for (const char letter : name)
        number =
            letter >= '0' && letter <= '9' ? number * 10 + static_cast<unsigned>(letter - '0') : 0;
    return number;
}

} // namespace crowd
