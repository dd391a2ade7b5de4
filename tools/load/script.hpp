// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a bad client does with one connection, as values: what it sends, how fast, whether it
/// reads, and how it leaves.
///
///     slow      a right request, one byte at a time; reads one byte at a time
///     half      nothing, or part of a request, and then silence
///     reset     requests that are cut off anywhere by an RST
///     garbage   random bytes, or what looks like HTTP
///     flood     requests without end, and never reads
///
/// Read next: misbehaving.hpp, which performs it.
/// @stage{none}
#pragma once

#include "tools/load/protocol.hpp"
#include "tools/load/random.hpp"

#include <chrono>

namespace load {

struct Script {
    using Milliseconds = std::chrono::milliseconds;

    std::string text;            ///< to send
    std::size_t piece = 1 << 16; ///< bytes that are sent, or received, at a time
    Milliseconds pause{0};       ///< at most, between two pieces
    bool endless = false;        ///< the text again and again
    bool reads = true;
    bool verifies = false; ///< the answer must be right, and ends the script
    Milliseconds hold{0};  ///< after all was sent (or since the beginning, if that never is)
    bool breaks = false;   ///< leaves with an RST
};

/// @param protocol makes the requests, of which the script's are the next ones from `number` on
Script make_script(Kind kind, Mode mode, Protocol& protocol, std::uint64_t& number, Random& random);

} // namespace load
