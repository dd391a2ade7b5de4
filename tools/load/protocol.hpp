// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a server is asked and what it must answer, as text in and text out: nothing here knows of
/// sockets or time.
///
///     protocol.request(number, out);          any number of them, then
///     taken = protocol.take(received);        again and again, answers come in order
///
/// Always holds: an answer counts as complete only when every byte of it was verified.
/// Read next: echo.hpp, http.hpp.
/// @stage{none}
#pragma once

#include "tools/load/options.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace load {

/// What take() found.
struct Taken {
    enum class State {
        more,     ///< the answer goes on
        complete, ///< it ends with these bytes, and it was right
        wrong,
    };
    State state = State::more;
    std::size_t bytes = 0;    ///< that were taken, all if there is more to come
    bool last = false;        ///< the server ends the connection behind this answer
    std::string problem = {}; ///< if it was wrong
};

/// One connection's half of a protocol.
class Protocol {
public:
    virtual ~Protocol() = default;

    /// Appends a request. The same number gives the same request.
    virtual void request(std::uint64_t number, std::string& out) = 0;
    /// Bytes have come. @pre a request has no answer yet
    virtual Taken take(std::string_view received) = 0;
    /// A new connection: requests without an answer are forgotten.
    virtual void reset() = 0;
};

/// The body that all answers must have, which is that of the first. For all threads.
class Reference {
public:
    bool accepts(std::string_view body) {
        std::call_once(once_, [&] { body_ = body; });
        return body == body_;
    }

private:
    std::once_flag once_;
    std::string body_; ///< immutable after once_
};

/// The protocol that is wanted, for the connection of this number.
/// @param reference outlives it; null if bodies may be any
std::unique_ptr<Protocol> make_protocol(const Options& options, unsigned connection,
                                        Reference* reference);

} // namespace load
