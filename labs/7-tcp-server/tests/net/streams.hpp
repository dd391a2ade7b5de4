// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The other end of a connection: what it says, piece by piece, and what it makes of answers.
/// Read next: streams.cpp.
#pragma once

#include "labs/7-tcp-server/tests/net/report.hpp"
#include "user/net/protocol.hpp"

#include <string_view>

namespace lab7 {

constexpr Word most_streams = 8;

class Stream {
public:
    void begin(Report& report, Word number);
    /// Writes the next piece, and answers how many bytes it has: at most net::most_data.
    Word say(char* to);
    /// The TCP server has sent this.
    void came(std::string_view data);

    bool open = false;

private:
    [[nodiscard]] Word draw(Word which) const;
    [[nodiscard]] Word piece_length(Word piece) const;
    [[nodiscard]] char piece_byte(Word piece, Word at) const;
    void make_requests();
    void came_to_echo(std::string_view data);
    void came_to_pages(char letter);
    void end_head();
    void judge(Word expected, Word got);

    Report* report_ = nullptr;
    Word number_ = 0;
    Word said_ = 0; ///< pieces
    Word back_ = 0; ///< pieces, or answers
    Word back_bytes_ = 0;
    // Of conversations over HTTP: all that is said, and the answer that comes.
    static constexpr Word most_text = 2048;
    char text_[most_text] = {};
    Word length_ = 0;
    Word said_bytes_ = 0;
    unsigned statuses_[page_requests] = {};
    bool has_body_[page_requests] = {};
    static constexpr Word most_head = 512;
    char head_[most_head] = {};
    Word head_length_ = 0;
    Word body_left_ = 0;
};

} // namespace lab7
