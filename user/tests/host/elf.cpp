// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The reader of executables is given images that are damaged or lie: it accepts only what can be
/// loaded, and reads nothing outside the image (the sanitizers see to that).
/// Read next: user/lib/elf.hpp.
/// @stage{2}
#include "user/lib/elf.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <vector>

namespace {

using user::Elf;
using user::Word;

/// Offsets in the file header and in an entry of the segment table.
constexpr size_t machine = 18;
constexpr size_t table = 32;
constexpr size_t entry_size = 54;
constexpr size_t count = 56;
constexpr size_t first_entry = 64;
constexpr size_t offset = first_entry + 8;
constexpr size_t vaddr = first_entry + 16;
constexpr size_t file_size = first_entry + 32;
constexpr size_t memory_size = first_entry + 40;

constexpr uint32_t execute_and_read = 5;
constexpr Word content_offset = 120;
constexpr Word content_size = 16;

class Image {
public:
    template <class T>
    void put(size_t place, T value) {
        std::memcpy(bytes_.data() + place, &value, sizeof value);
    }
    void cut(size_t size) { bytes_.resize(size); }

    /// A copy of exactly this size, so that a sanitizer sees what is read behind it.
    [[nodiscard]] bool valid() const {
        const std::vector<uint8_t> copy(bytes_);
        return Elf(copy).valid();
    }
    [[nodiscard]] const std::vector<uint8_t>& bytes() const { return bytes_; }

    /// One segment of 16 bytes, and zeroes up to 0x2000.
    static Image good() {
        Image image;
        const uint8_t magic[] = {0x7f, 'E', 'L', 'F', 2, 1};
        std::memcpy(image.bytes_.data(), magic, sizeof magic);
        image.put<uint16_t>(16, 2);
        image.put<uint16_t>(machine, 243);
        image.put<Word>(24, 0x10000);
        image.put<Word>(table, first_entry);
        image.put<uint16_t>(entry_size, 56);
        image.put<uint16_t>(count, 1);
        image.put<uint32_t>(first_entry, 1);
        image.put<uint32_t>(first_entry + 4, execute_and_read);
        image.put<Word>(offset, content_offset);
        image.put<Word>(vaddr, 0x10000);
        image.put<Word>(file_size, content_size);
        image.put<Word>(memory_size, 0x2000);
        return image;
    }

private:
    std::vector<uint8_t> bytes_ = std::vector<uint8_t>(content_offset + content_size);
};

/// Does an image stop being valid with this value at this place?
template <class T>
bool refuses(size_t place, T value) {
    Image image = Image::good();
    image.put(place, value);
    return !image.valid();
}

} // namespace

TEST_CASE("elf: a good image is read") {
    const Image image = Image::good();
    const Elf elf(image.bytes());
    REQUIRE(elf.valid());
    CHECK(elf.entry() == 0x10000);
    CHECK(elf.end() == 0x12000);
    REQUIRE(elf.segments() == 1);
    const Elf::Segment segment = elf.segment(0);
    CHECK(segment.vaddr == 0x10000);
    CHECK(segment.size == 0x2000);
    CHECK(segment.contents.size() == content_size);
    CHECK(segment.contents.data() == image.bytes().data() + content_offset);
    CHECK(segment.executable);
    CHECK(!segment.writable);
}

TEST_CASE("elf: an image that is cut off anywhere is refused") {
    for (size_t size = 0; size < content_offset + content_size; size++) {
        Image image = Image::good();
        image.cut(size);
        CHECK(!image.valid());
    }
}

TEST_CASE("elf: other formats are refused") {
    for (size_t i = 0; i < 6; i++)
        CHECK(refuses<uint8_t>(i, 0));
    CHECK(refuses<uint16_t>(16, 3));
    CHECK(refuses<uint16_t>(machine, 62));
    CHECK(refuses<uint16_t>(entry_size, 32));
}

TEST_CASE("elf: what does not lie in the image is refused") {
    for (const Word value : {Word{137}, ~Word{0}, ~Word{0} - 16, Word{1} << 63}) {
        CHECK(refuses(table, value));
        CHECK(refuses(offset, value));
        CHECK(refuses(file_size, value));
    }
    CHECK(refuses<uint16_t>(count, 2));
    CHECK(refuses<uint16_t>(count, 0xffff));
}

TEST_CASE("elf: what does not lie below the end of user addresses is refused") {
    CHECK(refuses(vaddr, abi::user_top));
    CHECK(refuses(vaddr, abi::user_top - 0x1fff));
    CHECK(refuses(vaddr, ~Word{0}));
    CHECK(refuses(memory_size, ~Word{0}));
    CHECK(refuses(memory_size, content_size - 1));
    CHECK(!refuses(vaddr, abi::user_top - 0x2000));
}

TEST_CASE("elf: segments that are not to be loaded are not looked at") {
    Image image = Image::good();
    image.put<uint32_t>(first_entry, 6);
    image.put(offset, ~Word{0});
    REQUIRE(image.valid());
    CHECK(Elf(image.bytes()).segment(0).size == 0);
    CHECK(Elf(image.bytes()).end() == 0);
}
