// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// So much of lwIP as sockets call. Its buffers are memory of their own, of exactly their size, so
/// whoever reads beside one is found out; connections do what the test says.
/// Read next: labs/7-tcp-server/tests/played/lwip.cpp; lwIP's doc/rawapi.txt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// NOLINTBEGIN(readability-identifier-naming): names are lwIP's

using u8_t = uint8_t;
using u16_t = uint16_t;
using u32_t = uint32_t;
using err_t = int8_t;

enum : err_t {
    ERR_OK = 0,
    ERR_MEM = -1,
    ERR_RTE = -4,
    ERR_VAL = -6,
    ERR_USE = -8,
    ERR_CONN = -11,
    ERR_ABRT = -13,
    ERR_RST = -14,
    ERR_CLSD = -15,
    ERR_TIMEOUT = -3,
};

struct ip_addr_t {
    u32_t addr;
};
inline void ip4_addr_set_u32(ip_addr_t* address, u32_t value) { address->addr = value; }
inline u32_t ip4_addr_get_u32(const ip_addr_t* address) { return address->addr; }
inline u32_t lwip_htonl(u32_t value) { return __builtin_bswap32(value); }
inline u32_t lwip_ntohl(u32_t value) { return __builtin_bswap32(value); }
constexpr u32_t IP_LOOPBACKNET = 127;
constexpr const ip_addr_t* IP_ANY_TYPE = nullptr;

struct netif {
    ip_addr_t ip_addr;
};
inline netif* netif_default = nullptr;
inline const ip_addr_t* netif_ip4_addr(const netif* interface) { return &interface->ip_addr; }

/// A part of a packet; `tot_len` is the length of this part and all behind it.
struct pbuf {
    pbuf* next;
    void* payload;
    u16_t tot_len;
    u16_t len;
};
enum pbuf_layer : uint8_t { PBUF_TRANSPORT, PBUF_RAW };
enum pbuf_type : uint8_t { PBUF_RAM };

pbuf* pbuf_alloc(pbuf_layer layer, u16_t length, pbuf_type type);
u8_t pbuf_free(pbuf* buffer);
void pbuf_cat(pbuf* head, pbuf* tail);
pbuf* pbuf_free_header(pbuf* buffer, u16_t bytes);
u8_t pbuf_header_force(pbuf* buffer, int16_t bytes);
err_t pbuf_take(pbuf* buffer, const void* data, u16_t bytes);
u16_t pbuf_copy_partial(const pbuf* buffer, void* to, u16_t bytes, u16_t offset);

enum tcp_state : uint8_t { CLOSED, ESTABLISHED };
struct tcp_pcb;
using tcp_accept_fn = err_t (*)(void* arg, tcp_pcb* made, err_t error);
using tcp_connected_fn = err_t (*)(void* arg, tcp_pcb* pcb, err_t error);
using tcp_recv_fn = err_t (*)(void* arg, tcp_pcb* pcb, pbuf* data, err_t error);
using tcp_sent_fn = err_t (*)(void* arg, tcp_pcb* pcb, u16_t bytes);
using tcp_poll_fn = err_t (*)(void* arg, tcp_pcb* pcb);
using tcp_err_fn = void (*)(void* arg, err_t error);

struct tcp_pcb {
    tcp_state state = CLOSED;
    u32_t rcv_nxt = 0;
    u32_t lastack = 0;
    ip_addr_t remote_ip = {};
    u16_t remote_port = 0;
    u16_t local_port = 0;
    void* arg = nullptr;
    tcp_connected_fn connected = nullptr;
    tcp_recv_fn recv = nullptr;
    tcp_sent_fn sent = nullptr;
    tcp_err_fn failed = nullptr;
};

constexpr u8_t TCP_PRIO_MIN = 1;
constexpr u8_t TCP_PRIO_NORMAL = 64;
constexpr u8_t TCP_WRITE_FLAG_COPY = 1;
constexpr u8_t SOF_REUSEADDR = 4;
constexpr u8_t SOF_KEEPALIVE = 8;

tcp_pcb* tcp_new();
void tcp_recved(tcp_pcb* pcb, u16_t bytes);
err_t tcp_connect(tcp_pcb* pcb, const ip_addr_t* to, u16_t port, tcp_connected_fn connected);
inline void tcp_arg(tcp_pcb* pcb, void* arg) { pcb->arg = arg; }
inline void tcp_recv(tcp_pcb* pcb, tcp_recv_fn recv) { pcb->recv = recv; }
inline void tcp_sent(tcp_pcb* pcb, tcp_sent_fn sent) { pcb->sent = sent; }
inline void tcp_err(tcp_pcb* pcb, tcp_err_fn failed) { pcb->failed = failed; }
inline void tcp_poll(tcp_pcb*, tcp_poll_fn, u8_t) {}
inline void tcp_accept(tcp_pcb*, tcp_accept_fn) {}
inline void tcp_setprio(tcp_pcb*, u8_t) {}
inline void tcp_nagle_disable(tcp_pcb*) {}
inline void ip_set_option(tcp_pcb*, u8_t) {}
inline err_t tcp_bind(tcp_pcb*, const ip_addr_t*, u16_t) { return ERR_OK; }
inline tcp_pcb* tcp_listen_with_backlog_and_err(tcp_pcb* pcb, u8_t, err_t*) { return pcb; }
inline u16_t tcp_sndbuf(const tcp_pcb*) { return UINT16_MAX; }
inline err_t tcp_write(tcp_pcb*, const void*, u16_t, u8_t) { return ERR_OK; }
inline err_t tcp_output(tcp_pcb*) { return ERR_OK; }
inline err_t tcp_shutdown(tcp_pcb*, int, int) { return ERR_OK; }
inline err_t tcp_close(tcp_pcb*) { return ERR_OK; }
inline void tcp_abort(tcp_pcb*) {}

// NOLINTEND(readability-identifier-naming)

namespace played {

/// All that clients have taken of connections, since the beginning: bytes of tcp_recved.
inline uint64_t window_given = 0;
/// Buffers that there are.
inline unsigned buffers = 0;

/// A buffer with this text, in parts of at most so many bytes.
pbuf* buffer_of(std::string_view text, size_t part = UINT16_MAX);

} // namespace played
