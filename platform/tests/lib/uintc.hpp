// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The user-interrupt controller: a view of its registers, and the sender tables it works with.
/// A receiver is four 64-bit registers, 0x20 bytes apart from the next:
///
///     0x00 SEND   write: pending |= 1 << (value & 63)
///     0x08 LOW    hart id 31:16 | Wake 2 | Mode 1 | Active 0
///     0x10 HIGH   read: pending, and clears it    write: pending |= value
///     0x18 ACT    Active
///
/// Its address and size come from the device tree (board.hpp). Read next: scene.hpp.
#pragma once

#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/memory.hpp"

namespace low {
constexpr uint64_t active = 1;
constexpr uint64_t mode = 2;
constexpr uint64_t wake = 4;
constexpr uint64_t hart(uint64_t id) { return id << 16; }
} // namespace low

class Receiver {
public:
    static constexpr uint64_t stride = 0x20;

    explicit Receiver(uint64_t address) : address_{address} {}

    uint64_t address() const { return address_; }
    void send(uint64_t vector) const { store(address_, vector); }
    uint64_t low() const { return load(address_ + 0x08); }
    void write_low(uint64_t value) const { store(address_ + 0x08, value); }
    /// Pending bits; the read clears them.
    uint64_t take() const { return load(address_ + 0x10); }
    void add(uint64_t pending) const { store(address_ + 0x10, pending); }
    uint64_t active() const { return load(address_ + 0x18); }
    void write_active(uint64_t value) const { store(address_ + 0x18, value); }

private:
    uint64_t address_;
};

struct Uintc {
    uint64_t base;
    uint64_t size;
    uint32_t receivers;
    uint32_t wake_source; ///< PLIC source, 0: none

    bool present() const { return base != 0; }
    bool has_wake() const { return wake_source != 0; }
    Receiver receiver(uint64_t index) const { return Receiver{base + Receiver::stride * index}; }
    Receiver last() const { return receiver(receivers - 1); }

    /// Word `index` of the map of asking receivers.
    uint64_t map_address(uint64_t index = 0) const {
        return base + Receiver::stride * receivers + 8 * index;
    }
    uint64_t map(uint64_t index = 0) const { return load(map_address(index)); }
};

constexpr uint64_t sender_entry(uint64_t receiver, uint64_t vector) {
    return receiver << 48 | vector << 16 | 1;
}

namespace suist {
constexpr uint64_t enable = bit(63);
constexpr uint64_t value(uint64_t physical_address, uint64_t pages) {
    return enable | pages << 44 | physical_address >> 12;
}
} // namespace suist

namespace suirs {
constexpr uint64_t enable = bit(63);
} // namespace suirs

/// Two pages of sender entries, so that one page can be in use and the next one beyond it.
struct alignas(4096) SenderTable {
    static constexpr uint64_t per_page = 512;
    uint64_t entries[2 * per_page];

    void set(uint64_t index, uint64_t entry) {
        const_cast<volatile uint64_t&>(entries[index]) = entry;
        asm volatile("fence w, rw" : : : "memory");
    }
    uint64_t suist(uint64_t pages = 1) const { return ::suist::value(address_of(this), pages); }
};
