// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// HTTP/1.1, the server's half, as text in and text out: nothing here waits or knows of sockets, so
/// every way of serving a connection uses it.
///
///     http::Conversation conversation;
///     conversation.take(received);
///     while (const auto answer = conversation.next(site)) ...     send answer->head, answer->body
///
/// A conversation keeps what is not a whole request yet, in little memory: what does not fit is
/// answered with 431, what is no HTTP with 400, and then the connection ends.
/// Reference: RFC 9110 (methods, status codes), RFC 9112 (messages). Read next: site.hpp.
/// @stage{7}
#pragma once

#include <optional>
#include <stddef.h>
#include <stdint.h>
#include <string_view>

namespace http {

/// What is sent for a request. Both texts stay valid until the next one.
struct Answer {
    std::string_view head;
    std::string_view body;
    bool last = false; ///< the connection is to be closed behind it
};

/// What a path leads to.
struct Content {
    std::string_view type; ///< empty: there is nothing
    std::string_view body;
};

/// What a server shows.
struct Site {
    void* context;
    Content (*find)(void* context, std::string_view path);
};

class Conversation {
public:
    static constexpr size_t most_head = 2048;  ///< of a request, with its headers and their end
    static constexpr size_t most_piece = 1024; ///< that is taken at a time

    /// More bytes have come, most_piece at most. @pre next() has no more answer
    void take(std::string_view bytes);

    /// The answer to the next request, if it is there as a whole.
    std::optional<Answer> next(const Site& site);

    /// A new connection.
    void reset() { *this = {}; }

private:
    struct Request {
        std::string_view method;
        std::string_view path;
        std::optional<size_t> body; ///< its length, if it is told
        bool keep_alive = true;
        unsigned status = 200; ///< what is wrong with it
    };

    static Request parse(std::string_view head);
    static void parse_header(std::string_view line, Request& request);
    Answer answer(const Request& request, const Site& site);
    Answer refuse(unsigned status);
    void drop(size_t bytes);

    char held_[most_head + most_piece] = {};
    size_t length_ = 0;   ///< bytes in held_
    size_t skip_ = 0;     ///< of a request's body that are still to come
    bool ended_ = false;  ///< nothing that comes matters any more
    char head_[256] = {}; ///< of the answer
};

} // namespace http
