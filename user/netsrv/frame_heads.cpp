// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See frame_heads.hpp.
/// @stage{7}
#include "user/netsrv/frame_heads.hpp"

#include <cstddef>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/ip4.h>
#include <string.h>

namespace netsrv {

namespace {

/// Any memory may be written through it.
using AnyWord [[gnu::may_alias]] = uint32_t;

} // namespace

bool FrameHeads::put(pbuf* packet, uint32_t to, size_t room) const {
    const Head& head = heads_[index_of(to)];
    if (head.to != to || to == 0 ||
        reinterpret_cast<uintptr_t>(packet->payload) % sizeof(uint32_t) != 0 ||
        room < sizeof head.words - SIZEOF_ETH_HDR ||
        pbuf_add_header(packet, SIZEOF_ETH_HDR + room) != 0)
        return false;
    std::byte* const packet_at = static_cast<std::byte*>(packet->payload) + SIZEOF_ETH_HDR + room;
    AnyWord* const words = reinterpret_cast<AnyWord*>(packet_at - sizeof head.words);
    for (unsigned i = 0; i < 4; i++)
        words[i] = head.words[i];
    return true;
}

void FrameHeads::learn(const pbuf* frame) {
    if (frame->len < SIZEOF_ETH_HDR + IP_HLEN)
        return;
    const std::byte* const start = static_cast<const std::byte*>(frame->payload);
    const eth_hdr& ethernet = *reinterpret_cast<const eth_hdr*>(start);
    if (ethernet.type != PP_HTONS(ETHTYPE_IP))
        return;
    const ip_hdr& ip = *reinterpret_cast<const ip_hdr*>(start + SIZEOF_ETH_HDR);
    Head& head = heads_[index_of(ip.dest.addr)];
    head.to = ip.dest.addr;
    memcpy(reinterpret_cast<std::byte*>(head.words) + sizeof head.words - SIZEOF_ETH_HDR, start,
           SIZEOF_ETH_HDR);
}

} // namespace netsrv
