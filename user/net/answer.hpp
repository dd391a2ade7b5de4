// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a request to the net server is built in, and what comes back.
/// Read next: net.hpp.
/// @stage{7}
#pragma once

#include "user/net/protocol.hpp"

namespace net {

/// A message with data. The words before the data are the library's.
struct Packet {
    Word words[abi::message_words];

    [[nodiscard]] char* data() { return reinterpret_cast<char*>(words + first_data_word); }
    [[nodiscard]] std::string_view text(Word bytes) { return {data(), bytes}; }
};

/// What was answered, or why not.
struct Answer {
    Error error = Error::gone;
    Word handle = 0;
    Word bytes = 0; ///< of data
    Endpoint from = {};

    explicit operator bool() const { return error == Error::none; }
};

} // namespace net
