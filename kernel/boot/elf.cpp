// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sizes and offsets are hostile: nothing is added before it is known not to wrap.
/// @stage{1}
#include "kernel/boot/elf.hpp"

#include "kernel/abi/object.hpp"

#include <algorithm>
#include <cstring>

namespace {

struct FileHeader {
    uint8_t magic[4];
    uint8_t word_size;  ///< 2: 64 bits
    uint8_t byte_order; ///< 1: little-endian
    uint8_t identification[10];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    Word entry;
    Word headers_offset;
    Word sections_offset;
    uint32_t flags;
    uint16_t size;
    uint16_t header_size;
    uint16_t headers;
    uint16_t sections[3];
};
static_assert(sizeof(FileHeader) == 64);

constexpr uint16_t executable = 2;
constexpr uint16_t position_independent = 3;
constexpr uint16_t riscv = 243;

using elf::Image;
using elf::ProgramHeader;
using elf::Refusal;

/// Reads what may lie at any address. @pre it is inside the file.
template <class T>
T read(std::span<const uint8_t> file, Word offset) {
    T value;
    std::memcpy(&value, &file[offset], sizeof(T));
    return value;
}

bool inside(Word offset, Word size, Word limit) {
    return offset <= limit && size <= limit - offset;
}

/// What is wrong with the file header, if anything.
const char* wrong_with(const FileHeader& header, Word file_size) {
    if (std::memcmp(header.magic,
                    "\x7f"
                    "ELF",
                    4) != 0)
        return "is not an ELF file";
    if (header.word_size != 2 || header.byte_order != 1 || header.machine != riscv)
        return "is not a program for 64-bit RISC-V";
    if (header.type == position_independent)
        return "is position-independent: link it with -no-pie";
    if (header.type != executable)
        return "is not a program that has been linked";
    if (header.header_size != sizeof(ProgramHeader))
        return "has program headers of unknown form";
    if (!inside(header.headers_offset, header.headers * sizeof(ProgramHeader), file_size))
        return "has program headers outside of the file: the file is truncated";
    return nullptr;
}

/// What is wrong with a segment by itself.
const char* wrong_with(const ProgramHeader& segment, Word file_size, VAddr limit) {
    if (!inside(segment.offset, segment.file_size, file_size))
        return "lies outside of the file: the file is truncated";
    if (segment.memory_size < segment.file_size)
        return "is smaller in memory than in the file";
    if (segment.vaddr < Word{1} << abi::page_bits)
        return "uses page 0, which stays empty so that null pointers fault";
    if (!inside(segment.vaddr, segment.memory_size, limit.value))
        return "goes beyond the greatest address of a program";
    return nullptr;
}

bool counts(const ProgramHeader& header) {
    return header.type == ProgramHeader::load && header.memory_size > 0;
}

bool overlap(const ProgramHeader& a, const ProgramHeader& b) {
    return a.vaddr < b.vaddr + b.memory_size && b.vaddr < a.vaddr + a.memory_size;
}

/// What is wrong with segment `index`, those before it being good.
const char* wrong_with_segment(const Image& image, unsigned index, VAddr limit) {
    const ProgramHeader segment = image.header(index);
    if (const char* text = wrong_with(segment, image.file.size(), limit))
        return text;
    for (unsigned other = 0; other < index; other++)
        if (counts(image.header(other)) && overlap(segment, image.header(other)))
            return "overlaps another one";
    return nullptr;
}

bool entry_is_loaded(const Image& image) {
    for (unsigned index = 0; index < image.headers; index++) {
        const ProgramHeader segment = image.header(index);
        if (counts(segment) && segment.vaddr <= image.entry.value &&
            image.entry.value - segment.vaddr < segment.memory_size)
            return true;
    }
    return false;
}

/// Extends the image by a segment, in whole pages.
void extend(Image& image, const ProgramHeader& segment) {
    const Word page = Word{1} << abi::page_bits;
    const VAddr start(segment.vaddr & ~(page - 1));
    const VAddr end((segment.vaddr + segment.memory_size + page - 1) & ~(page - 1));
    image.start = image.end == VAddr() ? start : std::min(image.start, start);
    image.end = std::max(image.end, end);
}

} // namespace

namespace elf {

ProgramHeader Image::header(unsigned index) const {
    return read<ProgramHeader>(file, headers_offset + index * sizeof(ProgramHeader));
}

std::expected<Image, Refusal> check(std::span<const uint8_t> file, VAddr limit) {
    constexpr int whole = -1;
    if (file.size() < sizeof(FileHeader))
        return std::unexpected(Refusal{whole, "is not an ELF file"});
    const auto header = read<FileHeader>(file, 0);
    if (const char* text = wrong_with(header, file.size()))
        return std::unexpected(Refusal{whole, text});
    Image image = {file, header.headers_offset, header.headers, VAddr(header.entry), {}, {}};
    for (unsigned index = 0; index < image.headers; index++) {
        if (!counts(image.header(index)))
            continue;
        if (const char* text = wrong_with_segment(image, index, limit))
            return std::unexpected(Refusal{static_cast<int>(index), text});
        extend(image, image.header(index));
    }
    if (!entry_is_loaded(image))
        return std::unexpected(Refusal{whole, "has an entry point outside of its segments"});
    return image;
}

} // namespace elf
