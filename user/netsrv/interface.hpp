// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The network card as lwIP sees it. Frames are not copied in either direction: what came is handed
/// to the stack in the device's own buffer, which goes back to the device when the stack frees it;
/// what is to be sent lies in lwIP's heap, which is a part of the memory that the device can read.
///
///     area   | queues, receive buffers (NetDevice::Memory) | lwIP's heap |
///
/// The stack keeps what came until a client takes it, and a client may never do so: if few buffers
/// are left with the device, frames are copied into the heap and the buffers go back at once.
/// Packets to the machine's own address turn back before they are frames.
/// There is one, since lwIP has no instances. Read next: sockets.hpp.
/// @stage{7}
#pragma once

#include "user/netsrv/frame_heads.hpp"
#include "user/netsrv/net_device.hpp"

#include <lwip/netif.h>
#include <lwip/pbuf.h>

namespace netsrv {

using abi::Word;

class Interface {
public:
    struct Counts {
        Word received = 0;
        Word sent = 0;
        Word dropped_in = 0;
        Word dropped_out = 0;
        Word restarts = 0;
        Word interrupts = 0;
    };

    /// Starts the card, and the stack on it. False if that is no card, or not a good one.
    /// @pre `area` has sizeof(virtio::NetDevice::Memory) bytes and lwIP's heap
    bool start(Word registers, const virtio::DmaArea& area);

    /// Hands frames that came to the stack, not too many at a time. True if there may be more.
    bool poll();
    /// What was sent since goes on its way: to the card, or to the stack itself.
    void publish() {
        if (netif_.loop_first != nullptr)
            turn_back();
        device_.publish();
    }
    /// Looks up anew where packets go.
    void refresh() { heads_.forget(); }
    /// Takes back frames that the card has sent: the stack sends none again that the card still
    /// has. So its timers want this done before. A card that is broken is started anew, or
    /// once more if it did not start.
    void tidy_up();
    /// Asks for an interrupt. False if frames have come meanwhile. A card that is broken need not
    /// interrupt, but is found by tidy_up().
    [[nodiscard]] bool arm();
    /// The interrupt came.
    void acknowledge();

    [[nodiscard]] netif& stack() { return netif_; }
    [[nodiscard]] const Counts& counts() const { return counts_; }
    /// Receive buffers that the stack has.
    [[nodiscard]] unsigned buffers_in_use() const {
        return virtio::NetDevice::buffers - device_.receive_buffers();
    }

private:
    /// A receive buffer as a pbuf of the stack.
    struct Buffer {
        pbuf_custom custom; // first: lwIP gives back a pointer to it
        Interface* interface;
        unsigned id;
    };

    static err_t set_up(netif* interface);
    static err_t output_packet(netif* interface, pbuf* packet, const ip4_addr_t* to);
    static err_t output(netif* interface, pbuf* frame);
    static void give_back(pbuf* frame);

    pbuf* wrap(const virtio::NetDevice::Frame& frame);
    u16_t checksums() const;
    void turn_back();
    [[nodiscard]] bool can_send_in_place(const pbuf* frame) const;
    err_t send(pbuf* frame);
    bool submit(pbuf* frame);
    void reclaim();
    void mend();

    virtio::NetDevice device_;
    FrameHeads heads_;
    netif netif_ = {};
    Buffer buffers_[virtio::NetDevice::buffers] = {};
    pbuf* sent_[virtio::NetDevice::buffers] = {}; ///< by id: frames that the device has
    Counts counts_;
};

} // namespace netsrv
