// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The same for datagrams.
#pragma once

#include <lwip/tcp.h>

// NOLINTBEGIN(readability-identifier-naming): names are lwIP's

struct udp_pcb;
using udp_recv_fn = void (*)(void* arg, udp_pcb* pcb, pbuf* data, const ip_addr_t* from,
                             u16_t port);

struct udp_pcb {
    u16_t local_port = 0;
    udp_recv_fn recv = nullptr;
    void* arg = nullptr;
};

constexpr unsigned UDP_HLEN = 8;

udp_pcb* udp_new();
inline void udp_recv(udp_pcb* pcb, udp_recv_fn recv, void* arg) {
    pcb->recv = recv;
    pcb->arg = arg;
}
inline err_t udp_bind(udp_pcb*, const ip_addr_t*, u16_t) { return ERR_OK; }
inline err_t udp_sendto(udp_pcb*, pbuf*, const ip_addr_t*, u16_t) { return ERR_OK; }
inline void udp_remove(udp_pcb*) {}

// NOLINTEND(readability-identifier-naming)

namespace played {

/// Those that were made last.
inline tcp_pcb* last_tcp = nullptr;
inline udp_pcb* last_udp = nullptr;

} // namespace played
