// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See misbehaving.hpp.
/// @stage{none}
#include "tools/load/misbehaving.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/core.h>

namespace load {

namespace {

using Milliseconds = Script::Milliseconds;

constexpr Milliseconds longest_rest(20); ///< between two connections
constexpr Milliseconds after_refusal(200);
constexpr Milliseconds settling(5); ///< in which a server takes a connection from a short queue
constexpr std::size_t burst = std::size_t{1} << 20; ///< bytes that a flood sends in one go

} // namespace

Misbehaving::Misbehaving(Local& local, Kind kind, unsigned index)
    : local_(local), kind_(kind), index_(index),
      random_(local.run.options.seed ^ Random(index).next()),
      protocol_(make_protocol(local.run.options, index,
                              local.run.options.same_body ? &local.run.reference : nullptr)) {}

void Misbehaving::admitted(Time now) {
    protocol_->reset();
    script_ = make_script(kind_, local_.run.options.mode, *protocol_, number_, random_);
    sent_ = 0;
    done_ = false;
    state_ = State::connecting;
    has_turn_ = true;
    settled_ = Time::max();
    leaves_ = now + seconds(local_.run.options.timeout);
    socket_ = connecting(local_.run.address);
    if (!socket_) {
        fail(now);
        return;
    }
    if (script_.verifies)
        receive_little(socket_);
    local_.poller.add(socket_, EPOLLOUT, this);
}

void Misbehaving::ready(std::uint32_t events) {
    const Time now = Clock::now();
    if (state_ == State::connecting) {
        if (connect_error(socket_) != 0) {
            fail(now);
            return;
        }
        counts().opened++;
        state_ = State::working;
        settled_ = now + settling;
        next_ = now;
        leaves_ = now + (script_.verifies ? std::chrono::hours(24) : script_.hold);
        move(now);
        return;
    }
    if (script_.piece == 1 && (events & (EPOLLERR | EPOLLHUP)) == 0)
        return; // it takes its time: see sweep
    if ((events & ~std::uint32_t{EPOLLOUT}) != 0)
        receive();
    move(now);
}

void Misbehaving::sweep(Time now) {
    if (has_turn_ && now >= settled_)
        end_turn();
    if (state_ == State::pausing && !has_turn_ && local_.run.started() && now >= next_) {
        state_ = State::waiting;
        local_.ask_for_turn(*this);
    } else if (state_ == State::connecting && now >= leaves_) {
        fail(now);
    } else if (state_ == State::working && now >= next_) {
        if (script_.piece == 1)
            receive();
        move(now);
    }
}

/// Sends what is due now, and leaves if it is time to.
void Misbehaving::move(Time now) {
    const bool has_sent_all = !script_.endless && sent_ == script_.text.size();
    if (!done_ && !has_sent_all)
        send(now);
    if (done_ || now >= leaves_) {
        if (script_.breaks)
            break_at_close(socket_);
        rest(now);
        return;
    }
    next_ = script_.pause.count() == 0
                ? leaves_
                : now + Milliseconds(
                            random_.between(1, static_cast<std::uint64_t>(script_.pause.count())));
    watch();
}

void Misbehaving::send(Time now) {
    std::size_t total = 0;
    while (sent_ < script_.text.size() && total < burst) {
        const std::string_view piece = std::string_view(script_.text).substr(sent_, script_.piece);
        const auto count = ::send(socket_.number(), piece.data(), piece.size(), MSG_NOSIGNAL);
        if (count < 0) {
            done_ = errno != EAGAIN && errno != EINTR;
            counts().ended += done_ ? 1 : 0;
            return;
        }
        sent_ += static_cast<std::size_t>(count);
        total += static_cast<std::size_t>(count);
        counts().sent += static_cast<std::uint64_t>(count);
        if (script_.endless && sent_ == script_.text.size())
            sent_ = 0;
        if (script_.pause.count() != 0)
            break;
    }
    if (sent_ == script_.text.size() && !script_.verifies)
        leaves_ = now + script_.hold;
}

void Misbehaving::receive() {
    if (!script_.reads)
        return;
    const std::size_t most = std::min(script_.piece, local_.received.size());
    const auto count = recv(socket_.number(), local_.received.data(), most, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        counts().ended++;
        done_ = true;
        return;
    }
    counts().received += static_cast<std::uint64_t>(count);
    if (script_.verifies)
        done_ = take({local_.received.data(), static_cast<std::size_t>(count)});
}

/// Whether the answer has ended.
bool Misbehaving::take(std::string_view received) {
    const Taken taken = protocol_->take(received);
    if (taken.state == Taken::State::wrong)
        local_.statistics.add(Error::wrong,
                              fmt::format("slow client {}: {}", index_, taken.problem));
    return taken.state != Taken::State::more;
}

void Misbehaving::fail(Time now) {
    counts().failed++;
    end_turn();
    rest(now);
    next_ = now + after_refusal;
}

void Misbehaving::end_turn() {
    has_turn_ = false;
    local_.run.end_turn();
}

/// Leaves this connection; after a while comes the next one.
void Misbehaving::rest(Time now) {
    socket_.close();
    state_ = State::pausing;
    next_ =
        now + Milliseconds(random_.between(0, static_cast<std::uint64_t>(longest_rest.count())));
}

/// Which events of the socket matter now. Errors always do.
void Misbehaving::watch() {
    const bool has_more = script_.endless || sent_ < script_.text.size();
    std::uint32_t events = 0;
    if (script_.piece != 1)
        events = (script_.reads ? EPOLLIN : 0U) | (has_more ? EPOLLOUT : 0U);
    local_.poller.change(socket_, events, this);
}

} // namespace load
