// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The connection that a segment is for. lwIP walks through all of them; here the last one that was
/// found under a hash is tried first, so that the work for a segment does not grow with the number
/// of connections.
///
///     hash of address and ports ──> pcb, if it is still that connection
///
/// Nothing has to be taken out when a connection ends. Control blocks lie in a static pool, so one
/// that is free can be looked at; and lwIP sets its port to zero, or its state to one that is not
/// active, when it takes it off the list.
/// Read next: lwip.patch, which calls this.
/// @stage{7}
#include <lwip/priv/tcp_priv.h>

namespace {

constexpr unsigned places = 4096; ///< four times as many as connections
constinit tcp_pcb* known[places] = {};

unsigned hash(u32_t address, u16_t remote, u16_t local) {
    const u32_t mixed = (address ^ (u32_t{remote} << 16 | local)) * 0x9e37'79b1U;
    return mixed >> 20;
}
static_assert(places == 1U << (32 - 20));

bool is_active(const tcp_pcb& pcb) { return pcb.state >= SYN_SENT && pcb.state <= LAST_ACK; }
static_assert(SYN_SENT == LISTEN + 1 && TIME_WAIT == LAST_ACK + 1);

} // namespace

/// Null if there is none. Ports are those of the machine's byte order.
extern "C" tcp_pcb* netsrv_find_pcb(const ip_addr_t* remote, u16_t remote_port, u16_t local_port) {
    const u32_t address = ip4_addr_get_u32(remote);
    const auto is_it = [&](const tcp_pcb& pcb) {
        return pcb.remote_port == remote_port && pcb.local_port == local_port &&
               ip4_addr_get_u32(&pcb.remote_ip) == address;
    };
    tcp_pcb*& last = known[hash(address, remote_port, local_port)];
    if (last != nullptr && is_it(*last) && is_active(*last))
        return last;
    for (tcp_pcb* pcb = tcp_active_pcbs; pcb != nullptr; pcb = pcb->next) {
        if (is_it(*pcb))
            return last = pcb;
    }
    return nullptr;
}
