// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the load generator is asked to do: its command line as values.
/// Always holds: options that parse() returned are within their limits and do not contradict
/// each other.
/// Read next: session.hpp, which does it.
/// @stage{none}
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace load {

enum class Mode { echo, http };

/// Ways of being a bad client; see script.hpp.
enum class Kind { slow, half, reset, garbage, flood };
inline constexpr std::array<std::string_view, 5> kind_names = {"slow", "half", "reset", "garbage",
                                                               "flood"};

struct Options {
    std::string host;
    std::uint16_t port = 0;
    Mode mode = Mode::echo;
    unsigned connections = 1;
    std::uint64_t requests = 0; ///< of all connections together; 0: `seconds` limits them
    double seconds = 10;
    unsigned size = 64;     ///< bytes of an echo request
    std::string path = "/"; ///< that HTTP asks for
    unsigned status = 200;  ///< that HTTP must answer
    bool same_body = true;  ///< every HTTP answer must have the body of the first
    unsigned depth = 1;     ///< requests in flight on a connection
    unsigned reconnect = 0; ///< requests of a connection before the next one; 0: it stays
    unsigned threads = 1;
    unsigned ramp = 1;      ///< connections being opened at the same time
    double timeout = 10;    ///< seconds that an answer, or a connection, may take
    std::uint64_t seed = 1; ///< of all payloads, and of what bad clients do
    std::array<unsigned, kind_names.size()> misbehaving = {}; ///< bad clients of each kind
    std::string json;                                         ///< file for the figures, or empty
    bool quiet = false;
    bool progress = false; ///< a line a second, even if this is no terminal
};

/// Why there are no options: a message that was printed already, and the exit status it means.
struct NoOptions {
    int status;
};

/// Reads the command line; prints help, or what is wrong with it.
std::expected<Options, NoOptions> parse(int argc, const char* const* argv);

} // namespace load
