// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Descriptors and what is done with them: sockets that never block, epoll, and an event that one
/// thread, or a signal's handler, sends to another.
/// Always holds: a descriptor is closed exactly once, by the object that has it.
/// @stage{none}
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

namespace load {

/// A descriptor that is closed with its object; -1 is none.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] explicit operator bool() const { return number_ >= 0; }
    void close();

private:
    int number_ = -1;
};

/// Where the server is.
struct Address {
    sockaddr_storage bytes = {};
    socklen_t length = 0;

    /// @throws std::runtime_error, a sentence, if the host is not known
    static Address of(const std::string& host, std::uint16_t port);
};

/// Begins to connect. When the socket can be written, connect_error() tells how that went; with an
/// error at once there is no descriptor, and errno says which.
Descriptor connecting(const Address& address);
/// 0 or the errno of the last attempt.
int connect_error(const Descriptor& socket);
/// Closing breaks the connection (RST) instead of ending it (FIN).
void break_at_close(const Descriptor& socket);
/// What the system keeps for a slow reader is little.
void receive_little(const Descriptor& socket);
/// Lets this process have so many descriptors. @throws std::runtime_error, a sentence
void allow_descriptors(std::size_t count);

/// epoll; each descriptor has an object to call.
class Poller {
public:
    Poller();
    void add(const Descriptor& socket, std::uint32_t events, void* object);
    void change(const Descriptor& socket, std::uint32_t events, void* object);
    /// Waits for so many milliseconds at most.
    std::span<const epoll_event> wait(int milliseconds);

private:
    static constexpr int batch = 256;

    Descriptor epoll_;
    epoll_event events_[batch] = {};
};

/// Set by one thread, seen by others.
class Event {
public:
    Event();
    /// Safe in a signal handler.
    void set() const;
    void clear() const;
    [[nodiscard]] const Descriptor& descriptor() const { return event_; }

private:
    Descriptor event_;
};

} // namespace load
