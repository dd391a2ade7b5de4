// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// HTTP/1.1 with connections that stay: GET, and answers of a known length or in chunks. An answer
/// is right if it keeps to the grammar, has the status that is wanted, and has the first answer's
/// body.
/// Reference: RFC 9112 (messages; 7.1: chunks), RFC 9110.
/// @stage{none}
#pragma once

#include "tools/load/protocol.hpp"

#include <optional>

namespace load {

class Http final : public Protocol {
public:
    /// @param reference null if bodies may be any
    Http(const Options& options, Reference* reference);

    void request(std::uint64_t number, std::string& out) override;
    Taken take(std::string_view received) override;
    void reset() override;

private:
    /// What comes next.
    enum class Part { status, header, body, chunk_size, chunk, chunk_end, trailer };
    /// Nothing, or what is wrong.
    using Problem = std::string;

    Problem take_line();
    Problem take_status();
    Problem take_header();
    Problem take_length(std::string_view value);
    Problem take_field(std::string_view name, std::string_view value);
    Problem end_of_head();
    Problem take_chunk_size();
    [[nodiscard]] Problem check_body() const;
    std::size_t take_body(std::string_view received);
    void begin();

    std::string request_;
    unsigned status_;
    Reference* reference_;

    Part part_ = Part::status;
    std::string line_;           ///< that is not complete yet; without its end when it is
    std::size_t head_bytes_ = 0; ///< of the head or the trailer, which may not be endless
    std::optional<std::uint64_t> length_;
    bool chunked_ = false;
    bool last_ = false;
    bool complete_ = false;
    std::uint64_t missing_ = 0; ///< bytes of the body or the chunk
    std::string body_;
};

} // namespace load
