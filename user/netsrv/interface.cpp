// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See interface.hpp.
/// @stage{7}
#include "user/netsrv/interface.hpp"

#include "user/netsrv/start.hpp"

#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/ip.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/tcp.h>
#include <lwip/prot/udp.h>
#include <netif/ethernet.h>
#include <string.h>
#include <utility>

// NOLINTNEXTLINE(misc-use-internal-linkage): lwIP's heap, see lwipopts.h
unsigned char* netsrv_heap = nullptr;

namespace netsrv {

static_assert(sizeof(virtio::NetDevice::Memory) + MEM_SIZE + MEM_ALIGNMENT * 8 <= card_memory);

namespace {

using virtio::NetDevice;
using virtio::NetHeader;

/// Frames that are handed to the stack before others have a turn.
constexpr unsigned budget = 32;
/// With fewer buffers at the device frames are copied.
constexpr unsigned few_buffers = NetDevice::buffers / 2;

constexpr u16_t checks = NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP;
constexpr u16_t sums = NETIF_CHECKSUM_GEN_TCP | NETIF_CHECKSUM_GEN_UDP;

/// Asks the device to sum a frame of TCP or UDP: says where, and puts in what the device cannot
/// know, the sum of addresses, protocol and length.
void ask_for_sum(NetHeader& header, uint8_t* frame, unsigned bytes) {
    constexpr unsigned ip_at = SIZEOF_ETH_HDR;
    if (bytes < ip_at + IP_HLEN || frame[12] != 0x08 || frame[13] != 0x00)
        return;
    const auto& ip = *reinterpret_cast<const ip_hdr*>(frame + ip_at);
    const unsigned transport_at = ip_at + IPH_HL_BYTES(&ip);
    const uint8_t protocol = IPH_PROTO(&ip);
    if (protocol != IP_PROTO_TCP && protocol != IP_PROTO_UDP)
        return;
    const unsigned sum_at =
        protocol == IP_PROTO_TCP ? offsetof(tcp_hdr, chksum) : offsetof(udp_hdr, chksum);
    uint16_t addresses[4];
    memcpy(addresses, frame + ip_at + offsetof(ip_hdr, src), sizeof addresses);
    uint32_t sum =
        lwip_htons(protocol) +
        uint32_t{lwip_htons(static_cast<u16_t>(lwip_ntohs(IPH_LEN(&ip)) - IPH_HL_BYTES(&ip)))};
    for (const uint16_t half : addresses)
        sum += half;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    const uint16_t folded = static_cast<uint16_t>(sum);
    memcpy(frame + transport_at + sum_at, &folded, sizeof folded);
    header.flags = virtio::needs_checksum;
    header.checksum_start = static_cast<uint16_t>(transport_at);
    header.checksum_offset = static_cast<uint16_t>(sum_at);
}

/// Is it a segment with neither data nor an end, which the stack frees at once?
bool is_bare_tcp(const NetDevice::Frame& frame) {
    constexpr unsigned ip_at = SIZEOF_ETH_HDR;
    if (frame.bytes < ip_at + IP_HLEN + TCP_HLEN)
        return false;
    const auto& ip = *reinterpret_cast<const ip_hdr*>(frame.data + ip_at);
    if (IPH_V(&ip) != 4 || IPH_HL_BYTES(&ip) != IP_HLEN || IPH_PROTO(&ip) != IP_PROTO_TCP)
        return false;
    const auto& tcp = *reinterpret_cast<const tcp_hdr*>(frame.data + ip_at + IP_HLEN);
    return lwip_ntohs(IPH_LEN(&ip)) == IP_HLEN + TCPH_HDRLEN_BYTES(&tcp) &&
           (TCPH_FLAGS(&tcp) & TCP_FIN) == 0;
}

} // namespace

bool Interface::start(Word registers, const virtio::DmaArea& area) {
    netsrv_heap = reinterpret_cast<unsigned char*>(area.start) + sizeof(NetDevice::Memory);
    if (!device_.start(registers, area))
        return false;
    for (unsigned id = 0; id < NetDevice::buffers; id++) {
        buffers_[id].custom.custom_free_function = give_back;
        buffers_[id].interface = this;
        buffers_[id].id = id;
    }
    lwip_init();
    const bool added = netif_add_noaddr(&netif_, this, set_up, ethernet_input) != nullptr;
    if (added) {
        netif_set_default(&netif_);
        netif_set_up(&netif_);
        netif_set_link_up(&netif_);
    }
    return added;
}

err_t Interface::set_up(netif* interface) {
    Interface& self = *static_cast<Interface*>(interface->state);
    interface->name[0] = 'v';
    interface->name[1] = 'n';
    interface->output = output_packet;
    interface->linkoutput = output;
    interface->mtu = 1500;
    interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    interface->hwaddr_len = ETH_HWADDR_LEN;
    memcpy(interface->hwaddr, self.device_.address().data(), ETH_HWADDR_LEN);
    return ERR_OK;
}

bool Interface::poll() {
    unsigned left = budget;
    for (NetDevice::Frame frame{}; left != 0 && device_.receive(frame); left--) {
        counts_.received++;
        pbuf* const wrapped = frame.bytes == 0 ? nullptr : wrap(frame);
        if (wrapped == nullptr) {
            counts_.dropped_in++;
            continue;
        }
        netif_.chksum_flags = frame.valid ? checksums() & ~checks : checksums();
        if (netif_.input(wrapped, &netif_) != ERR_OK)
            pbuf_free(wrapped);
    }
    tidy_up();
    return left == 0;
}

void Interface::tidy_up() {
    reclaim();
    if (device_.broken())
        mend();
}

/// What the stack has to sum, and to look at: what the card does not.
u16_t Interface::checksums() const {
    return device_.sums() ? NETIF_CHECKSUM_ENABLE_ALL & ~sums : NETIF_CHECKSUM_ENABLE_ALL;
}

/// Packets to this machine. Nobody has summed them, and nobody need.
void Interface::turn_back() {
    netif_.chksum_flags &= static_cast<u16_t>(~checks);
    netif_poll(&netif_);
}

/// The frame as a pbuf: where it lies, or a copy. What the stack will not keep is not copied: with
/// no memory left, that is what gives some back.
pbuf* Interface::wrap(const NetDevice::Frame& frame) {
    if (device_.receive_buffers() < few_buffers && !is_bare_tcp(frame)) {
        pbuf* const copy = pbuf_alloc(PBUF_RAW, frame.bytes, PBUF_RAM);
        if (copy != nullptr)
            memcpy(copy->payload, frame.data, frame.bytes);
        device_.give_back(frame.buffer);
        return copy;
    }
    return pbuf_alloced_custom(PBUF_RAW, frame.bytes, PBUF_REF, &buffers_[frame.buffer].custom,
                               frame.data, frame.bytes);
}

void Interface::give_back(pbuf* frame) {
    const Buffer& buffer = *reinterpret_cast<Buffer*>(frame);
    buffer.interface->device_.give_back(buffer.id);
}

err_t Interface::output_packet(netif* interface, pbuf* packet, const ip4_addr_t* to) {
    Interface& self = *static_cast<Interface*>(interface->state);
    if (!self.can_send_in_place(packet) || !self.heads_.put(packet, to->addr, sizeof(NetHeader)))
        return etharp_output(interface, packet, to);
    pbuf_ref(packet);
    return self.submit(packet) ? ERR_OK : ERR_MEM;
}

err_t Interface::output(netif* interface, pbuf* frame) {
    Interface& self = *static_cast<Interface*>(interface->state);
    self.heads_.learn(frame);
    return self.send(frame);
}

/// Is it in one piece that the device can read?
bool Interface::can_send_in_place(const pbuf* frame) const {
    return frame->next == nullptr && device_.area().has(frame->payload, frame->tot_len);
}

/// Sends a frame where it lies, if it is in one piece that the device can read and has room for the
/// header before it. Else a copy.
err_t Interface::send(pbuf* frame) {
    if (can_send_in_place(frame) && pbuf_add_header(frame, sizeof(NetHeader)) == 0) {
        pbuf_ref(frame);
        const bool done = submit(frame);
        pbuf_remove_header(frame, sizeof(NetHeader));
        return done ? ERR_OK : ERR_MEM;
    }
    pbuf* const copy =
        pbuf_alloc(PBUF_RAW, static_cast<u16_t>(frame->tot_len + sizeof(NetHeader)), PBUF_RAM);
    if (copy == nullptr)
        return ERR_MEM;
    pbuf_copy_partial(frame, static_cast<uint8_t*>(copy->payload) + sizeof(NetHeader),
                      frame->tot_len, 0);
    return submit(copy) ? ERR_OK : ERR_MEM;
}

/// Header and frame in one piece, which is freed when it was sent, or if it cannot be.
bool Interface::submit(pbuf* frame) {
    uint8_t* const start = static_cast<uint8_t*>(frame->payload);
    NetHeader& header = *new (start) NetHeader;
    if (device_.sums())
        ask_for_sum(header, start + sizeof header, frame->len - unsigned{sizeof header});
    const std::span<const std::byte> bytes{reinterpret_cast<std::byte*>(start), frame->len};
    unsigned id = device_.send(bytes);
    if (id == NetDevice::buffers) {
        device_.publish();
        reclaim();
        id = device_.send(bytes);
    }
    if (id == NetDevice::buffers) { // the device is slow: the stack will send it again
        counts_.dropped_out++;
        pbuf_free(frame);
        return false;
    }
    counts_.sent++;
    sent_[id] = frame;
    return true;
}

void Interface::reclaim() {
    for (unsigned id = 0; device_.sent(id);)
        pbuf_free(std::exchange(sent_[id], nullptr));
}

bool Interface::arm() {
    publish();
    return device_.arm() || device_.broken(); // who looks at the timers starts it anew
}

void Interface::acknowledge() {
    counts_.interrupts++;
    device_.acknowledge();
    device_.disarm();
}

/// The device is started anew. Frames that it had are lost, as on any network. If it does not
/// start, there is no network until it does: the next look at the timers tries again.
void Interface::mend() {
    counts_.restarts++;
    const bool works = device_.restart();
    for (pbuf*& frame : sent_) {
        if (frame != nullptr)
            pbuf_free(std::exchange(frame, nullptr));
    }
    netif_.chksum_flags = checksums();
    if (works)
        netif_set_link_up(&netif_);
    else
        netif_set_link_down(&netif_);
}

} // namespace netsrv
