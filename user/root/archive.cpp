// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See archive.hpp.
/// @stage{2}
#include "user/root/archive.hpp"

namespace root {

namespace {

constexpr std::string_view magic = "070701";
constexpr size_t digits = 8;
constexpr size_t header_length = 110;
constexpr unsigned size_field = 6;
constexpr unsigned name_size_field = 11;
constexpr std::string_view last_name = "TRAILER!!!";
constexpr uint32_t no_number = ~uint32_t{0};

std::string_view text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

uint32_t Archive::field(unsigned index) const {
    constexpr std::string_view alphabet = "0123456789abcdef";
    uint32_t value = 0;
    const Bytes characters = rest_.subspan(magic.size() + index * digits, digits);
    for (const uint8_t character : characters) {
        const char lower = static_cast<char>(character < 'A' ? character : character | 0x20);
        const size_t digit = alphabet.find(lower);
        if (digit == alphabet.npos)
            return no_number;
        value = value << 4 | static_cast<uint32_t>(digit);
    }
    return value;
}

bool Archive::take(size_t length, size_t header, Bytes& taken) {
    const size_t whole = header + length; // both are 32-bit numbers
    if (whole > rest_.size())
        return false;
    taken = rest_.subspan(header, length);
    const size_t filled = (whole + 3) & ~size_t{3};
    rest_ = rest_.subspan(filled < rest_.size() ? filled : rest_.size());
    return true;
}

bool Archive::next(File& file) {
    if (rest_.size() < header_length || text(rest_.first(magic.size())) != magic)
        return false;
    const uint32_t size = field(size_field);
    const uint32_t name_size = field(name_size_field);
    Bytes name;
    if (size == no_number || name_size == no_number || name_size == 0 ||
        !take(name_size, header_length, name) || !take(size, 0, file.contents))
        return false;
    file.name = text(name.first(name.size() - 1));
    return file.name != last_name;
}

} // namespace root
