// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An executable in the ELF format (64 bits, little-endian, RISC-V), read in place. The image may
/// be damaged or made to do harm: everything is checked before it is used, and what a segment says
/// lies inside the image and inside the addresses of user programs; what its note says it needs is
/// possible.
/// Format: System V ABI, chapters 4 and 5.
/// Read next: process.cpp.
/// @stage{2}
#pragma once

#include "user/lib/needs.hpp"

#include <span>

namespace user {

using abi::Word;
using Bytes = std::span<const uint8_t>;

class Elf {
public:
    /// A part of the program: `contents`, then zeroes up to `size`. Size 0: not to be loaded.
    struct Segment {
        Word vaddr = 0;
        Word size = 0;
        Bytes contents = {};
        bool writable = false;
        bool executable = false;
    };

    explicit Elf(Bytes image);

    /// Can it be loaded?
    [[nodiscard]] bool valid() const { return valid_; }
    [[nodiscard]] Word entry() const { return header_.entry; }
    [[nodiscard]] unsigned segments() const { return header_.segment_count; }
    /// @pre valid(), index < segments()
    [[nodiscard]] Segment segment(unsigned index) const;
    /// The first address of all segments, and the first one behind them.
    [[nodiscard]] Word start() const;
    [[nodiscard]] Word end() const;
    /// What the program says that it needs, or the defaults. @pre valid()
    [[nodiscard]] const Needs& needs() const { return needs_; }

private:
    struct Header {
        uint8_t identification[16];
        uint16_t type, machine;
        uint32_t version;
        Word entry, segment_table, section_table;
        uint32_t flags;
        uint16_t header_size, segment_entry_size, segment_count;
        uint16_t section_entry_size, section_count, section_names;
    };
    struct SegmentEntry {
        uint32_t type, flags;
        Word offset, vaddr, paddr, file_size, memory_size, alignment;
    };

    /// False if it does not lie in the image.
    template <class T>
    bool read(T& value, Word offset) const;
    [[nodiscard]] bool in_image(const SegmentEntry& entry) const;
    [[nodiscard]] bool fits(const SegmentEntry& entry) const;
    [[nodiscard]] bool check_notes(const SegmentEntry& entry);
    [[nodiscard]] bool check();

    Bytes image_;
    Header header_ = {};
    Needs needs_;
    bool valid_;
};

} // namespace user
