// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// ELF files and device trees on their way to a board.
#include "autograder/board/image.hpp"
#include "autograder/board/device_tree.hpp"

#include <array>
#include <doctest/doctest.h>
#include <elf.h>
#include <libfdt.h>

using namespace grade;

namespace {

struct File {
    Elf64_Ehdr head{};
    Elf64_Phdr segments[2]{};
    std::array<std::uint8_t, 16> text{};
    std::array<std::uint8_t, 64> symbols{};

    [[nodiscard]] Bytes bytes() const {
        const auto* const begin = reinterpret_cast<const std::uint8_t*>(this);
        return {begin, begin + sizeof *this};
    }
};

/// Two segments, linked for the kernel's window, the second one all zero.
File program() {
    File file;
    std::copy_n(ELFMAG, SELFMAG, file.head.e_ident);
    file.head.e_ident[EI_CLASS] = ELFCLASS64;
    file.head.e_ident[EI_DATA] = ELFDATA2LSB;
    file.head.e_machine = EM_RISCV;
    file.head.e_phentsize = sizeof(Elf64_Phdr);
    file.head.e_phnum = 2;
    file.head.e_phoff = offsetof(File, segments);
    file.head.e_entry = 0xffff'ffc0'8020'0004;
    file.head.e_shoff = offsetof(File, symbols);
    file.head.e_shnum = 1;
    file.text.fill(0x13);
    file.segments[0] = {.p_type = PT_LOAD,
                        .p_flags = PF_R | PF_X,
                        .p_offset = offsetof(File, text),
                        .p_vaddr = 0xffff'ffc0'8020'0000,
                        .p_paddr = 0x8020'0000,
                        .p_filesz = 16,
                        .p_memsz = 16,
                        .p_align = 16};
    file.segments[1] = {.p_type = PT_LOAD,
                        .p_flags = PF_R | PF_W,
                        .p_offset = offsetof(File, symbols),
                        .p_vaddr = 0xffff'ffc0'8020'1000,
                        .p_paddr = 0x8020'1000,
                        .p_filesz = 0,
                        .p_memsz = 0x3000,
                        .p_align = 16};
    return file;
}

Bytes tree() {
    Bytes bytes(1024);
    REQUIRE(fdt_create_empty_tree(bytes.data(), 1024) == 0);
    REQUIRE(fdt_pack(bytes.data()) == 0);
    bytes.resize(fdt_totalsize(bytes.data()));
    return bytes;
}

} // namespace

TEST_CASE("image: segments go to physical addresses, and so does the entry") {
    const Image image = image_of(program().bytes());
    REQUIRE(image.segments.size() == 2);
    CHECK(image.segments[0].address == 0x8020'0000);
    CHECK(image.segments[0].bytes == Bytes(16, 0x13));
    CHECK(image.segments[1].bytes.empty());
    CHECK(image.entry == 0x8020'0004);
    CHECK(image.end == 0x8020'4000);
}

TEST_CASE("image: what is stripped has its segments, and no sections") {
    const File file = program();
    const Bytes bytes = stripped(file.bytes());
    CHECK(bytes.size() == offsetof(File, symbols));
    CHECK(image_of(bytes).entry == 0x8020'0004);
    CHECK(stripped(bytes) == bytes);
}

TEST_CASE("image: a file that lies about itself is refused") {
    const auto refused = [](auto change) {
        File file = program();
        change(file);
        const Bytes bytes = file.bytes();
        CHECK_THROWS_AS(static_cast<void>(image_of(bytes)), EnvironmentError);
    };
    refused([](File& file) { file.head.e_machine = EM_X86_64; });
    refused([](File& file) { file.head.e_phoff = ~0ull; });
    refused([](File& file) { file.head.e_phnum = 60'000; });
    refused([](File& file) { file.head.e_entry = 4; });
    refused([](File& file) { file.segments[0].p_filesz = ~0ull - 8; });
    refused([](File& file) { file.segments[0].p_offset = sizeof file + 1; });
    refused([](File& file) { file.segments[1].p_memsz = ~0ull; });
    CHECK_THROWS_AS(static_cast<void>(image_of(Bytes())), EnvironmentError);
    CHECK_THROWS_AS(static_cast<void>(stripped(Bytes(63, 'x'))), EnvironmentError);
}

TEST_CASE("device tree: has what is to run, and keeps the loader's memory free") {
    const Bytes once = with_chosen(tree(), {.arguments = "old",
                                            .initrd = 1,
                                            .initrd_end = 2,
                                            .reserved = 0x87c0'0000,
                                            .reserved_end = 0x87c0'5000});
    const Bytes twice = with_chosen(once, {.arguments = std::string(4000, 'x'),
                                           .initrd = 0x8700'0000,
                                           .initrd_end = 0x8701'0000,
                                           .reserved = 0x1000,
                                           .reserved_end = 0x2000});
    REQUIRE(fdt_check_full(twice.data(), twice.size()) == 0);
    const int chosen = fdt_path_offset(twice.data(), "/chosen");
    REQUIRE(chosen >= 0);
    int size = 0;
    const auto* const arguments =
        static_cast<const char*>(fdt_getprop(twice.data(), chosen, "bootargs", &size));
    CHECK(std::string(arguments, static_cast<std::size_t>(size) - 1) == std::string(4000, 'x'));
    const void* const end = fdt_getprop(twice.data(), chosen, "linux,initrd-end", &size);
    CHECK(fdt64_ld(static_cast<const fdt64_t*>(end)) == 0x8701'0000);
    std::uint64_t begin = 0;
    std::uint64_t length = 0;
    REQUIRE(fdt_num_mem_rsv(twice.data()) == 2);
    REQUIRE(fdt_get_mem_rsv(twice.data(), 0, &begin, &length) == 0);
    CHECK(begin == 0x87c0'0000);
    CHECK(length == 0x5000);
}

TEST_CASE("device tree: what is none is an error of the board") {
    CHECK_THROWS_AS(static_cast<void>(with_chosen(Bytes(100, 7), {})), BoardError);
    Bytes cut = tree();
    cut.pop_back();
    CHECK_THROWS_AS(static_cast<void>(with_chosen(cut, {})), BoardError);
}
