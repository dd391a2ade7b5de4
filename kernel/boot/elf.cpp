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
    uint8_t magic[4], word_size, byte_order, other[10];
    uint16_t type, machine;
    uint32_t version;
    Word entry, headers_offset, sections_offset;
    uint32_t flags;
    uint16_t size, header_size, headers, sections[3];
};
static_assert(sizeof(FileHeader) == 64);

constexpr uint8_t magic[] = {0x7f, 'E', 'L', 'F'};
constexpr uint8_t bits_64 = 2;
constexpr uint8_t little_endian = 1;
constexpr uint16_t executable = 2;
constexpr uint16_t position_independent = 3;
constexpr uint16_t riscv = 243;
constexpr Word page_mask = mask(abi::page_bits);
constexpr unsigned most_headers = 64;

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
    if (std::memcmp(header.magic, magic, sizeof magic) != 0)
        return "is not an ELF file";
    if (header.word_size != bits_64 || header.byte_order != little_endian ||
        header.machine != riscv)
        return "is not a program for 64-bit RISC-V";
    if (header.type == position_independent)
        return "is position-independent: link it with -no-pie";
    if (header.type != executable)
        return "is not a program that has been linked";
    if (header.header_size != sizeof(ProgramHeader))
        return "has program headers of unknown form";
    if (header.headers > most_headers)
        return "has more than 64 program headers";
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
    if (segment.vaddr <= page_mask)
        return "uses page 0, which stays empty so that null pointers fault";
    if (!inside(segment.vaddr, segment.memory_size, limit.value))
        return "goes beyond the greatest address of a program";
    return nullptr;
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
        if (image.header(other).loaded() && overlap(segment, image.header(other)))
            return "overlaps another one";
    return nullptr;
}

bool entry_is_loaded(const Image& image) {
    for (unsigned index = 0; index < image.headers; index++) {
        const ProgramHeader segment = image.header(index);
        if (segment.loaded() && segment.vaddr <= image.entry.value &&
            image.entry.value - segment.vaddr < segment.memory_size)
            return true;
    }
    return false;
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
    Image image = {
        file,    header.headers_offset, header.headers, VAddr(header.entry), VAddr(~Word{0}),
        VAddr(0)};
    for (unsigned index = 0; index < image.headers; index++) {
        const ProgramHeader segment = image.header(index);
        if (!segment.loaded())
            continue;
        if (const char* text = wrong_with_segment(image, index, limit))
            return std::unexpected(Refusal{static_cast<int>(index), text});
        image.start = std::min(image.start, VAddr(segment.vaddr & ~page_mask));
        const Word end = segment.vaddr + segment.memory_size;
        image.end = std::max(image.end, VAddr((end + page_mask) & ~page_mask));
    }
    if (!entry_is_loaded(image))
        return std::unexpected(Refusal{whole, "has an entry point outside of its segments"});
    return image;
}

} // namespace elf
