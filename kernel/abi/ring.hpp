// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The shared buffer of one client and one server, a process or the kernel: two rings of items, in
/// memory that both sides can write. A ring has one producer and one consumer.
///
///     0      | set-up | client's words | server's words | not used |     a cache line each
///     256    | requests: client to server, a power of two of lines |
///     ...    | replies: server to client, likewise                 |
///
/// Head and tail count bytes ever taken and put in; modulo the capacity they are places in the
/// ring. Each is written by one side only; the two state words are written by both.
/// Always holds: an item is one aligned line, so it never lies on two pages. Nobody trusts what the
/// other side can write, the set-up word included: each side knows the capacities by itself.
/// Read next: runtime/ring.hpp, runtime/status.hpp.
/// @stage{4}
#pragma once

#include "kernel/abi/types.hpp"
#include "runtime/shared_word.hpp"

#include <stddef.h>

namespace abi {

constexpr Word line_bytes = 64;
constexpr unsigned item_words = 7;     ///< message words in an item
constexpr unsigned raw_line_words = 8; ///< in each line that continues it

/// What an item says of its message.
///
///     31    25 24               9 8          7 6      0
///     | flags | label             | extra caps | length |
struct ItemInfo {
    uint32_t word = 0;

    static constexpr ItemInfo make(Word label, Word length, Word extra_caps = 0, Word flags = 0) {
        return {static_cast<uint32_t>(flags | (label & mask(16)) << 9 |
                                      (extra_caps & mask(2)) << 7 | (length & mask(7)))};
    }
    [[nodiscard]] constexpr unsigned label() const { return word >> 9 & 0xffff; }
    [[nodiscard]] constexpr unsigned extra_caps() const { return word >> 7 & 3; }
    [[nodiscard]] constexpr unsigned length() const { return word & 0x7f; }
    [[nodiscard]] constexpr bool has(uint32_t flag) const { return (word & flag) != 0; }
};

/// Flags of ItemInfo, in place. Others are zero on the wire.
enum ItemFlag : uint32_t {
    one_way = 1U << 25, ///< of a request: no reply is wanted
    refused = 1U << 26, ///< of a reply: the server could not take the request
};
constexpr uint32_t item_flags = 0x7fU << 25;

/// Lines of a message of so many words.
constexpr unsigned lines_of(unsigned length) {
    return length <= item_words ? 1
                                : 1 + (length - item_words + raw_line_words - 1) / raw_line_words;
}
constexpr unsigned most_lines = lines_of(message_words);

/// The first line of a message. Words that do not fit continue in the next lines of the ring.
struct alignas(line_bytes) Item {
    rt::SharedWord<uint32_t> id; ///< who called; comes back in the reply
    rt::SharedWord<uint32_t> info;
    rt::SharedWord<Word> words[item_words];
};
static_assert(sizeof(Item) == line_bytes);
static_assert(offsetof(Item, info) == 4 && offsetof(Item, words) == 8);

/// Any other line of a message.
struct alignas(line_bytes) RawLine {
    rt::SharedWord<Word> words[raw_line_words];
};
static_assert(sizeof(RawLine) == line_bytes);

/// What a consumer is doing.
enum ConsumerState : Word {
    running = 0, ///< it will look at the ring by itself
    armed = 1,   ///< it sleeps, or will: whoever changes this word notifies it
};

/// What a producer is doing.
enum ProducerState : Word {
    flowing = 0, ///< it needs nothing
    waiting = 1, ///< for room: whoever changes this word notifies it
};

struct ProducerWords {
    rt::SharedWord<Word> tail; ///< bytes put in; written by the producer
    rt::SharedWord<Word> state;
};

struct ConsumerWords {
    rt::SharedWord<Word> head; ///< bytes taken; written by the consumer
    rt::SharedWord<Word> state;
};

/// The words of one side: it produces into one ring and consumes from the other.
struct alignas(line_bytes) SideWords {
    ProducerWords out;
    ConsumerWords in;
};
static_assert(sizeof(SideWords) == line_bytes);
static_assert(offsetof(SideWords, in) == 16 && offsetof(ProducerWords, state) == 8);

struct BufferHeader {
    alignas(line_bytes) rt::SharedWord<Word> setup; ///< buffer_setup(); for debuggers
    SideWords client;
    SideWords server;
    alignas(line_bytes) Word reserved[8];
};
constexpr Word ring_offset = 256;
static_assert(sizeof(BufferHeader) == ring_offset);
static_assert(offsetof(BufferHeader, client) == 64 && offsetof(BufferHeader, server) == 128);

constexpr Word buffer_version = 1;
constexpr Word buffer_frames = 32; ///< of which the kernel takes a buffer, at most

/// Lines in each ring, powers of two that hold the longest message.
struct RingLines {
    Word requests = 0;
    Word replies = 0;

    static constexpr bool possible(Word lines) {
        return lines >= most_lines && lines <= Word{1} << 24 && (lines & (lines - 1)) == 0;
    }
    [[nodiscard]] constexpr bool valid() const { return possible(requests) && possible(replies); }
};

/// Where the replies begin, and how large the whole buffer is, in bytes.
constexpr Word replies_offset(RingLines lines) { return ring_offset + lines.requests * line_bytes; }
constexpr Word buffer_bytes(RingLines lines) {
    return replies_offset(lines) + lines.replies * line_bytes;
}

/// The set-up word: version, and both capacities in lines.
constexpr Word buffer_setup(RingLines lines) {
    return buffer_version << 56 | lines.requests << 28 | lines.replies;
}

} // namespace abi
