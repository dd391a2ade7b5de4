// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a program says that it needs is read from its note, whatever else is damaged; and the sizes
/// of a process are what these needs and the image want, or it is refused.
/// Read next: user/lib/needs.hpp, user/lib/plan.hpp.
/// @stage{2}
#include "user/lib/elf.hpp"
#include "user/lib/plan.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <vector>

namespace {

using user::Elf;
using user::Needs;
using user::NeedsNote;
using user::Plan;
using user::Word;

constexpr size_t entries = 64;
constexpr size_t entry_bytes = 56;
constexpr size_t note_entry = entries + entry_bytes;
constexpr size_t contents = entries + 2 * entry_bytes;
constexpr size_t note_place = contents + 16;

/// One segment to be loaded, and one with notes.
class Image {
public:
    explicit Image(const std::vector<uint8_t>& notes, Word memory_size = 0x2000) {
        const uint8_t magic[] = {0x7f, 'E', 'L', 'F', 2, 1};
        std::memcpy(bytes_.data(), magic, sizeof magic);
        put<uint16_t>(16, 2);
        put<uint16_t>(18, 243);
        put<Word>(24, 0x10000);
        put<Word>(32, entries);
        put<uint16_t>(54, entry_bytes);
        put<uint16_t>(56, 2);
        put<uint32_t>(entries, 1);
        put<uint32_t>(entries + 4, 5);
        put<Word>(entries + 8, contents);
        put<Word>(entries + 16, 0x10000);
        put<Word>(entries + 32, 16);
        put<Word>(entries + 40, memory_size);
        put<uint32_t>(note_entry, 4);
        put<Word>(note_entry + 8, note_place);
        put<Word>(note_entry + 32, notes.size());
        put<Word>(note_entry + 48, 4);
        bytes_.insert(bytes_.end(), notes.begin(), notes.end());
    }
    template <class T>
    void put(size_t place, T value) {
        std::memcpy(bytes_.data() + place, &value, sizeof value);
    }
    /// Of exactly this size, so that a sanitizer sees what is read behind it.
    [[nodiscard]] const std::vector<uint8_t>& bytes() {
        bytes_.shrink_to_fit();
        return bytes_;
    }
    [[nodiscard]] bool valid() { return Elf(bytes()).valid(); }

private:
    std::vector<uint8_t> bytes_ = std::vector<uint8_t>(note_place);
};

template <class Note>
std::vector<uint8_t> bytes_of(const Note& note) {
    std::vector<uint8_t> bytes(sizeof note);
    std::memcpy(bytes.data(), &note, sizeof note);
    return bytes;
}

std::vector<uint8_t> operator+(std::vector<uint8_t> first, const std::vector<uint8_t>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

constexpr NeedsNote small{{.memory = 8192, .slots = 50}};
const std::vector<uint8_t> good = bytes_of(small);

/// Somebody else's, with a name and contents that are filled up.
struct ForeignNote {
    uint32_t name_size = 3;
    uint32_t contents_size = 5;
    uint32_t type = 1;
    char name[4] = {'G', 'N', 'U'};
    char contents[8] = {1, 2, 3, 4, 5};
};

bool same(const Needs& one, const Needs& other) {
    return std::memcmp(&one, &other, sizeof one) == 0;
}

/// Is the image refused if the needs are these?
bool refuses(Needs needs) {
    auto note = good;
    std::memcpy(note.data() + note.size() - sizeof needs, &needs, sizeof needs);
    return !Image(note).valid();
}

Plan plan_of(Image image) { return Plan(Elf(image.bytes()), 0); }

} // namespace

TEST_CASE("needs: a program that says nothing has the defaults") {
    for (const auto& notes : {std::vector<uint8_t>{}, bytes_of(ForeignNote{})}) {
        Image image(notes);
        REQUIRE(image.valid());
        CHECK(same(Elf(image.bytes()).needs(), Needs{}));
    }
}

TEST_CASE("needs: the note is found, alone and behind others") {
    for (const auto& notes :
         {good, bytes_of(ForeignNote{}) + good, good + bytes_of(ForeignNote{})}) {
        Image image(notes);
        REQUIRE(image.valid());
        CHECK(same(Elf(image.bytes()).needs(), small.needs));
    }
}

TEST_CASE("needs: a note that is cut off anywhere is refused") {
    for (size_t size = 1; size < good.size(); size++)
        CHECK(!Image({good.begin(), good.begin() + static_cast<ptrdiff_t>(size)}).valid());
    Image outside(good);
    outside.put<Word>(note_entry + 32, good.size() + 1);
    CHECK(!outside.valid());
    for (const Word place : {note_place + 1, ~Word{0}, ~Word{0} - 8, Word{1} << 63}) {
        Image elsewhere(good);
        elsewhere.put<Word>(note_entry + 8, place);
        CHECK(!elsewhere.valid());
    }
}

TEST_CASE("needs: sizes in a note that cannot be are refused") {
    for (const uint32_t size : {0x7fff'ffffU, 0xffff'fffcU, 0xffff'ffffU}) {
        for (const size_t field : {size_t{0}, size_t{4}}) {
            auto note = good;
            std::memcpy(note.data() + field, &size, sizeof size);
            CHECK(!Image(note).valid());
        }
    }
    auto shorter = good;
    shorter[4] = static_cast<uint8_t>(sizeof(Needs) - 4);
    CHECK(!Image(shorter).valid());
}

TEST_CASE("needs: what no process can have is refused") {
    for (const uint32_t memory : {0U, 2048U, 8191U, 12288U, 1U << 31})
        CHECK(refuses({.memory = memory}));
    CHECK(!refuses({.memory = Needs::most_memory}));
    CHECK(refuses({.slots = Needs::most_slots + 1}));
    CHECK(!refuses({.slots = 0}));
    /// @cond LAB5
    CHECK(refuses({.peers = 0}));
    CHECK(refuses({.peers = Needs::most_peers + 1}));
    CHECK(!refuses({.peers = Needs::most_peers}));
    CHECK(refuses({.buffers = ~0U}));
    CHECK(!refuses({.buffers = 0}));
    /// @endcond
}

TEST_CASE("plan: a program takes what it needs, and the rest of a power of two") {
    const Plan modest = plan_of(Image(good));
    REQUIRE(modest.possible());
    CHECK(modest.image_pages == 2);
    CHECK(modest.own_bits == 13);
    CHECK(modest.cnode_bits == 7);
    CHECK(modest.block_pages == 1);
    const Plan common = plan_of(Image({}));
    REQUIRE(common.possible());
    CHECK(common.own_bits == 19);
    CHECK(common.cnode_bits == 10);
    CHECK(modest.memory_bits < common.memory_bits);
    CHECK(modest.slots() < common.slots());
    // Parts are no more than the whole.
    for (const Plan& plan : {modest, common}) {
        const Word parts = (Word{1} << plan.own_bits) + (Word{1} << plan.inner_bits) +
                           (Word{32} << plan.cnode_bits) + 4096 * (plan.frames() + 1) + 4096;
        CHECK(parts <= Word{1} << plan.memory_bits);
    }
}

TEST_CASE("plan: a large image gets more memory, and one that is too large none") {
    const Plan large = plan_of(Image(good, Word{8} << 20));
    REQUIRE(large.possible());
    CHECK(large.image_pages == 2048);
    CHECK(large.memory_bits == 24);
    /// @cond LAB5
    const NeedsNote server{{.memory = 4 << 20, .peers = Needs::most_peers}};
    const Plan served = plan_of(Image(bytes_of(server), Word{8} << 20));
    REQUIRE(served.possible());
    CHECK(served.memory_bits == 24);
    CHECK(served.own_bits == 22);
    /// @endcond
    CHECK(!plan_of(Image(good, Word{1} << 30)).possible());
    CHECK(!plan_of(Image(good, abi::user_top - 0x10000)).possible());
    Image elsewhere(good);
    elsewhere.put<Word>(entries + 16, abi::user_top - 0x2000);
    CHECK(plan_of(elsewhere).image_pages == 2);
}
