// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sockets: what lwIP and a client say to each other, one for each handle. An event of either side
/// changes what the socket knows, and then it makes what progress it can: a request that waits is
/// answered as soon as there is an answer, and room for it in the client's ring.
///
///     client ── request ──> Handles ──> Socket ──> lwIP ──> frames
///            <── reply ────           <── progress <── callback
///
/// Nothing here is allocated but a socket itself, from a pool of which each client has a share: a
/// request that waits is one word. And a socket keeps no more data than lwIP's heap has for all of
/// them (port/lwipopts.h), so no client takes what another one needs.
/// Read next: client_end.hpp; lwIP's doc/rawapi.txt.
/// @stage{7}
#pragma once

#include "user/net/protocol.hpp"

#include <lwip/tcp.h>
#include <lwip/udp.h>
#include <span>

namespace netsrv {

using abi::Word;
using net::Error;

class Owner;

class Socket {
public:
    enum class Kind : uint8_t { none, listener, stream, datagrams };

    /// A request that waits: its header. 0: none does.
    using Waiting = Word;

    Socket() = default;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    // Each begins a socket, or says why it cannot.
    /// A connection of which nothing is heard for `patience` seconds is broken off; 0: it is not.
    Error listen(uint16_t port, unsigned backlog, unsigned patience);
    Error connect(net::Endpoint to, Waiting request);
    Error open_udp(uint16_t port);

    // Each answers its request, now or later, or says why it cannot.
    Error accept(Waiting request);
    Error receive(Waiting request);
    /// `first` and `second` are the data, in the ring; if it `exchanges`, it receives after that.
    Error send(Waiting request, std::span<const std::byte> first, std::span<const std::byte> second,
               bool exchanges);
    Error send_to(net::Endpoint to, std::span<const std::byte> first,
                  std::span<const std::byte> second);
    Error finish();

    /// Answers what can be answered.
    void progress();
    /// What waits is answered with an error; nothing is left of it.
    void close();

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] uint16_t port() const;
    /// Has it not ended?
    [[nodiscard]] bool lives() const { return tcp_ != nullptr || udp_ != nullptr; }
    // Of connections that came to a listener, and live.
    /// Has the other end said nothing yet?
    [[nodiscard]] bool is_silent() const {
        return came_ && tcp_ != nullptr && tcp_->rcv_nxt == first_;
    }
    /// Seconds in which nothing new was heard; 0 if they are few.
    [[nodiscard]] unsigned idle() const;
    /// It is broken off in favour of others.
    void give_way();

private:
    friend class SocketPool;
    friend class Handles;

    static err_t accepted(void* self, tcp_pcb* made, err_t error);
    static err_t connected(void* self, tcp_pcb* pcb, err_t error);
    static err_t received(void* self, tcp_pcb* pcb, pbuf* data, err_t error);
    static err_t sent(void* self, tcp_pcb* pcb, u16_t bytes);
    static err_t polled(void* self, tcp_pcb* pcb);
    static void failed(void* self, err_t error);
    static void datagram(void* self, udp_pcb* pcb, pbuf* data, const ip_addr_t* from, u16_t port);

    void be_stream(tcp_pcb* pcb);
    unsigned write(std::span<const std::byte> data);
    bool keep_unsent(std::span<const std::byte> data);
    void write_unsent();
    void keep(pbuf* data);
    bool fill(const pbuf& data);
    void fail(Error error);
    void unlink(Socket& made);
    void drop_silent();
    void progress_accept();
    void progress_receive();
    void progress_send();
    bool receive_from();

    Kind kind_ = Kind::none;
    Error error_ = Error::none; ///< of the stream: there is nothing more to come
    uint8_t stalled_ = 0;       ///< looks since the other end has taken something of unsent_
    bool ended_ = false;        ///< the other end has said that it sends no more
    bool exchanges_ = false;    ///< the request that waits in send_ receives afterwards
    bool came_ = false;         ///< it is a connection that came to a listener
    uint16_t handle_ = 0;
    uint16_t room_ = 0;     ///< bytes, behind the last of data_
    uint16_t idle_ = 0;     ///< seconds in which nothing new was heard
    uint16_t patience_ = 0; ///< so long; 0: for ever. A listener's: for its connections
    uint32_t heard_ = 0;    ///< bytes of the other end, and bytes that it has acknowledged
    uint32_t first_ = 0;    ///< number of its first byte
    Owner* owner_ = nullptr;
    tcp_pcb* tcp_ = nullptr;
    udp_pcb* udp_ = nullptr;
    Waiting connect_ = 0;
    Waiting accept_ = 0;
    Waiting receive_ = 0;
    Waiting send_ = 0;
    pbuf* data_ = nullptr;       ///< received, and not taken yet
    pbuf* unsent_ = nullptr;     ///< of send_: what the stack had no room for
    Socket* next_ = nullptr;     ///< free; or a connection that was not accepted yet
    Socket* last_ = nullptr;     ///< of a listener's connections that were not accepted yet
    Socket* listener_ = nullptr; ///< whose queue it is in
    unsigned queued_ = 0;
    unsigned backlog_ = 0;
};

/// All sockets there are.
class SocketPool {
public:
    static constexpr unsigned size = 1024;

    /// Null if all are in use.
    Socket* take();
    void give_back(Socket& socket);
    [[nodiscard]] unsigned used() const { return used_; }
    [[nodiscard]] unsigned free() const { return size - used_; }

private:
    Socket sockets_[size];
    Socket* free_ = nullptr; ///< of those that were used before
    unsigned fresh_ = 0;     ///< from here on none was ever used
    unsigned used_ = 0;
};

} // namespace netsrv
