// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// All that is counted. Every thread has its own, which are added up at the end.
/// Read next: report.hpp.
/// @stage{none}
#pragma once

#include "tools/load/histogram.hpp"
#include "tools/load/options.hpp"

#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

namespace load {

/// What can be wrong with a connection or an answer.
enum class Error {
    refused, ///< nobody listens
    reset,   ///< the server broke the connection
    closed,  ///< the server ended the connection in good order, but an answer was not complete
    timeout,
    wrong, ///< bytes that are not the answer
    other, ///< of the network, or of this machine
};
inline constexpr std::array<std::string_view, 6> error_names = {"refused", "reset", "closed",
                                                                "timeout", "wrong", "other"};

/// The error of a failed system call on a socket.
Error error_of(int number);

/// What bad clients of one kind did.
struct Misbehaved {
    std::uint64_t opened = 0; ///< connections
    std::uint64_t failed = 0; ///< connections that could not be opened
    std::uint64_t ended = 0;  ///< by the server
    std::uint64_t sent = 0;   ///< bytes
    std::uint64_t received = 0;
};

struct Statistics {
    Histogram latency; ///< nanoseconds from a request to the end of its answer
    Histogram opening; ///< nanoseconds from the first step of a connection to its first answer
    std::uint64_t requests = 0; ///< sent; warm-ups do not count
    std::uint64_t answers = 0;  ///< that were right
    std::uint64_t sent = 0;     ///< bytes
    std::uint64_t received = 0;
    std::array<std::uint64_t, error_names.size()> errors = {};
    std::array<std::string, error_names.size()> first; ///< of each error, in words
    std::array<Misbehaved, kind_names.size()> misbehaved = {};

    void add(Error error, const std::string& text);
    void merge(const Statistics& other);
    [[nodiscard]] std::uint64_t error_count() const {
        return std::accumulate(errors.begin(), errors.end(), std::uint64_t{0});
    }
};

} // namespace load
