// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What goes over the serial line between the grader and a board's loader. A line may lose bytes
/// and turn them over, so each side sends sums, and a request that is not answered is sent again.
///
///     grader -> board    a frame: ~ KIND NUMBER ADDRESS DATA... SUM ~
///     board -> grader    a line:  @rel4 ready VERSION TREE SIZE BEGIN END SUM
///                                 @rel4 done NUMBER SUM
///                                 @rel4 data NUMBER BYTES SUM
///                                 @rel4 again SUM             a frame came with a wrong sum
///                                 @rel4 refused NUMBER SUM    it would destroy the loader
///
/// In frames numbers are little-endian, SUM is the CRC-32 of all before it, and a byte that is ~ or
/// } is sent as } and the byte with bit 5 turned over (RFC 1662 frames so). In lines numbers are
/// hexadecimal, and SUM is that of the text between "@rel4 " and " SUM".
/// Read next: loader.cpp, autograder/board/link.hpp.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string_view>

namespace loader {

constexpr unsigned version = 1;

enum class Kind : uint8_t {
    hello = 'h', ///< who is there? answered by "ready"
    write = 'w', ///< DATA to ADDRESS
    read = 'r',  ///< DATA is a length, of 4 bytes and at most longest_read
    boot = 'b',  ///< goes to ADDRESS, with DATA, of 8 bytes, as the device tree's address
};

constexpr size_t head = 1 + 4 + 8; ///< KIND, NUMBER, ADDRESS
constexpr size_t longest_data = 4096;
constexpr size_t longest_read = 256;
constexpr size_t longest_frame = head + longest_data + 4;

constexpr uint8_t flag = '~';
constexpr uint8_t escape = '}';
constexpr uint8_t turned = 0x20;

/// CRC-32 as Ethernet and zip have it.
class Crc {
public:
    constexpr void add(uint8_t byte) {
        state_ ^= byte;
        for (int i = 0; i < 8; i++)
            state_ = state_ >> 1 ^ (state_ & 1 ? 0xedb8'8320 : 0);
    }
    [[nodiscard]] constexpr uint32_t value() const { return ~state_; }

private:
    uint32_t state_ = ~uint32_t{0};
};

constexpr uint32_t crc(std::string_view bytes) {
    Crc crc;
    for (const char byte : bytes)
        crc.add(static_cast<uint8_t>(byte));
    return crc.value();
}

/// `size` bytes at `from`, the least significant first. @pre they are there
constexpr uint64_t number_at(const uint8_t* from, size_t size) {
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number |= uint64_t{from[i]} << 8 * i;
    return number;
}

/// Puts frames together out of bytes as they come.
class Receiver {
public:
    enum class State : uint8_t { unfinished, whole, broken };

    constexpr State take(uint8_t byte) {
        if (byte == flag)
            return end();
        if (byte == escape) {
            is_escaped_ = true;
            return State::unfinished;
        }
        if (size_ < longest_frame)
            bytes_[size_] = is_escaped_ ? byte ^ turned : byte;
        is_escaped_ = false;
        size_++;
        return State::unfinished;
    }

    // What a whole frame says, until the next byte is taken.
    [[nodiscard]] constexpr Kind kind() const { return Kind{bytes_[0]}; }
    [[nodiscard]] constexpr uint32_t number() const {
        return static_cast<uint32_t>(number_at(bytes_ + 1, 4));
    }
    [[nodiscard]] constexpr uint64_t address() const { return number_at(bytes_ + 5, 8); }
    [[nodiscard]] constexpr const uint8_t* data() const { return bytes_ + head; }
    [[nodiscard]] constexpr size_t data_size() const { return ended_ - head - 4; }

private:
    constexpr State end() {
        ended_ = size_;
        size_ = 0;
        is_escaped_ = false;
        if (ended_ == 0)
            return State::unfinished; // between the flags of two frames
        if (ended_ < head + 4 || ended_ > longest_frame)
            return State::broken;
        Crc crc;
        for (size_t i = 0; i < ended_ - 4; i++)
            crc.add(bytes_[i]);
        return crc.value() == number_at(bytes_ + ended_ - 4, 4) ? State::whole : State::broken;
    }

    uint8_t bytes_[longest_frame] = {};
    size_t size_ = 0;
    size_t ended_ = 0;
    bool is_escaped_ = false;
};

} // namespace loader
