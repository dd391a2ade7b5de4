// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Half-open connections: a SYN came, and whoever sent it has not answered ours yet, or never will.
/// A listener may have as many as its backlog. If it has, or if no control block is left, the one
/// that has waited longest goes in favour of the new one: so a flood of them keeps nobody out who
/// answers within the time that the flood needs for a backlog.
///
///     SYN ──> make_room() ──> lwIP: SYN_RCVD ──ACK──> a socket
///
/// Read next: lwip.patch, which calls this; sockets.cpp for who else gives way.
/// @stage{7}
#include <lwip/priv/tcp_priv.h>
#include <lwip/stats.h>

namespace {

/// The one that has waited longest: lwIP puts new ones at the head of its list.
/// @param listener whose they are; null: anybody's
tcp_pcb* oldest_half_open(const tcp_pcb_listen* listener) {
    tcp_pcb* oldest = nullptr;
    for (tcp_pcb* pcb = tcp_active_pcbs; pcb != nullptr; pcb = pcb->next) {
        if (pcb->state == SYN_RCVD && (listener == nullptr || pcb->listener == listener))
            oldest = pcb;
    }
    return oldest;
}

bool none_left() {
    const stats_mem& pcbs = *lwip_stats.memp[MEMP_TCP_PCB];
    return pcbs.used == pcbs.avail && tcp_tw_pcbs == nullptr;
}

} // namespace

/// A SYN came for a listener.
extern "C" void netsrv_make_room(const tcp_pcb_listen* listener) {
    const bool full = listener->accepts_pending >= listener->backlog;
    tcp_pcb* const oldest =
        full || none_left() ? oldest_half_open(full ? listener : nullptr) : nullptr;
    if (oldest != nullptr)
        tcp_abandon(oldest, 0);
}
