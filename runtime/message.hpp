// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Messages as programs write them, and what came back.
///
///     ipc::Message{read, handle, offset}     a label and words: Message<2>
///     ipc::Request<2>                        what a server gets: two words are copied
///     ipc::Reply<1>                          what a caller gets, likewise
///
/// How many words there are is in the type where it is known: then only those are copied.
/// Read next: runtime/ipc.hpp.
/// @stage{5}
#pragma once

#include "kernel/abi/ring.hpp"

#include <span>

namespace ipc {

using abi::Word;

/// A message that is to be sent: `count` words, at most abi::item_words.
template <unsigned count>
struct Message {
    static_assert(count <= abi::item_words);

    uint32_t info = 0; ///< abi::ItemInfo
    Word words[count == 0 ? 1 : count] = {};

    Message() = default;
    [[nodiscard]] std::span<const Word> span() const { return {words, count}; }

    template <class... Words>
    explicit constexpr Message(Word label, Words... values)
        : info(abi::ItemInfo::make(label, sizeof...(Words)).word),
          words{static_cast<Word>(values)...} {}
};
template <class... Words>
Message(Word label, Words...) -> Message<sizeof...(Words)>;

/// A request of which a server wants `count` words. Those behind `length()` are undefined.
template <unsigned count>
struct Request {
    static constexpr unsigned words_wanted = count;

    uint32_t info = 0; ///< abi::ItemInfo
    Word words[count == 0 ? 1 : count] = {};

    [[nodiscard]] unsigned label() const { return abi::ItemInfo{info}.label(); }
    [[nodiscard]] unsigned length() const { return abi::ItemInfo{info}.length(); }
};

/// A request of any length. The words are the server's copy, until the handler returns.
struct LongRequest {
    uint32_t info = 0; ///< abi::ItemInfo
    std::span<const Word> words;

    [[nodiscard]] unsigned label() const { return abi::ItemInfo{info}.label(); }
};

/// Why a call has no reply.
enum class CallError : uint8_t {
    none,
    refused,   ///< the server could not take it
    cancelled, ///< by somebody in this process
    timed_out,
    peer_gone, ///< the other side ended, or broke the protocol
    too_long,  ///< the request fits no ring, or the reply not the space for it
};

/// A reply of which a caller wants `count` words, or why there is none. Words behind `length()` are
/// undefined.
template <unsigned count = abi::item_words>
struct Reply {
    Word header = 0; ///< as in the ring: id, and info in the high half
    Word words[count == 0 ? 1 : count] = {};

    explicit operator bool() const { return static_cast<int64_t>(header) >= 0; }
    [[nodiscard]] CallError error() const {
        return *this ? CallError::none : static_cast<CallError>(info().length());
    }
    [[nodiscard]] abi::ItemInfo info() const { return {static_cast<uint32_t>(header >> 32)}; }
    [[nodiscard]] unsigned label() const { return info().label(); }
    [[nodiscard]] unsigned length() const { return info().length(); }
};

/// The sign of a reply's header says that there is none. In this process only: no reply from
/// outside is let through that has it.
constexpr uint32_t no_reply = 1U << 31;
constexpr Word no_header(CallError error) {
    return Word{no_reply | static_cast<uint32_t>(error)} << 32;
}

/// A message of any length, and space for its reply. Both stay where they are until the reply has
/// come.
struct LongMessage {
    uint32_t info = 0; ///< abi::ItemInfo
    std::span<const Word> words;
    std::span<Word> reply_space; ///< gets all words of the reply

    LongMessage(Word label, std::span<const Word> message, std::span<Word> reply)
        : info(abi::ItemInfo::make(label, message.size()).word), words(message),
          reply_space(reply) {}
};

} // namespace ipc
