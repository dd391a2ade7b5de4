// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See connection.hpp.
/// @stage{none}
#include "tools/load/connection.hpp"

#include <cerrno>
#include <fmt/core.h>
#include <system_error>

namespace load {

Connection::Connection(Local& local, unsigned index)
    : local_(local), index_(index),
      protocol_(make_protocol(local.run.options, index,
                              local.run.options.same_body ? &local.run.reference : nullptr)) {
    local_.ask_for_turn(*this);
}

void Connection::admitted(Time now) {
    if (ever_opened_ && local_.run.started() && !local_.run.left(now)) {
        local_.run.end_turn();
        finish();
        return;
    }
    opening_ = now;
    state_ = State::connecting;
    socket_ = connecting(local_.run.address);
    if (!socket_) {
        fail(errno, "connecting");
        return;
    }
    local_.poller.add(socket_, EPOLLOUT, this);
    writable_wanted_ = true;
}

void Connection::ready(std::uint32_t events) {
    if (state_ == State::connecting) {
        if (const int error = connect_error(socket_); error != 0) {
            fail(error, "connecting");
            return;
        }
        state_ = State::warming;
        protocol_->request(number_++, unsent_);
        in_flight_.push_back(Clock::now());
        send();
        return;
    }
    if ((events & ~std::uint32_t{EPOLLOUT}) != 0)
        receive();
    if (socket_ && (events & EPOLLOUT) != 0)
        send();
}

void Connection::sweep(Time now) {
    if (state_ == State::ready && local_.run.started()) {
        state_ = State::working;
        pump(now);
        return;
    }
    const auto patience = seconds(local_.run.options.timeout);
    if (state_ == State::connecting && now - opening_ > patience)
        fail(Error::timeout, "it could not be opened in time");
    else if (!in_flight_.empty() && now - in_flight_.front() > patience)
        fail(Error::timeout, "an answer did not come in time");
}

void Connection::receive() {
    std::array<char, 65536>& buffer = local_.received;
    for (bool more = true; more && socket_;) {
        const auto count = recv(socket_.number(), buffer.data(), buffer.size(), 0);
        if (count < 0) {
            if (errno != EAGAIN && errno != EINTR)
                fail(errno, "receiving");
            return;
        }
        if (count == 0) {
            fail(Error::closed, in_flight_.empty() ? "the server ended it for no reason"
                                                   : "the server ended it before an answer did");
            return;
        }
        more = static_cast<std::size_t>(count) == buffer.size();
        local_.statistics.received += static_cast<std::uint64_t>(count);
        take({buffer.data(), static_cast<std::size_t>(count)}, Clock::now());
    }
}

void Connection::take(std::string_view received, Time now) {
    while (!received.empty()) {
        if (in_flight_.empty() || ending_) {
            fail(Error::wrong, fmt::format("{} bytes came behind the answer", received.size()));
            return;
        }
        const Taken taken = protocol_->take(received);
        if (taken.state == Taken::State::wrong) {
            fail(Error::wrong, taken.problem);
            return;
        }
        if (taken.last && state_ == State::warming) {
            fail(Error::closed, "the server keeps no connection, so there is nothing to measure");
            return;
        }
        received.remove_prefix(taken.bytes);
        ending_ = taken.last;
        if (taken.state == Taken::State::complete)
            answered(now);
    }
    if (state_ == State::working)
        pump(now);
}

void Connection::answered(Time now) {
    const Time sent = in_flight_.front();
    in_flight_.pop_front();
    if (state_ == State::warming) {
        warmed_up(now);
        return;
    }
    local_.statistics.latency.record(nanoseconds(now - sent));
    local_.statistics.answers++;
}

void Connection::warmed_up(Time now) {
    local_.statistics.opening.record(nanoseconds(now - opening_));
    local_.run.end_turn();
    state_ = local_.run.started() ? State::working : State::ready;
    if (!ever_opened_)
        local_.run.opened();
    ever_opened_ = true;
}

/// Sends as many requests as may be in flight, then decides how to go on.
void Connection::pump(Time now) {
    const Options& options = local_.run.options;
    if (ending_ && !in_flight_.empty()) {
        fail(Error::closed, "the server ends it before all requests have an answer");
        return;
    }
    while (!ending_ && in_flight_.size() < options.depth &&
           (options.reconnect == 0 || on_this_ < options.reconnect) && local_.run.take(now)) {
        protocol_->request(number_++, unsent_);
        in_flight_.push_back(now);
        on_this_++;
        local_.statistics.requests++;
    }
    if (!in_flight_.empty())
        send();
    else if (local_.run.left(now))
        wait_for_turn();
    else
        finish();
}

void Connection::send() {
    while (!unsent_.empty()) {
        const auto count = ::send(socket_.number(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            break;
        if (count < 0) {
            fail(errno, "sending");
            return;
        }
        local_.statistics.sent += static_cast<std::uint64_t>(count);
        unsent_.erase(0, static_cast<std::size_t>(count));
    }
    if (writable_wanted_ == unsent_.empty()) {
        writable_wanted_ = !unsent_.empty();
        local_.poller.change(socket_, writable_wanted_ ? EPOLLIN | EPOLLOUT : EPOLLIN, this);
    }
}

/// Ends this connection; another one follows.
void Connection::wait_for_turn() {
    socket_.close();
    protocol_->reset();
    in_flight_.clear();
    unsent_.clear();
    on_this_ = 0;
    ending_ = false;
    state_ = State::waiting;
    local_.ask_for_turn(*this);
}

void Connection::finish() {
    socket_.close();
    in_flight_.clear();
    state_ = State::finished;
    local_.active--;
    if (!ever_opened_)
        local_.run.opened();
    ever_opened_ = true;
}

/// An error of a connection that worked makes room for the next one; one that cannot even be
/// opened is not tried again.
void Connection::fail(Error error, std::string_view text) {
    local_.statistics.add(error, fmt::format("connection {}, request {}: {}", index_,
                                             number_ - in_flight_.size(), text));
    if (is_opening()) {
        local_.run.end_turn();
        finish();
    } else {
        wait_for_turn();
    }
}

void Connection::fail(int number, std::string_view doing) {
    const std::string text = fmt::format("{}: {}", doing, std::generic_category().message(number));
    fail(error_of(number), text);
}

} // namespace load
