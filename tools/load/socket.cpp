// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See socket.hpp.
/// @stage{none}
#include "tools/load/socket.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/core.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace load {

namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

void Descriptor::close() {
    if (number_ >= 0)
        ::close(std::exchange(number_, -1));
}

Address Address::of(const std::string& host, std::uint16_t port) {
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (error != 0)
        throw std::runtime_error(fmt::format("{} is no known host: {}", host, gai_strerror(error)));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, freeaddrinfo);
    Address address;
    std::memcpy(&address.bytes, list->ai_addr, list->ai_addrlen);
    address.length = list->ai_addrlen;
    return address;
}

Descriptor connecting(const Address& address) {
    Descriptor socket(
        ::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket)
        return socket;
    const int on = 1;
    setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address.bytes),
                  address.length) == 0 ||
        errno == EINPROGRESS)
        return socket;
    const int error = errno;
    socket.close();
    errno = error;
    return socket;
}

int connect_error(const Descriptor& socket) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

void break_at_close(const Descriptor& socket) {
    const linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void receive_little(const Descriptor& socket) {
    const int bytes = 2048;
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void allow_descriptors(std::size_t count) {
    rlimit limit = {};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        fail("the limit of descriptors");
    if (limit.rlim_cur >= count)
        return;
    if (limit.rlim_max < count)
        throw std::runtime_error(
            fmt::format("this needs {} open files and this machine allows {} (ulimit -Hn)", count,
                        limit.rlim_max));
    limit.rlim_cur = count;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        fail("the limit of descriptors");
}

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_)
        fail("epoll");
}

void Poller::add(const Descriptor& socket, std::uint32_t events, void* object) {
    epoll_event event = {.events = events, .data = {.ptr = object}};
    if (epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, socket.number(), &event) != 0)
        fail("epoll");
}

void Poller::change(const Descriptor& socket, std::uint32_t events, void* object) {
    epoll_event event = {.events = events, .data = {.ptr = object}};
    if (epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, socket.number(), &event) != 0)
        fail("epoll");
}

std::span<const epoll_event> Poller::wait(int milliseconds) {
    const int count = epoll_wait(epoll_.number(), events_, batch, milliseconds);
    if (count < 0 && errno != EINTR)
        fail("epoll");
    return {events_, static_cast<std::size_t>(count < 0 ? 0 : count)};
}

Event::Event() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!event_)
        fail("eventfd");
}

void Event::set() const {
    const std::uint64_t one = 1;
    const auto written = write(event_.number(), &one, sizeof one);
    static_cast<void>(written); // it is set already if there is no room
}

void Event::clear() const {
    std::uint64_t count = 0;
    const auto got = read(event_.number(), &count, sizeof count);
    static_cast<void>(got); // it was not set if there is nothing
}

} // namespace load
