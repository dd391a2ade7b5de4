// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The smallest driver of a virtio network card: eight buffers each way, no interrupts asked for
/// in particular, every frame copied. A frame stands behind the card's header.
/// Addresses are physical, so paging must be off. The card is trusted.
/// Reference: VIRTIO 1.1, sections 2.6 (split virtqueues), 4.2.2 (registers) and 5.1 (network).
#pragma once

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/memory.hpp"

#include <stdint.h>

namespace virtio {

constexpr uint16_t buffers = 8;
constexpr uint32_t buffer_bytes = 2048;

/// What the card and the driver tell each other of a frame.
struct Header {
    uint8_t flags;
    uint8_t segmentation;
    uint16_t header_bytes;
    uint16_t segment_bytes;
    uint16_t sum_start;
    uint16_t sum_offset;
    uint16_t buffers;
};
constexpr uint8_t needs_sum = 1; ///< from sum_start on, to be put at sum_start + sum_offset

constexpr uint64_t feature_sums = bit(0);       ///< the card sums what is sent
constexpr uint64_t feature_guest_sums = bit(1); ///< it may leave out sums of what it gives
constexpr uint64_t feature_version_1 = bit(32);

struct Buffer {
    Header header;
    uint8_t frame[buffer_bytes - sizeof(Header)];
};

struct Queue {
    struct Descriptor {
        uint64_t address;
        uint32_t bytes;
        uint16_t flags;
        uint16_t next;
    };
    struct Used {
        uint32_t id;
        uint32_t bytes;
    };
    alignas(16) Descriptor descriptors[buffers];
    struct {
        uint16_t flags;
        uint16_t index;
        uint16_t ids[buffers];
    } available;
    alignas(4) struct {
        uint16_t flags;
        uint16_t index;
        Used elements[buffers];
    } used;
    uint16_t taken;
    alignas(16) Buffer memory[buffers];

    /// Gives a buffer to the card.
    void give(uint16_t id, uint32_t bytes, bool card_writes) {
        const uint16_t flags = card_writes ? 2 : 0;
        descriptors[id] = {address_of(&memory[id]), bytes, flags, 0};
        available.ids[available.index % buffers] = id;
        asm volatile("fence w, w" ::: "memory");
        available.index++;
        asm volatile("fence w, o" ::: "memory");
    }
    bool has_come() const { return load(address_of(&used.index), Width::half) != taken; }
    Used take() {
        asm volatile("fence r, r" ::: "memory");
        return used.elements[taken++ % buffers];
    }
};

class NetworkCard {
public:
    /// Starts the first network card, with what it has of `features`. False if there is none.
    bool start(Queue& receive, Queue& send, uint64_t features) {
        receive_ = &receive;
        send_ = &send;
        for (uint32_t i = 0; base_ == 0; i++) {
            const Node node = board.tree.compatible("virtio,mmio", i);
            if (!node.exists())
                return false;
            if (load(node.address() + device_id, Width::word) == network) {
                base_ = node.address();
                interrupt_ = node.property("interrupts").cell(0);
            }
        }
        agree(features | feature_version_1);
        set_queue(0, receive);
        set_queue(1, send);
        write(status, read(status) | driver_ok);
        for (uint16_t id = 0; id < buffers; id++)
            receive.give(id, sizeof(Buffer), true);
        write(notify, 0);
        return true;
    }

    uint64_t features() const { return features_; }
    uint32_t interrupt() const { return interrupt_; }
    void acknowledge() const { write(interrupt_acknowledge, read(interrupt_status)); }

    bool has_frame() const { return receive_->has_come(); }
    /// The next frame; its buffer is the caller's until give_back. @pre has_frame()
    Buffer& frame(uint32_t& bytes) {
        const Queue::Used used = receive_->take();
        held_ = static_cast<uint16_t>(used.id);
        bytes = used.bytes - static_cast<uint32_t>(sizeof(Header));
        return receive_->memory[used.id];
    }
    void give_back() const {
        receive_->give(held_, sizeof(Buffer), true);
        write(notify, 0);
    }

    /// A buffer for a frame to be sent: waits until the card has sent an earlier one of it.
    Buffer& room() {
        while (sending_ == buffers)
            collect();
        Buffer& buffer = send_->memory[send_->available.index % buffers];
        buffer.header = {};
        return buffer;
    }
    /// Sends what is in room().
    void send(uint32_t bytes) {
        sending_++;
        const auto id = static_cast<uint16_t>(send_->available.index % buffers);
        send_->give(id, bytes + static_cast<uint32_t>(sizeof(Header)), false);
        write(notify, 1);
        collect();
    }

private:
    enum Register : uint64_t {
        device_id = 0x008,
        device_features = 0x010,
        device_features_select = 0x014,
        driver_features = 0x020,
        driver_features_select = 0x024,
        queue_select = 0x030,
        queue_size = 0x038,
        queue_ready = 0x044,
        notify = 0x050,
        interrupt_status = 0x060,
        interrupt_acknowledge = 0x064,
        status = 0x070,
        queue_descriptors = 0x080,
        queue_available = 0x090,
        queue_used = 0x0a0,
    };
    static constexpr uint64_t network = 1;
    static constexpr uint64_t acknowledged = 1;
    static constexpr uint64_t driver = 2;
    static constexpr uint64_t driver_ok = 4;
    static constexpr uint64_t features_ok = 8;

    uint64_t read(Register at) const { return load(base_ + at, Width::word); }
    void write(uint64_t at, uint64_t value) const { store(base_ + at, value, Width::word); }
    void write_address(Register at, const volatile void* object) const {
        write(at, address_of(object) & 0xFFFF'FFFF);
        write(at + 4, address_of(object) >> 32);
    }

    void agree(uint64_t wanted) {
        write(status, 0);
        write(status, acknowledged | driver);
        for (uint64_t half = 0; half < 2; half++) {
            write(device_features_select, half);
            const uint64_t common = read(device_features) & wanted >> 32 * half;
            write(driver_features_select, half);
            write(driver_features, common);
            features_ |= common << 32 * half;
        }
        write(status, read(status) | features_ok);
    }

    void set_queue(uint64_t index, Queue& queue) const {
        write(queue_select, index);
        write(queue_size, buffers);
        write_address(queue_descriptors, &queue.descriptors);
        write_address(queue_available, &queue.available);
        write_address(queue_used, &queue.used);
        write(queue_ready, 1);
    }

    void collect() {
        for (; send_->has_come(); sending_--)
            send_->take();
    }

    Queue* receive_ = nullptr;
    Queue* send_ = nullptr;
    uint64_t base_ = 0;
    uint64_t features_ = 0;
    uint32_t interrupt_ = 0;
    uint16_t held_ = 0;
    uint16_t sending_ = 0;
};

} // namespace virtio
