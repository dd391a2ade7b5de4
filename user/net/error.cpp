// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Errors of the net server, for people.
/// @stage{7}
#include "user/net/protocol.hpp"

namespace net {

const char* text(Error error) {
    switch (error) {
    case Error::none:
        return "no error";
    case Error::unknown_request:
        return "unknown request";
    case Error::bad_handle:
        return "no such handle, or not of this kind";
    case Error::bad_port:
        return "no such port";
    case Error::port_in_use:
        return "port in use";
    case Error::no_memory:
        return "no memory";
    case Error::busy:
        return "such a request waits already";
    case Error::refused:
        return "refused";
    case Error::reset:
        return "reset by the other end";
    case Error::timed_out:
        return "timed out";
    case Error::unreachable:
        return "unreachable";
    case Error::closed:
        return "closed";
    case Error::gone:
        return "the net server is gone";
    }
    return "unknown error";
}

} // namespace net
