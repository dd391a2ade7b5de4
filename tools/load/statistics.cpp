// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See statistics.hpp.
/// @stage{none}
#include "tools/load/statistics.hpp"

#include <cerrno>

namespace load {

Error error_of(int number) {
    switch (number) {
    case ECONNREFUSED:
        return Error::refused;
    case ECONNRESET:
    case EPIPE:
        return Error::reset;
    case ETIMEDOUT:
        return Error::timeout;
    default:
        return Error::other;
    }
}

void Statistics::add(Error error, const std::string& text) {
    const auto index = static_cast<std::size_t>(error);
    if (errors.at(index)++ == 0)
        first.at(index) = text;
}

void Statistics::merge(const Statistics& other) {
    latency.merge(other.latency);
    opening.merge(other.opening);
    requests += other.requests;
    answers += other.answers;
    sent += other.sent;
    received += other.received;
    for (std::size_t i = 0; i < errors.size(); i++) {
        errors.at(i) += other.errors.at(i);
        if (first.at(i).empty())
            first.at(i) = other.first.at(i);
    }
    for (std::size_t i = 0; i < misbehaved.size(); i++) {
        Misbehaved& sum = misbehaved.at(i);
        const Misbehaved& more = other.misbehaved.at(i);
        sum.opened += more.opened;
        sum.failed += more.failed;
        sum.ended += more.ended;
        sum.sent += more.sent;
        sum.received += more.received;
    }
}

} // namespace load
