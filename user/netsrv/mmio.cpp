// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See mmio.hpp.
/// @stage{7}
#include "user/netsrv/mmio.hpp"

#include "user/netsrv/virtqueue.hpp"

namespace virtio {

namespace {

constexpr uint32_t expected_magic = 0x74726976; // "virt"
constexpr uint32_t modern = 2;

/// Bits of the status register.
constexpr uint32_t acknowledged = 1;
constexpr uint32_t has_driver = 2;
constexpr uint32_t driver_ok = 4;
constexpr uint32_t features_ok = 8;
constexpr uint32_t needs_reset = 64;

} // namespace

bool Mmio::is(uint32_t device) const {
    return read(magic) == expected_magic && read(version) == modern && read(device_id) == device;
}

Word Mmio::start(Word wanted, Word needed) {
    write(status, 0);
    write(status, acknowledged | has_driver);
    write(device_features_select, 1);
    Word offered = Word{read(device_features)} << 32;
    write(device_features_select, 0);
    offered |= read(device_features);
    const Word agreed = offered & wanted;
    if ((agreed & needed) != needed)
        return 0;
    write(driver_features_select, 0);
    write(driver_features, static_cast<uint32_t>(agreed));
    write(driver_features_select, 1);
    write(driver_features, static_cast<uint32_t>(agreed >> 32));
    write(status, read(status) | features_ok);
    return (read(status) & features_ok) != 0 ? agreed : 0;
}

bool Mmio::set_queue(unsigned index, Word descriptors, Word available, Word used) {
    write(queue_select, index);
    if (read(queue_ready) != 0 || read(queue_size_max) < queue_size)
        return false;
    write(queue_size_set, queue_size);
    write_long(queue_descriptors, descriptors);
    write_long(queue_available, available);
    write_long(queue_used, used);
    write(queue_ready, 1);
    return true;
}

bool Mmio::wants_reset() const { return (read(status) & needs_reset) != 0; }

void Mmio::run() { write(status, read(status) | driver_ok); }

} // namespace virtio
