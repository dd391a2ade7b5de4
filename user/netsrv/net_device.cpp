// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See net_device.hpp.
/// @stage{7}
#include "user/netsrv/net_device.hpp"

#include <string.h>

namespace virtio {

namespace {

constexpr uint32_t network_card = 1;
constexpr Word feature_sums = Word{1} << 0;       ///< it sums what is sent
constexpr Word feature_guest_sums = Word{1} << 1; ///< it may hand over frames without a sum
constexpr Word feature_address = Word{1} << 5;

constexpr unsigned receive_queue = 0;
constexpr unsigned send_queue = 1;

constexpr unsigned before_header = 6; ///< so that IP and, without options, TCP's data are aligned
/// Headers of Ethernet and ARP, or of Ethernet, IPv4 and UDP: the stack reads so far without a look
/// at the length.
constexpr unsigned shortest_frame = 14 + 28;

} // namespace

bool NetDevice::start(Word registers, const DmaArea& area) {
    area_ = area;
    memory_ = reinterpret_cast<Memory*>(area.start);
    mmio_ = Mmio(registers);
    return mmio_.is(network_card) && area.bytes >= sizeof(Memory) && set_up();
}

bool NetDevice::restart() {
    mmio_.stop();
    failed_ = !set_up();
    return !failed_;
}

void NetDevice::acknowledge() {
    if (mmio_.acknowledge() && mmio_.wants_reset())
        failed_ = true;
}

bool NetDevice::set_up() {
    memset(&memory_->receive, 0, sizeof memory_->receive);
    memset(&memory_->send, 0, sizeof memory_->send);
    receive_ = Virtqueue(memory_->receive);
    send_ = Virtqueue(memory_->send);
    free_count_ = 0;
    const Word features = mmio_.start(feature_version_1 | feature_event_index | feature_address |
                                          feature_sums | feature_guest_sums,
                                      feature_version_1 | feature_event_index | feature_address);
    const auto set_queue = [&](unsigned index, const QueueMemory& queue) {
        return mmio_.set_queue(index, area_.paddr_of(&queue.descriptors),
                               area_.paddr_of(&queue.available), area_.paddr_of(&queue.used));
    };
    if (features == 0 || !set_queue(receive_queue, memory_->receive) ||
        !set_queue(send_queue, memory_->send))
        return false;
    sums_ = (features & feature_sums) != 0;
    for (unsigned i = 0; i < address_.size(); i++)
        address_[i] = mmio_.configuration(i);
    for (unsigned id = 0; id < buffers; id++) {
        free_ids_[free_count_++] = static_cast<uint16_t>(id);
        if (!held_[id])
            give_back(id);
    }
    send_.disarm();
    mmio_.run();
    publish();
    return true;
}

bool NetDevice::receive(Frame& frame) {
    const auto came = receive_.take();
    if (!came)
        return false;
    if (came->bytes < sizeof(NetHeader) + shortest_frame) {
        frame.bytes = 0;
        give_back(came->id);
        return true;
    }
    held_[came->id] = true;
    std::byte* const start = memory_->buffers[came->id] + before_header;
    const NetHeader& header = *reinterpret_cast<const NetHeader*>(start);
    frame = {came->id, start + sizeof header, static_cast<uint16_t>(came->bytes - sizeof header),
             (header.flags & (needs_checksum | data_valid)) != 0};
    return true;
}

void NetDevice::give_back(unsigned buffer) {
    held_[buffer] = false;
    receive_.put(buffer, area_.paddr_of(memory_->buffers[buffer] + before_header),
                 buffer_bytes - before_header, true);
}

unsigned NetDevice::send(std::span<const std::byte> header_and_frame) {
    if (free_count_ == 0)
        return buffers;
    const unsigned id = free_ids_[--free_count_];
    send_.put(id, area_.paddr_of(header_and_frame.data()),
              static_cast<uint32_t>(header_and_frame.size()), false);
    return id;
}

bool NetDevice::sent(unsigned& id) {
    const auto done = send_.take();
    if (!done)
        return false;
    id = done->id;
    free_ids_[free_count_++] = static_cast<uint16_t>(id);
    return true;
}

void NetDevice::publish() {
    if (receive_.publish())
        mmio_.notify(receive_queue);
    if (send_.publish())
        mmio_.notify(send_queue);
}

} // namespace virtio
