// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sums of what the image says are never formed before the parts are known to be small.
/// @stage{2}
#include "user/lib/elf.hpp"

#include <string.h>

namespace user {

namespace {

/// Magic, 64 bits, little-endian.
constexpr uint8_t identification[] = {0x7f, 'E', 'L', 'F', 2, 1};
constexpr uint16_t executable_type = 2;
constexpr uint16_t riscv = 243;
constexpr uint32_t to_load = 1;
constexpr uint32_t notes = 4;
constexpr uint32_t flag_execute = 1;
constexpr uint32_t flag_write = 2;

} // namespace

template <class T>
bool Elf::read(T& value, Word offset) const {
    if (offset > image_.size() || image_.size() - offset < sizeof value)
        return false;
    memcpy(&value, image_.data() + offset, sizeof value);
    return true;
}

bool Elf::in_image(const SegmentEntry& entry) const {
    return entry.offset <= image_.size() && entry.file_size <= image_.size() - entry.offset;
}

bool Elf::fits(const SegmentEntry& entry) const {
    return in_image(entry) && entry.file_size <= entry.memory_size && entry.vaddr < abi::user_top &&
           entry.memory_size <= abi::user_top - entry.vaddr;
}

/// Looks for the note with the program's needs. False if a note does not lie in its segment, or
/// this one says what cannot be. Those of others are left out.
bool Elf::check_notes(const SegmentEntry& entry) {
    struct Sizes {
        uint32_t name, contents, type;
    };
    if (!in_image(entry))
        return false;
    // Whatever the segment's alignment: linkers round it up.
    const auto filled = [](Word bytes) { return (bytes + 3) & ~Word{3}; };
    for (Bytes rest = image_.subspan(entry.offset, entry.file_size); !rest.empty();) {
        Sizes sizes;
        if (rest.size() < sizeof sizes)
            return false;
        memcpy(&sizes, rest.data(), sizeof sizes);
        const Word contents = filled(sizeof sizes + Word{sizes.name});
        const Word end = contents + sizes.contents; // of 32-bit numbers
        if (end > rest.size())
            return false;
        const bool ours = sizes.type == NeedsNote::kind && sizes.name == sizeof NeedsNote::owner &&
                          memcmp(rest.data() + sizeof sizes, NeedsNote::owner, sizes.name) == 0;
        if (ours) {
            if (sizes.contents != sizeof needs_)
                return false;
            memcpy(&needs_, rest.data() + contents, sizeof needs_);
            if (!needs_.valid())
                return false;
        }
        rest = rest.subspan(filled(end) < rest.size() ? filled(end) : rest.size());
    }
    return true;
}

bool Elf::check() {
    if (!read(header_, 0) ||
        memcmp(header_.identification, identification, sizeof identification) != 0)
        return false;
    if (header_.type != executable_type || header_.machine != riscv ||
        header_.segment_entry_size != sizeof(SegmentEntry))
        return false;
    for (unsigned i = 0; i < header_.segment_count; i++) {
        SegmentEntry entry;
        const Word place = Word{i} * sizeof entry;
        if (header_.segment_table > image_.size() || !read(entry, header_.segment_table + place))
            return false;
        if (entry.type == to_load && !fits(entry))
            return false;
        if (entry.type == notes && !check_notes(entry))
            return false;
    }
    return true;
}

Elf::Elf(Bytes image) : image_(image), valid_(check()) {}

Elf::Segment Elf::segment(unsigned index) const {
    SegmentEntry entry;
    const Word place = header_.segment_table + Word{index} * sizeof entry;
    if (!read(entry, place) || entry.type != to_load)
        return {};
    return {.vaddr = entry.vaddr,
            .size = entry.memory_size,
            .contents = image_.subspan(entry.offset, entry.file_size),
            .writable = (entry.flags & flag_write) != 0,
            .executable = (entry.flags & flag_execute) != 0};
}

Word Elf::start() const {
    Word first = end();
    for (unsigned i = 0; i < segments(); i++) {
        const Segment each = segment(i);
        if (each.size != 0 && each.vaddr < first)
            first = each.vaddr;
    }
    return first;
}

Word Elf::end() const {
    Word last = 0;
    for (unsigned i = 0; i < segments(); i++) {
        const Segment each = segment(i);
        if (each.vaddr + each.size > last)
            last = each.vaddr + each.size;
    }
    return last;
}

} // namespace user
