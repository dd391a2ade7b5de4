// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A virtio network card: frames that came, frames that are to go. Both ways a frame lies in one
/// buffer, behind a header of 12 bytes that says what the other side has done about checksums.
///
///     6 bytes | header, 12 | Ethernet, 14 | IP, 20 | TCP, 20 | data      IP and data are aligned
///
/// All memory that the device sees is one area, contiguous for it as well: a frame to be sent may
/// lie anywhere in there, and is not copied.
/// A device that breaks the rules, or asks to be reset, is reset and started anew; what it had is
/// taken back.
/// Reference: VIRTIO 1.1, section 5.1. Read next: interface.hpp.
/// @stage{7}
#pragma once

#include "user/netsrv/mmio.hpp"
#include "user/netsrv/virtqueue.hpp"

#include <array>
#include <span>
#include <stddef.h>

namespace virtio {

/// Memory that a device can use, at both kinds of addresses.
struct DmaArea {
    std::byte* start = nullptr;
    Word paddr = 0;
    Word bytes = 0;

    [[nodiscard]] Word paddr_of(const void* address) const {
        return reinterpret_cast<Word>(address) - reinterpret_cast<Word>(start) + paddr;
    }
    [[nodiscard]] bool has(const void* address, Word length) const {
        const Word offset = reinterpret_cast<Word>(address) - reinterpret_cast<Word>(start);
        return offset < bytes && length <= bytes - offset;
    }
};

/// What stands before each frame.
struct NetHeader {
    uint8_t flags = 0;
    uint8_t segmentation = 0;
    uint16_t header_bytes = 0;
    uint16_t segment_bytes = 0;
    uint16_t checksum_start = 0;  ///< from the Ethernet header on: what is summed, and
    uint16_t checksum_offset = 0; ///< from there, where the sum goes
    uint16_t buffers = 0;
};

enum NetFlag : uint8_t {
    needs_checksum = 1, ///< it holds that of the pseudo header only
    data_valid = 2,     ///< it was looked at already
};

class NetDevice {
public:
    static constexpr unsigned buffers = queue_size;
    static constexpr unsigned buffer_bytes = 2048;

    /// What the device takes of its area; the rest is the owner's.
    struct Memory {
        QueueMemory receive;
        QueueMemory send;
        std::byte buffers[NetDevice::buffers][buffer_bytes];
    };

    /// A frame that came.
    struct Frame {
        unsigned buffer;
        std::byte* data;
        uint16_t bytes; ///< 0: it was too short for one, and the device has its buffer again
        bool valid;     ///< its checksums need not be looked at
    };

    /// Starts the device. False if there is none, or not with what is needed. `area` begins with a
    /// Memory.
    bool start(Word registers, const DmaArea& area);

    [[nodiscard]] const std::array<uint8_t, 6>& address() const { return address_; }
    /// Does it sum what is sent? Then a frame says where.
    [[nodiscard]] bool sums() const { return sums_; }
    [[nodiscard]] const DmaArea& area() const { return area_; }

    /// The next frame; its buffer is the caller's until give_back().
    [[nodiscard]] bool receive(Frame& frame);
    void give_back(unsigned buffer);
    /// Buffers that are with the device.
    [[nodiscard]] unsigned receive_buffers() const { return receive_.in_flight(); }

    /// Sends a frame behind its header. What it lies in is the device's until sent() says so.
    /// Answers an id below `buffers`; `buffers` if there is no room.
    [[nodiscard]] unsigned send(std::span<const std::byte> header_and_frame);
    /// The id of something that is sent; false if nothing more is.
    [[nodiscard]] bool sent(unsigned& id);

    /// Tells the device what is new for it.
    void publish();
    /// The next frame that comes interrupts. False if one has come already.
    [[nodiscard]] bool arm() { return receive_.arm(); }
    void disarm() { receive_.disarm(); }
    void acknowledge();

    /// Has it broken the rules, or does it ask for it? Then only restart() helps.
    [[nodiscard]] bool broken() const { return failed_ || receive_.broken() || send_.broken(); }
    /// Starts it anew. All buffers that were sent are the caller's again, and those that came and
    /// were not given back stay so. False if it does not start: it is still broken().
    bool restart();

private:
    bool set_up();

    Memory* memory_ = nullptr;
    DmaArea area_;
    Mmio mmio_{0};
    Virtqueue receive_;
    Virtqueue send_;
    std::array<uint8_t, 6> address_ = {};
    bool sums_ = false;
    bool failed_ = false;
    uint16_t free_ids_[buffers] = {}; ///< of frames to be sent: a stack
    unsigned free_count_ = 0;
    bool held_[buffers] = {}; ///< buffers of frames that came, and that the owner has
};

} // namespace virtio
