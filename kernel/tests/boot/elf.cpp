// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Program files: one good one, and for each rule a file that breaks it.
/// @stage{2}
#include "kernel/boot/elf.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<uint8_t>;
using elf::ProgramHeader;

constexpr VAddr limit(0x3f'ffff'0000);
constexpr std::size_t file_header_size = 64;

template <class T>
void put(Bytes& file, std::size_t offset, T value) {
    std::memcpy(&file.at(offset + sizeof value - 1) - (sizeof value - 1), &value, sizeof value);
}

Bytes file_with(const std::vector<ProgramHeader>& segments, Word entry = 0x10000) {
    Bytes file(0x3000);
    const uint8_t start[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    std::memcpy(file.data(), start, sizeof start);
    put<uint16_t>(file, 16, 2);
    put<uint16_t>(file, 18, 243);
    put<Word>(file, 24, entry);
    put<Word>(file, 32, file_header_size);
    put<uint16_t>(file, 54, sizeof(ProgramHeader));
    put<uint16_t>(file, 56, static_cast<uint16_t>(segments.size()));
    for (std::size_t i = 0; i < segments.size(); i++)
        put(file, file_header_size + i * sizeof(ProgramHeader), segments[i]);
    return file;
}

ProgramHeader segment(Word offset, Word vaddr, Word file_size, Word memory_size) {
    return {ProgramHeader::load, 7, offset, vaddr, vaddr, file_size, memory_size, 0x1000};
}

const ProgramHeader text = segment(0x1000, 0x10000, 0x1000, 0x1000);
const ProgramHeader data = segment(0x2000, 0x12800, 0x800, 0x1900);

std::string error_of(const Bytes& file) {
    const auto image = elf::check(file, limit);
    if (image)
        return "none";
    const int index = image.error().segment;
    return (index < 0 ? "file " : "segment " + std::to_string(index) + " ") + image.error().text;
}

std::string error_of(const ProgramHeader& second) { return error_of(file_with({text, second})); }

} // namespace

TEST_SUITE("elf") {
    TEST_CASE("a good program: its pages and its entry") {
        const Bytes file = file_with({text, data}, 0x10020);
        const auto image = elf::check(file, limit);
        REQUIRE(image);
        CHECK(image->start == VAddr(0x10000));
        CHECK(image->end == VAddr(0x15000));
        CHECK(image->entry == VAddr(0x10020));
        CHECK(image->headers == 2);
        CHECK(image->header(1).vaddr == 0x12800);
    }

    TEST_CASE("segments may come in any order, and others do not count") {
        ProgramHeader note = segment(0x10'0000, 0, 1, 0);
        note.type = 4;
        const Bytes file = file_with({data, note, segment(0, 0, 0, 0), text});
        const auto image = elf::check(file, limit);
        REQUIRE(image);
        CHECK(image->start == VAddr(0x10000));
        CHECK(image->end == VAddr(0x15000));
    }

    TEST_CASE("a file of another kind") {
        CHECK(error_of(Bytes()) == "file is not an ELF file");
        CHECK(error_of(Bytes(63)) == "file is not an ELF file");
        CHECK(error_of(Bytes(4096)) == "file is not an ELF file");
        const auto changed = [](std::size_t at, auto value) {
            Bytes file = file_with({text});
            put(file, at, value);
            return error_of(file);
        };
        const std::string other = "file is not a program for 64-bit RISC-V";
        CHECK(changed(4, uint8_t{1}) == other);
        CHECK(changed(5, uint8_t{2}) == other);
        CHECK(changed(18, uint16_t{62}) == other);
        CHECK(changed(16, uint16_t{3}) == "file is position-independent: link it with -no-pie");
        CHECK(changed(16, uint16_t{1}) == "file is not a program that has been linked");
        CHECK(changed(54, uint16_t{32}) == "file has program headers of unknown form");
    }

    TEST_CASE("headers outside of the file") {
        const std::string truncated =
            "file has program headers outside of the file: the file is truncated";
        for (const Word offset : {Word{0x2fff}, Word{0x3001}, ~Word{0}, ~Word{0} - 55}) {
            Bytes file = file_with({text});
            put(file, 32, offset);
            CHECK(error_of(file) == truncated);
        }
        Bytes many = file_with({text});
        put<uint16_t>(many, 56, 65);
        CHECK(error_of(many) == "file has more than 64 program headers");
    }

    TEST_CASE("headers need no alignment") {
        Bytes file = file_with({text});
        put(file, file_header_size + 3, text);
        put<Word>(file, 32, file_header_size + 3);
        CHECK(error_of(file) == "none");
    }

    TEST_CASE("segments outside of the file") {
        const std::string truncated = "segment 1 lies outside of the file: the file is truncated";
        CHECK(error_of(segment(0x2001, 0x20000, 0x1000, 0x1000)) == truncated);
        CHECK(error_of(segment(~Word{0}, 0x20000, 2, 2)) == truncated);
        CHECK(error_of(segment(2, 0x20000, ~Word{0}, ~Word{0})) == truncated);
        CHECK(error_of(segment(0x3000, 0x20000, 0, 0x1000)) == "none");
    }

    TEST_CASE("sizes and places in memory") {
        CHECK(error_of(segment(0, 0x20000, 0x100, 0xff)) ==
              "segment 1 is smaller in memory than in the file");
        CHECK(error_of(segment(0, 0xfff, 0, 1)) ==
              "segment 1 uses page 0, which stays empty so that null pointers fault");
        const std::string beyond = "segment 1 goes beyond the greatest address of a program";
        CHECK(error_of(segment(0, limit.value, 0, 1)) == beyond);
        CHECK(error_of(segment(0, 0x20000, 0, limit.value)) == beyond);
        CHECK(error_of(segment(0, ~Word{0}, 0, 1)) == beyond);
        CHECK(error_of(segment(0, ~Word{0}, 0, ~Word{0})) == beyond);
        CHECK(error_of(segment(0, limit.value - 1, 0, 1)) == "none");
    }

    TEST_CASE("segments that overlap") {
        const std::string overlaps = "segment 1 overlaps another one";
        CHECK(error_of(segment(0, 0x10fff, 1, 1)) == overlaps);
        CHECK(error_of(segment(0, 0xf000, 0, 0x1001)) == overlaps);
        CHECK(error_of(segment(0, 0x10800, 8, 8)) == overlaps);
        CHECK(error_of(segment(0, 0xf000, 0, 0x10000)) == overlaps);
        CHECK(error_of(segment(0, 0x11000, 0, 1)) == "none");
    }

    TEST_CASE("an entry that is in no segment") {
        const std::string outside = "file has an entry point outside of its segments";
        for (const Word entry : {Word{0}, Word{0xffff}, Word{0x11000}, ~Word{0}})
            CHECK(error_of(file_with({text}, entry)) == outside);
        CHECK(error_of(file_with({})) == outside);
    }

    TEST_CASE("whatever is accepted can be loaded") {
        std::mt19937 random(1);
        for (int run = 0; run < 20'000; run++) {
            Bytes file = file_with({text, data});
            for (int change = 0; change < 3; change++)
                file[random() % 200] = static_cast<uint8_t>(random());
            const auto image = elf::check(file, limit);
            for (unsigned i = 0; image && i < image->headers; i++) {
                const ProgramHeader one = image->header(i);
                if (one.type != ProgramHeader::load || one.memory_size == 0)
                    continue;
                REQUIRE(one.offset + one.file_size <= file.size());
                REQUIRE(one.vaddr >= image->start.value);
                REQUIRE(one.vaddr + one.memory_size <= image->end.value);
                REQUIRE(one.file_size <= one.memory_size);
            }
        }
    }
}
