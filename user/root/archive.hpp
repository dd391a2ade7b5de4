// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Files in one: a cpio archive of the portable ASCII kind ("newc"), read in place. Each file has a
/// header of 110 characters, numbers in it are 8 hexadecimal digits; name and contents are filled
/// up to a multiple of 4 bytes.
///
///     070701 inode mode uid gid links mtime size major minor major minor name-size check
///
/// Nothing in it is believed: a file that does not lie in the archive ends it.
/// Read next: tools/archive.py, which writes it.
/// @stage{2}
#pragma once

#include <span>
#include <stdint.h>
#include <string_view>

namespace root {

using Bytes = std::span<const uint8_t>;

struct File {
    std::string_view name;
    Bytes contents;
};

class Archive {
public:
    explicit Archive(Bytes bytes) : rest_(bytes) {}

    /// The next file; false at the end, or where the archive is damaged.
    bool next(File& file);

private:
    /// The number in a field of the header; ~0 if it is none.
    [[nodiscard]] uint32_t field(unsigned index) const;
    /// Takes the first `length` bytes and what fills them up; false if there are not so many.
    bool take(size_t length, size_t header, Bytes& taken);

    Bytes rest_;
};

} // namespace root
