// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Words of messages that may go on behind their first line. Line by line: the next one may lie
/// anywhere.
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

/// Word `index` of the message that begins with the next line, and those behind it in its line.
template <class End>
[[nodiscard]] std::span<SharedWord<Word>> words_from(const End& ring, unsigned index) {
    if (index < abi::item_words)
        return std::span(ring.line_at(0).words).subspan(index);
    const unsigned behind = index - abi::item_words;
    return std::span(raw(ring.line_at(1 + behind / abi::raw_line_words)).words)
        .subspan(behind % abi::raw_line_words);
}

/// Copies words `first` to `end` - 1 of the next message. @pre its lines are available
template <class Lines>
void copy_words(const Consumer<Lines>& in, unsigned first, unsigned end, Word* to) {
    while (first < end) {
        for (const SharedWord<Word>& word : words_from(in, first)) {
            if (first++ == end)
                return;
            *to++ = word.load_relaxed();
        }
    }
}

/// @lab{4.5} Puts a message in. @pre there is room for its lines
template <class Lines>
void put_message(Producer<Lines>& out, uint32_t id, abi::ItemInfo info,
                 std::span<const Word> words) {
    out.line_at(0).id.store_relaxed(id);
    out.line_at(0).info.store_relaxed(info.word);
    for (size_t i = 0; i < words.size();) {
        for (SharedWord<Word>& word : words_from(out, static_cast<unsigned>(i))) {
            if (i == words.size())
                break;
            word.store_relaxed(words[i++]);
        }
    }
    if (words.size() <= abi::item_words && !out.stopped())
        out.next();
    else
        out.advance_by(abi::lines_of(static_cast<unsigned>(words.size())) * abi::line_bytes);
}

} // namespace rt
