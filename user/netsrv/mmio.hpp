// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A virtio device behind memory-mapped registers: who it is, what it can do, where its queues are.
///
///     reset -> acknowledge, driver -> features -> features_ok -> queues -> driver_ok
///
/// Reference: VIRTIO 1.1, sections 3.1.1 (initialisation) and 4.2.2 (registers, version 2).
/// Read next: net_device.hpp.
/// @stage{7}
#pragma once

#include "user/netsrv/registers.hpp"

namespace virtio {

/// Features of every device.
constexpr Word feature_event_index = Word{1} << 29;
constexpr Word feature_version_1 = Word{1} << 32;

class Mmio {
public:
    explicit Mmio(Word address) : registers_(address) {}

    /// Is there a modern device of this kind?
    [[nodiscard]] bool is(uint32_t device) const;

    /// Begins anew, and agrees on those of the `wanted` features that the device has, which is the
    /// answer. The device must have the `needed` ones: else, or if it refuses, 0.
    [[nodiscard]] Word start(Word wanted, Word needed);
    /// Tells the device where a queue is, by physical addresses. False if it has no such queue, or
    /// one that is too short.
    [[nodiscard]] bool set_queue(unsigned index, Word descriptors, Word available, Word used);
    /// From now on it works.
    void run();
    void stop() { write(status, 0); }

    /// There is something new in a queue.
    void notify(unsigned queue) { write(queue_notify, queue); }
    /// Takes its interrupt back. True if there is more to it than buffers: see wants_reset().
    [[nodiscard]] bool acknowledge() {
        const uint32_t causes = read(interrupt_status);
        write(interrupt_acknowledge, causes);
        return (causes & configuration_changed) != 0;
    }
    /// Is it in a state in which only a reset helps it?
    [[nodiscard]] bool wants_reset() const;

    [[nodiscard]] uint8_t configuration(unsigned offset) const {
        return registers_.load_byte(config + offset);
    }

private:
    enum Register : unsigned {
        magic = 0x000,
        version = 0x004,
        device_id = 0x008,
        device_features = 0x010,
        device_features_select = 0x014,
        driver_features = 0x020,
        driver_features_select = 0x024,
        queue_select = 0x030,
        queue_size_max = 0x034,
        queue_size_set = 0x038,
        queue_ready = 0x044,
        queue_notify = 0x050,
        interrupt_status = 0x060,
        interrupt_acknowledge = 0x064,
        status = 0x070,
        queue_descriptors = 0x080,
        queue_available = 0x090,
        queue_used = 0x0a0,
        config = 0x100,
    };

    /// A cause of an interrupt.
    static constexpr uint32_t configuration_changed = 2;

    [[nodiscard]] uint32_t read(Register at) const { return registers_.load(at); }
    void write(unsigned at, uint32_t value) { registers_.store(at, value); }
    void write_long(unsigned at, Word value) {
        write(at, static_cast<uint32_t>(value));
        write(at + 4, static_cast<uint32_t>(value >> 32));
    }

    Registers registers_;
};

} // namespace virtio
