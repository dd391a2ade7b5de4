// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See sockets.hpp. lwIP's callbacks are static and get the socket as their argument; a stream that
/// lwIP has given up (failed) has no pcb any more.
/// @stage{7}
#include "user/netsrv/sockets.hpp"

#include "kernel/lib/todo.hpp"
#include "user/netsrv/owner.hpp"

#include <algorithm>
#include <string.h>
#include <utility>

namespace netsrv {

namespace {

/// Of lwIP's slow timer, in a second.
constexpr u8_t poll_ticks = 2;
/// So many of these looks, 30 seconds, may pass while the other end takes nothing.
constexpr unsigned most_stalled = 30;
/// Looks that are counted.
constexpr unsigned most_idle = 0xffff;
/// After fewer of them a connection is not idle.
constexpr unsigned least_idle = 2;

/// In front of each datagram that is kept, where its UDP header was.
struct DatagramHead {
    uint32_t address;
    uint16_t port;
    uint16_t bytes;
};
static_assert(sizeof(DatagramHead) == UDP_HLEN);
/// Bytes of datagrams that are kept for a socket, heads included.
constexpr unsigned most_kept = 8 * 1024;
/// Bytes that are taken at least for data that is kept behind other data.
constexpr u16_t chunk = 512;

/// Who gives way if control blocks are used up: first a connection that nobody has a handle of,
/// then one that is half-open, and one with a handle never.
constexpr u8_t priority_left = TCP_PRIO_MIN;
constexpr u8_t priority_half_open = TCP_PRIO_MIN + 1;
constexpr u8_t priority_in_use = TCP_PRIO_NORMAL;
static_assert(priority_half_open < priority_in_use);

constexpr uint32_t loopback_network = IP_LOOPBACKNET;

/// Where lwIP finds it: 127.0.0.1 is the machine's own address.
ip_addr_t address_of(net::Endpoint endpoint) {
    ip_addr_t address;
    ip4_addr_set_u32(&address, lwip_htonl(endpoint.address));
    return endpoint.address >> 24 == loopback_network ? *netif_ip4_addr(netif_default) : address;
}

net::Endpoint endpoint_of(const ip_addr_t& address, u16_t port) {
    return {lwip_ntohl(ip4_addr_get_u32(&address)), port};
}

Error error_of(err_t error) {
    switch (error) {
    case ERR_OK:
        return Error::none;
    case ERR_USE:
        return Error::port_in_use;
    case ERR_RTE:
        return Error::unreachable;
    case ERR_RST:
        return Error::reset;
    case ERR_ABRT:
    case ERR_TIMEOUT:
        return Error::timed_out;
    case ERR_CLSD:
    case ERR_CONN:
        return Error::closed;
    default:
        return Error::no_memory;
    }
}

Socket& of(void* self) { return *static_cast<Socket*>(self); }

/// The data of a message in one piece, until the next such call.
std::span<const std::byte> joined(std::span<const std::byte> first,
                                  std::span<const std::byte> second) {
    static constinit std::byte place[net::most_data] = {};
    memcpy(place, first.data(), first.size());
    memcpy(place + first.size(), second.data(), second.size());
    return {place, first.size() + second.size()};
}

} // namespace

// Your own helpers: begin
// Your own helpers: end

Error Socket::listen(uint16_t port, unsigned backlog, unsigned patience) {
    if (port == 0)
        return Error::bad_port;
    tcp_pcb* const pcb = tcp_new();
    if (pcb == nullptr)
        return Error::no_memory;
    ip_set_option(pcb, SOF_REUSEADDR);
    tcp_setprio(pcb, priority_half_open);
    err_t error = tcp_bind(pcb, IP_ANY_TYPE, port);
    tcp_pcb* const listening = error == ERR_OK
                                   ? tcp_listen_with_backlog_and_err(
                                         pcb, static_cast<u8_t>(std::min(backlog, 255U)), &error)
                                   : nullptr;
    if (listening == nullptr) {
        tcp_close(pcb);
        return error_of(error);
    }
    kind_ = Kind::listener;
    backlog_ = std::min(backlog, 255U);
    patience_ = static_cast<uint16_t>(std::min(patience, most_idle - 1));
    tcp_ = listening;
    tcp_arg(listening, this);
    tcp_accept(listening, accepted);
    return Error::none;
}

Error Socket::connect(net::Endpoint to, Waiting request) {
    tcp_pcb* const pcb = tcp_new();
    if (pcb == nullptr)
        return Error::no_memory;
    be_stream(pcb);
    const ip_addr_t address = address_of(to);
    const err_t error = tcp_connect(pcb, &address, to.port, connected);
    if (error == ERR_OK)
        connect_ = request;
    return error_of(error);
}

Error Socket::open_udp(uint16_t port) {
    udp_ = udp_new();
    if (udp_ == nullptr)
        return Error::no_memory;
    kind_ = Kind::datagrams;
    udp_recv(udp_, datagram, this);
    return error_of(udp_bind(udp_, IP_ANY_TYPE, port));
}

void Socket::be_stream(tcp_pcb* pcb) {
    kind_ = Kind::stream;
    tcp_ = pcb;
    tcp_setprio(pcb, priority_in_use);
    tcp_nagle_disable(pcb);
    ip_set_option(pcb, SOF_KEEPALIVE);
    tcp_arg(pcb, this);
    tcp_recv(pcb, received);
    tcp_sent(pcb, sent);
    tcp_err(pcb, failed);
    tcp_poll(pcb, polled, poll_ticks);
}

uint16_t Socket::port() const {
    if (udp_ != nullptr)
        return udp_->local_port;
    return tcp_ != nullptr ? tcp_->local_port : 0;
}

Error Socket::accept(Waiting request) {
    if (kind_ != Kind::listener)
        return Error::bad_handle;
    if (accept_ != 0)
        return Error::busy;
    accept_ = request;
    progress_accept();
    return Error::none;
}

/// A connection was made. It gets a handle of the listener's owner, or is refused; and others give
/// way for those that come next.
err_t Socket::accepted(void* self, tcp_pcb* made, err_t error) {
    if (self == nullptr || made == nullptr || error != ERR_OK)
        return ERR_VAL;
    Socket& listener = of(self);
    if (listener.queued_ == listener.backlog_)
        listener.drop_silent();
    Socket* const socket =
        listener.queued_ < listener.backlog_ ? listener.owner_->open_socket() : nullptr;
    if (socket == nullptr) {
        tcp_abort(made);
        return ERR_ABRT;
    }
    socket->be_stream(made);
    socket->listener_ = &listener;
    socket->came_ = true;
    socket->first_ = made->rcv_nxt;
    socket->patience_ = listener.patience_;
    (listener.next_ == nullptr ? listener.next_ : listener.last_->next_) = socket;
    listener.last_ = socket;
    listener.queued_++;
    listener.progress_accept();
    listener.owner_->keep_room();
    return ERR_OK;
}

/// A connection that was not accepted yet is in the queue no more.
void Socket::unlink(Socket& made) {
    Socket* before = nullptr;
    for (Socket* each = next_; each != &made; each = each->next_)
        before = each;
    (before == nullptr ? next_ : before->next_) = std::exchange(made.next_, nullptr);
    if (last_ == &made)
        last_ = before;
    made.listener_ = nullptr;
    queued_--;
}

/// The queue is full: of those in it that have said nothing yet the first one gives way.
void Socket::drop_silent() {
    Socket* each = next_;
    while (each != nullptr && !each->is_silent())
        each = each->next_;
    if (each != nullptr)
        each->give_way();
}

void Socket::progress_accept() {
    if (accept_ == 0 || next_ == nullptr)
        return;
    Socket& made = *next_;
    const Word from =
        made.tcp_ == nullptr ? 0 : endpoint_of(made.tcp_->remote_ip, made.tcp_->remote_port).word();
    const Word words[] = {made.handle_, 0, from};
    if (!owner_->answer(accept_, Error::none, words))
        return;
    accept_ = 0;
    unlink(made);
}

err_t Socket::connected(void* self, tcp_pcb*, err_t) {
    of(self).progress();
    return ERR_OK;
}

Error Socket::receive(Waiting request) {
    if (kind_ != Kind::stream && kind_ != Kind::datagrams)
        return Error::bad_handle;
    if (receive_ != 0)
        return Error::busy;
    receive_ = request;
    progress_receive();
    return Error::none;
}

err_t Socket::received(void* self, tcp_pcb*, pbuf* data, err_t) {
    Socket& socket = of(self);
    if (data == nullptr)
        socket.ended_ = true;
    else
        socket.keep(data);
    socket.progress_receive();
    return ERR_OK;
}

/// Data that was received, behind what is there. The first piece stays where it is, in a buffer of
/// the card, which has few; what comes behind it is copied. So much is kept as there are bytes,
/// however small the pieces are.
void Socket::keep(pbuf* data) {
    if (data_ != nullptr && fill(*data)) {
        pbuf_free(data);
        return;
    }
    room_ = 0;
    if (data_ == nullptr)
        data_ = data;
    else
        pbuf_cat(data_, data);
}

/// Copies data into the room behind what is there, and what remains into a new chunk.
bool Socket::fill(const pbuf& data) {
    const u16_t first = std::min(room_, data.tot_len);
    const u16_t rest = static_cast<u16_t>(data.tot_len - first);
    pbuf* const more = rest == 0 ? nullptr : pbuf_alloc(PBUF_RAW, std::max(rest, chunk), PBUF_RAM);
    if (rest != 0 && more == nullptr)
        return false;
    pbuf* last = data_;
    for (;; last = last->next) {
        last->tot_len = static_cast<u16_t>(last->tot_len + first);
        if (last->next == nullptr)
            break;
    }
    pbuf_copy_partial(&data, static_cast<std::byte*>(last->payload) + last->len, first, 0);
    last->len = static_cast<u16_t>(last->len + first);
    room_ = static_cast<uint16_t>(room_ - first);
    if (more != nullptr) {
        pbuf_copy_partial(&data, more->payload, rest, first);
        room_ = static_cast<uint16_t>(more->len - rest);
        more->len = more->tot_len = rest;
        pbuf_cat(data_, more);
    }
    return true;
}

/// @lab{7.3} answers the request that waits, with data, or with the end or the error that comes
/// after the last of it; what the client has, the other end may send again
void Socket::progress_receive() {
    if (receive_ == 0)
        return;
    if (kind_ == Kind::datagrams) {
        if (data_ != nullptr && receive_from())
            receive_ = 0;
        return;
    }
    if (data_ == nullptr) {
        if ((ended_ || error_ != Error::none) && owner_->answer(receive_, error_, {}))
            receive_ = 0;
        return;
    }
    const unsigned bytes = owner_->room_for_data(data_->tot_len);
    if (bytes == 0)
        return;
    owner_->answer_data(std::exchange(receive_, 0), data_, bytes);
    data_ = pbuf_free_header(data_, static_cast<u16_t>(bytes));
    if (tcp_ != nullptr)
        tcp_recved(tcp_, static_cast<u16_t>(bytes));
}

Error Socket::send(Waiting request, std::span<const std::byte> first,
                   std::span<const std::byte> second, bool exchanges) {
    if (kind_ != Kind::stream)
        return Error::bad_handle;
    if (send_ != 0 || (exchanges && receive_ != 0))
        return Error::busy;
    if (tcp_ == nullptr)
        return error_ == Error::none ? Error::closed : error_;
    const std::span<const std::byte> data = second.empty() ? first : joined(first, second);
    const unsigned written = write(data);
    if (written < data.size() && !keep_unsent(data.subspan(written))) {
        tcp_abort(tcp_); // a part of it is in the stack already
        return Error::no_memory;
    }
    tcp_output(tcp_);
    send_ = request;
    exchanges_ = exchanges;
    progress_send();
    return Error::none;
}

/// Copies into the stack as much as it takes.
unsigned Socket::write(std::span<const std::byte> data) {
    const u16_t bytes = static_cast<u16_t>(std::min<size_t>(data.size(), tcp_sndbuf(tcp_)));
    if (bytes == 0)
        return 0;
    return tcp_write(tcp_, data.data(), bytes, TCP_WRITE_FLAG_COPY) == ERR_OK ? bytes : 0;
}

bool Socket::keep_unsent(std::span<const std::byte> data) {
    unsent_ = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(data.size()), PBUF_RAM);
    if (unsent_ != nullptr)
        memcpy(unsent_->payload, data.data(), data.size());
    return unsent_ != nullptr;
}

void Socket::write_unsent() {
    while (unsent_ != nullptr && tcp_ != nullptr) {
        const unsigned bytes = write({static_cast<std::byte*>(unsent_->payload), unsent_->len});
        if (bytes == 0)
            return;
        unsent_ = pbuf_free_header(unsent_, static_cast<u16_t>(bytes));
    }
}

err_t Socket::sent(void* self, tcp_pcb*, u16_t) {
    Socket& socket = of(self);
    if (socket.unsent_ == nullptr)
        return ERR_OK;
    socket.stalled_ = 0;
    socket.write_unsent();
    socket.progress_send();
    return ERR_OK;
}

/// Once a second, for those of whom nothing is heard, and for what the heap was full for. Who takes
/// nothing for long is given up: what is kept for it others need.
err_t Socket::polled(void* self, tcp_pcb* pcb) {
    Socket& socket = of(self);
    const uint32_t heard = pcb->rcv_nxt + pcb->lastack;
    if (std::exchange(socket.heard_, heard) != heard)
        socket.idle_ = 0;
    else if (socket.idle_ != most_idle)
        socket.idle_++;
    if (socket.patience_ != 0 && socket.idle_ > socket.patience_) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    if (socket.unsent_ != nullptr) {
        if (++socket.stalled_ > most_stalled) {
            tcp_abort(pcb);
            return ERR_ABRT;
        }
        socket.write_unsent();
        tcp_output(pcb);
        socket.progress_send();
    }
    return ERR_OK;
}

void Socket::progress_send() {
    if (send_ == 0)
        return;
    if (error_ != Error::none) {
        if (owner_->answer(send_, error_, {}))
            send_ = 0;
        return;
    }
    if (unsent_ != nullptr)
        return;
    if (exchanges_) {
        receive_ = std::exchange(send_, 0);
        return progress_receive();
    }
    if (owner_->answer(send_, Error::none, {}))
        send_ = 0;
}

Error Socket::finish() {
    if (kind_ != Kind::stream)
        return Error::bad_handle;
    if (send_ != 0)
        return Error::busy;
    if (tcp_ == nullptr)
        return error_ == Error::none ? Error::closed : error_;
    return error_of(tcp_shutdown(tcp_, 0, 1));
}

/// lwIP has given the stream up: its pcb is gone already. Nobody waits for one that was not
/// accepted yet, so it takes no place of others.
void Socket::failed(void* self, err_t error) {
    if (self == nullptr)
        return;
    Socket& socket = of(self);
    socket.tcp_ = nullptr;
    if (socket.listener_ != nullptr) {
        socket.listener_->unlink(socket);
        return socket.owner_->release(socket);
    }
    socket.fail(socket.connect_ != 0 && error == ERR_RST ? Error::refused : error_of(error));
}

unsigned Socket::idle() const {
    return came_ && tcp_ != nullptr && idle_ >= least_idle ? idle_ : 0;
}

void Socket::give_way() { tcp_abort(tcp_); }

void Socket::fail(Error error) {
    error_ = error;
    if (unsent_ != nullptr)
        pbuf_free(std::exchange(unsent_, nullptr));
    progress();
}

void Socket::progress() {
    if (connect_ != 0 &&
        (error_ != Error::none || (tcp_ != nullptr && tcp_->state == ESTABLISHED))) {
        const Word words[] = {handle_};
        if (owner_->answer(connect_, error_, words))
            connect_ = 0;
    }
    progress_accept();
    progress_send();
    progress_receive();
}

Error Socket::send_to(net::Endpoint to, std::span<const std::byte> first,
                      std::span<const std::byte> second) {
    if (kind_ != Kind::datagrams)
        return Error::bad_handle;
    const size_t bytes = first.size() + second.size();
    pbuf* const packet = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(bytes), PBUF_RAM);
    if (packet == nullptr)
        return Error::no_memory;
    memcpy(packet->payload, first.data(), first.size());
    memcpy(static_cast<std::byte*>(packet->payload) + first.size(), second.data(), second.size());
    const ip_addr_t address = address_of(to);
    const err_t error = udp_sendto(udp_, packet, &address, to.port);
    pbuf_free(packet);
    return error_of(error);
}

/// Keeps a datagram behind the others, with a head in place of its UDP header.
void Socket::datagram(void* self, udp_pcb*, pbuf* data, const ip_addr_t* from, u16_t port) {
    Socket& socket = of(self);
    const unsigned kept = socket.data_ == nullptr ? 0 : socket.data_->tot_len;
    const u16_t bytes = data->tot_len;
    if (kept + bytes + sizeof(DatagramHead) > most_kept ||
        pbuf_header_force(data, sizeof(DatagramHead)) != 0) { // it was the UDP header's place
        pbuf_free(data);
        return;
    }
    const net::Endpoint sender = endpoint_of(*from, port);
    const DatagramHead head{sender.address, sender.port, bytes};
    pbuf_take(data, &head, sizeof head);
    socket.keep(data);
    socket.progress_receive();
}

/// Answers with the first datagram that is kept; what has no room in a message is lost.
bool Socket::receive_from() {
    DatagramHead head{};
    pbuf_copy_partial(data_, &head, sizeof head, 0);
    const unsigned wanted = std::min<unsigned>(head.bytes, net::most_data);
    const unsigned room = std::max(wanted, 1U); // an empty one is an answer, too
    if (owner_->room_for_data(room) < room)
        return false;
    pbuf* const rest = pbuf_free_header(data_, sizeof head);
    data_ = rest;
    const Word from = net::Endpoint{head.address, head.port}.word();
    owner_->answer_data(receive_, data_, wanted, from);
    if (data_ != nullptr)
        data_ = pbuf_free_header(data_, head.bytes);
    return true;
}

void Socket::close() {
    for (Waiting* waiting : {&connect_, &accept_, &receive_, &send_}) {
        if (*waiting != 0)
            owner_->answer(std::exchange(*waiting, 0), Error::closed, {});
    }
    while (next_ != nullptr && kind_ == Kind::listener) { // connections that nobody will accept
        Socket& made = *next_;
        unlink(made);
        owner_->release(made);
    }
    if (tcp_ != nullptr) {
        tcp_arg(tcp_, nullptr);
        if (kind_ == Kind::stream) {
            tcp_recv(tcp_, nullptr);
            tcp_sent(tcp_, nullptr);
            tcp_err(tcp_, nullptr);
            tcp_poll(tcp_, nullptr, 0);
            tcp_setprio(tcp_, priority_left);
        } else
            tcp_accept(tcp_, nullptr);
        if (tcp_close(tcp_) != ERR_OK)
            tcp_abort(tcp_);
    }
    if (udp_ != nullptr)
        udp_remove(udp_);
    if (data_ != nullptr)
        pbuf_free(data_);
    if (unsent_ != nullptr)
        pbuf_free(unsent_);
}

Socket* SocketPool::take() {
    Socket* const socket = free_;
    if (socket == nullptr && fresh_ == size)
        return nullptr;
    used_++;
    if (socket == nullptr)
        return &sockets_[fresh_++];
    free_ = std::exchange(socket->next_, nullptr);
    return socket;
}

void SocketPool::give_back(Socket& socket) {
    socket.~Socket();
    new (&socket) Socket;
    socket.next_ = std::exchange(free_, &socket);
    used_--;
}

} // namespace netsrv
