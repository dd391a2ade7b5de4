// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See inputs.hpp.
#include "labs/4-rings/tests/guest/inputs.hpp"

#include <algorithm>

namespace judge {

void draw_lines(Draw& draw, Word* to, Word count) {
    for (Word i = 0; i < count * line_words; i++)
        to[i] = draw.word();
}

Word draw_messages(Draw& draw, Word* to, Word count, Word longest) {
    Word at = 0;
    for (Word i = 0; i < count; i++) {
        const Word left = party::data_words - at - (count - i);
        const Word length = draw.below(std::min(longest, left) + 1);
        const Word label = draw.below(1 << 16);
        const Word id = draw.word() & 0xffff'ffff;
        to[at++] = id | Word{abi::ItemInfo::make(label, length).word} << 32;
        for (Word k = 0; k < length; k++)
            to[at++] = draw.word();
    }
    return at;
}

bool expect_lines(const char* what, const Side& from, const Side& to, Word count, Word key,
                  const Place& place) {
    if (!test::expect_equal(what, count * line_words, to.task->taken.load_relaxed(), place))
        return false;
    for (Word i = 0; i < count * line_words; i++) {
        const Word expected = from.input[i] ^ (i % line_words == 0 ? 0 : key);
        if (to.output[i] != expected) {
            test::fail(place, "line ", i / line_words, " of ", count, ", word ", i % line_words,
                       " (0 is id and info): expected ", console::Hex{expected}, ", got ",
                       console::Hex{to.output[i]});
            return false;
        }
    }
    return true;
}

bool expect_messages(const Side& from, Word words, const Side& to, const Place& place) {
    Word message = 0;
    for (Word at = 0; at < words; message++) {
        const Word length = abi::ItemInfo{static_cast<uint32_t>(from.input[at] >> 32)}.length();
        for (Word k = 0; k <= length; k++) {
            if (to.output[at + k] == from.input[at + k])
                continue;
            test::fail(place, "message ", message, " of ", length, " words, word ", k,
                       " (0 is id and info): expected ", console::Hex{from.input[at + k]}, ", got ",
                       console::Hex{to.output[at + k]});
            return false;
        }
        at += length + 1;
    }
    return test::expect_equal("words that were taken", words, to.task->taken.load_relaxed(), place);
}

} // namespace judge
