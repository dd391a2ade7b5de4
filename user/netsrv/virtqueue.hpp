// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A virtqueue: buffers go to a device through one ring and come back through another. It is the
/// same idea as ours (runtime/ring.hpp), between a processor and a device:
///
///     descriptors  | address, bytes, flags |  one a buffer, at most 256
///     available    | idx | ids ...    | used_event  |      driver writes, device reads
///     used         | idx | id, bytes ... | avail_event |   device writes, driver reads
///
/// The last words of the rings say when to tell: the device wants to be notified when the driver
/// goes past `avail_event`, the driver to be interrupted when the device goes past `used_event`.
/// So neither tells the other anything while it is busy anyway.
///
/// The device may lie. What it returns is believed only if it is no more than the device has, a
/// buffer that it has, and the length fits that; else the queue is *broken* for good, and the owner
/// resets the device. Every buffer here is one descriptor, whose index is its id. Reference:
/// VIRTIO 1.1, sections 2.6 (split virtqueues) and 2.6.7 (event index). Read next: net_device.hpp.
/// @stage{7}
#pragma once

#include "kernel/abi/types.hpp"

#include <optional>
#include <stdint.h>

namespace virtio {

using abi::Word;

/// What the device and the driver share. Each part is on a page of its own, since only frames are
/// contiguous for a device.
struct Descriptor {
    Word paddr;
    uint32_t bytes;
    uint16_t flags;
    uint16_t next;
};

constexpr unsigned queue_size = 256;

struct Available {
    uint16_t flags;
    uint16_t idx;
    uint16_t ids[queue_size];
    uint16_t used_event;
};

struct UsedElement {
    uint32_t id;
    uint32_t bytes;
};

struct Used {
    uint16_t flags;
    uint16_t idx;
    UsedElement elements[queue_size];
    uint16_t avail_event;
};

/// Memory of a queue.
struct QueueMemory {
    alignas(4096) Descriptor descriptors[queue_size];
    alignas(4096) Available available;
    alignas(4096) Used used;
};

class Virtqueue {
public:
    /// A buffer that came back.
    struct Returned {
        unsigned id;
        uint32_t bytes; ///< that the device has written

        bool operator==(const Returned&) const = default;
    };

    /// @pre `memory` is all zero; the device has it, or will.
    explicit Virtqueue(QueueMemory& memory) : memory_(&memory) {}
    Virtqueue() = default;

    /// Gives a buffer to the device, which sees it after publish(). @pre the id is not in flight
    void put(unsigned id, Word paddr, uint32_t bytes, bool device_writes);
    /// True if the device wants to be notified of what was put since the last time.
    [[nodiscard]] bool publish();

    /// The next buffer that came back. None also if the device broke the rules: see broken().
    std::optional<Returned> take();

    /// The next buffer that comes back interrupts. False if one has already: then it need not.
    [[nodiscard]] bool arm();
    /// None does, for as long as may be.
    void disarm();

    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] unsigned in_flight() const { return in_flight_; }
    [[nodiscard]] bool has(unsigned id) const { return bytes_[id] != 0; }

private:
    QueueMemory* memory_ = nullptr;
    uint16_t put_ = 0;       ///< ever put in
    uint16_t published_ = 0; ///< of which the device knows
    uint16_t taken_ = 0;
    unsigned in_flight_ = 0;
    bool broken_ = false;
    /// Bytes that the device may write, plus one; 0: it does not have the buffer.
    uint32_t bytes_[queue_size] = {};
    static constexpr uint32_t read_only = 1;
};

} // namespace virtio
