// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Echo: the answer is the request. No two requests are the same, whether of one connection or of
/// two, so a server that mixes them up is found out.
/// @stage{none}
#pragma once

#include "tools/load/protocol.hpp"

namespace load {

class Echo final : public Protocol {
public:
    Echo(std::size_t size, std::uint64_t seed, unsigned connection);

    void request(std::uint64_t number, std::string& out) override;
    Taken take(std::string_view received) override;
    void reset() override;

private:
    std::size_t size_;
    std::uint64_t start_;  ///< of the random bytes of this connection
    std::string expected_; ///< from `position_` on: all answers to come
    std::size_t position_ = 0;
    std::size_t missing_; ///< bytes of the answer that is coming now
};

} // namespace load
