// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Program headers. The file was built from a submission: it is believed nothing.
#include "autograder/board/image.hpp"

#include <algorithm>
#include <elf.h>

namespace grade {

namespace {

EnvironmentError broken() { return EnvironmentError("the program is no ELF file for the board"); }

template <typename Record>
Record record_at(std::span<const std::uint8_t> elf, std::uint64_t offset) {
    if (offset > elf.size() || elf.size() - offset < sizeof(Record)) {
        throw broken();
    }
    Record record{};
    std::memcpy(&record, elf.data() + offset, sizeof record);
    return record;
}

Elf64_Ehdr head_of(std::span<const std::uint8_t> elf) {
    const auto head = record_at<Elf64_Ehdr>(elf, 0);
    const bool is_ours = std::equal(head.e_ident, head.e_ident + SELFMAG, ELFMAG) &&
                         head.e_ident[EI_CLASS] == ELFCLASS64 &&
                         head.e_ident[EI_DATA] == ELFDATA2LSB && head.e_machine == EM_RISCV &&
                         head.e_phentsize == sizeof(Elf64_Phdr);
    if (!is_ours) {
        throw broken();
    }
    return head;
}

/// Those that are loaded, whole in the file.
std::vector<Elf64_Phdr> segments_of(std::span<const std::uint8_t> elf, const Elf64_Ehdr& head) {
    std::vector<Elf64_Phdr> segments;
    for (unsigned i = 0; i < head.e_phnum; ++i) {
        const auto segment = record_at<Elf64_Phdr>(elf, head.e_phoff + i * sizeof(Elf64_Phdr));
        if (segment.p_type != PT_LOAD) {
            continue;
        }
        if (segment.p_offset > elf.size() || segment.p_filesz > elf.size() - segment.p_offset ||
            segment.p_memsz < segment.p_filesz ||
            segment.p_paddr + segment.p_memsz < segment.p_paddr) {
            throw broken();
        }
        segments.push_back(segment);
    }
    return segments;
}

} // namespace

Image image_of(std::span<const std::uint8_t> elf) {
    const Elf64_Ehdr head = head_of(elf);
    Image image;
    for (const Elf64_Phdr& segment : segments_of(elf, head)) {
        const auto bytes = elf.subspan(segment.p_offset, segment.p_filesz);
        image.segments.push_back({segment.p_paddr, Bytes(bytes.begin(), bytes.end())});
        image.end = std::max(image.end, segment.p_paddr + segment.p_memsz);
        // It is linked for virtual addresses, and starts without.
        if (head.e_entry >= segment.p_vaddr && head.e_entry - segment.p_vaddr < segment.p_memsz) {
            image.entry = segment.p_paddr + (head.e_entry - segment.p_vaddr);
        }
    }
    if (image.entry == 0) {
        throw broken();
    }
    return image;
}

Bytes stripped(std::span<const std::uint8_t> elf) {
    Elf64_Ehdr head = head_of(elf);
    std::uint64_t end = head.e_phoff + head.e_phnum * sizeof(Elf64_Phdr);
    for (const Elf64_Phdr& segment : segments_of(elf, head)) {
        end = std::max(end, segment.p_offset + segment.p_filesz);
    }
    if (end > elf.size()) {
        throw broken();
    }
    head.e_shoff = 0;
    head.e_shnum = 0;
    head.e_shstrndx = SHN_UNDEF;
    Bytes bytes(elf.begin(), elf.begin() + static_cast<std::ptrdiff_t>(end));
    std::memcpy(bytes.data(), &head, sizeof head);
    return bytes;
}

} // namespace grade
