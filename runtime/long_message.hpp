// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Words of messages that may go on behind their first line. In memory they are in a row behind the
/// header, up to where the ring begins anew.
///
///     line 0    | id, info | words 0 to 6  |
///     line 1    | words 7 to 14            |    ...
///
/// Read next: runtime/status.hpp.
/// @stage{4}
#pragma once

#include "kernel/lib/todo.hpp"
#include "runtime/ring.hpp"

namespace rt {

// Your own helpers: begin
// Your own helpers: end

/// Info of an item's header as it was loaded.
constexpr abi::ItemInfo info_of(Word header) { return {static_cast<uint32_t>(header >> 32)}; }

/// Words `first` to `end` - 1 of the message that begins with the next line: those of them that are
/// in a row. The header is as long as a word.
template <class End>
[[nodiscard]] std::span<SharedWord<Word>> words_in(const End& ring, unsigned first, unsigned end) {
    if (abi::lines_of(end) * abi::line_bytes <= ring.run()) // nearly always
        return {raw(ring.line_at(0)).words + 1 + first, end - first};
    const unsigned line = (1 + first) / abi::raw_line_words;
    const unsigned before = (1 + first) % abi::raw_line_words;
    const Word in_a_row = ring.lines_in_a_row(line) * abi::raw_line_words - before;
    return {raw(ring.line_at(line)).words + before, std::min<Word>(end - first, in_a_row)};
}

inline void copy_word(const SharedWord<Word>& from, Word& to) { to = from.load_relaxed(); }
inline void copy_word(Word from, SharedWord<Word>& to) { to.store_relaxed(from); }

/// Copies so many words, and goes on behind them.
template <unsigned count, class From, class To>
[[gnu::always_inline]] inline void copy_next(From*& from, To*& to) {
#pragma GCC unroll 8
    for (unsigned i = 0; i < count; i++)
        copy_word(from[i], to[i]);
    from += count;
    to += count;
}

/// Copies words: a line's worth at a time, then halves of that. A loop around each word would cost
/// more than twice what copying it does.
template <class From, class To>
[[gnu::always_inline]] inline void copy_row(From* from, size_t count, To* to) {
    for (size_t left = count; left >= 8; left -= 8)
        copy_next<8>(from, to);
    if ((count & 4) != 0)
        copy_next<4>(from, to);
    if ((count & 2) != 0)
        copy_next<2>(from, to);
    if ((count & 1) != 0)
        copy_next<1>(from, to);
}

/// Copies words `first` to `end` - 1 of the next message. @pre its lines are available
template <class Lines>
void copy_words(const Consumer<Lines>& in, unsigned first, unsigned end, Word* to) {
    while (first < end) {
        const std::span<SharedWord<Word>> words = words_in(in, first, end);
        copy_row(words.data(), words.size(), to);
        to += words.size();
        first += static_cast<unsigned>(words.size());
    }
}

/// @lab{4.5} Puts a message in. @pre there is room for its lines
template <class Lines>
void put_message(Producer<Lines>& out, uint32_t id, abi::ItemInfo info,
                 std::span<const Word> words) {
    out.line_at(0).id.store_relaxed(id);
    out.line_at(0).info.store_relaxed(info.word);
    const unsigned length = static_cast<unsigned>(words.size());
    const Word* from = words.data();
    for (unsigned first = 0; first < length;) {
        const std::span<SharedWord<Word>> to = words_in(out, first, length);
        copy_row(from, to.size(), to.data());
        from += to.size();
        first += static_cast<unsigned>(to.size());
    }
    out.advance_by(abi::lines_of(length) * abi::line_bytes);
}

} // namespace rt
