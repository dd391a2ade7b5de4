// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See echo.hpp.
/// @stage{none}
#include "tools/load/echo.hpp"

#include "tools/load/random.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/core.h>

namespace load {

Echo::Echo(std::size_t size, std::uint64_t seed, unsigned connection)
    : size_(size), start_(Random(seed + connection * Random::step).next()), missing_(size) {}

void Echo::request(std::uint64_t number, std::string& out) {
    Random random(Random(start_ + number).next());
    const std::size_t begin = expected_.size();
    expected_.resize(begin + size_);
    for (std::size_t i = begin; i < expected_.size(); i += sizeof(std::uint64_t)) {
        const std::uint64_t word = random.next();
        std::memcpy(&expected_[i], &word, std::min(sizeof word, expected_.size() - i));
    }
    out.append(expected_, begin);
}

Taken Echo::take(std::string_view received) {
    const std::string_view got = received.substr(0, missing_);
    const std::string_view wanted = std::string_view(expected_).substr(position_, got.size());
    if (got != wanted) {
        const auto at =
            static_cast<std::size_t>(std::ranges::mismatch(got, wanted).in1 - got.begin());
        return {Taken::State::wrong, at, false,
                fmt::format("byte {} of the answer is {:#04x} and must be {:#04x}",
                            size_ - missing_ + at, static_cast<unsigned char>(got[at]),
                            static_cast<unsigned char>(wanted[at]))};
    }
    position_ += got.size();
    missing_ -= got.size();
    if (missing_ != 0)
        return {.bytes = got.size()};
    missing_ = size_;
    if (position_ >= expected_.size() / 2) {
        expected_.erase(0, position_);
        position_ = 0;
    }
    return {.state = Taken::State::complete, .bytes = got.size()};
}

void Echo::reset() {
    expected_.clear();
    position_ = 0;
    missing_ = size_;
}

} // namespace load
