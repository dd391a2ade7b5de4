// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 4.5: messages of one line and of many. What lies in the ring is looked at word by word,
/// as kernel/abi/ring.hpp draws it.
/// Read next: traffic.cpp.
#include "labs/4-rings/tests/host/rings.hpp"
#include "runtime/long_message.hpp"

#include <vector>

using namespace rings;

namespace {

constexpr Word untouched = 0x5a5a'5a5a'5a5a'5a5a;
constexpr Word words_in_ring = lines * abi::raw_line_words;

struct Messages : Requests {
    rt::Producer<> out = memory.buffer.client().out;

    Messages() {
        for (Word i = 0; i < words_in_ring; i++)
            word(i).store_relaxed(untouched);
    }
    /// A word of the ring, counted from the first ever put in.
    [[nodiscard]] rt::SharedWord<Word>& word(Word index) const {
        return reinterpret_cast<rt::SharedWord<Word>*>(first)[index % words_in_ring];
    }
    /// As if so many lines had been put in and taken, and all is free.
    void go_to(Word place) {
        out.advance_by(place * line);
        head.store_relaxed(place * line);
    }
};

std::vector<Word> drawn(Draw& draw, unsigned length) {
    std::vector<Word> words(length);
    for (Word& word : words)
        word = draw.word();
    return words;
}

/// Puts a message in at a place, and looks at all lines of the ring.
bool check_message(Messages& ring, unsigned length, Word place, Draw& draw) {
    INFO("a message of " << length << " words, put in at line " << place << " of 16");
    const std::vector<Word> words = drawn(draw, length);
    const uint32_t id = static_cast<uint32_t>(draw.word());
    const abi::ItemInfo info = abi::ItemInfo::make(draw.below(1 << 16), length, draw.below(4));
    const Word tail = ring.out.tail();
    rt::put_message(ring.out, id, info, words);
    const Word taken = abi::lines_of(length) * line;
    bool right = lab::expect_equal("lines by which the tail goes on", taken / line,
                                   (ring.out.tail() - tail) / line);
    const Word start = tail / sizeof(Word);
    const Word header = ring.word(start).load_relaxed();
    right = lab::expect_equal("id", id, static_cast<uint32_t>(header)) && right;
    right = lab::expect_equal("info", info.word, static_cast<uint32_t>(header >> 32)) && right;
    for (unsigned i = 0; i < length && right; i++)
        right = lab::expect_equal("word " + std::to_string(i), words[i],
                                  ring.word(start + 1 + i).load_relaxed());
    for (Word i = start + taken / sizeof(Word); i < start + words_in_ring && right; i++)
        right = lab::expect("lines that are not of the message stay as they are",
                            ring.word(i).load_relaxed() == untouched);
    return right;
}

} // namespace

TEST_CASE("message-line: up to 7 words lie in one line, behind id and info") {
    Draw draw(451);
    for (unsigned length = 0; length <= abi::item_words; length++) {
        Messages ring;
        if (!check_message(ring, length, 0, draw))
            return;
    }
}

TEST_CASE("message-lines: more words go on in the next lines, 8 in each") {
    Draw draw(452);
    for (unsigned length = abi::item_words + 1; length <= abi::message_words; length++) {
        Messages ring;
        if (!check_message(ring, length, 0, draw))
            return;
    }
}

TEST_CASE("message-wrap: a message goes on at the first line where the ring begins anew") {
    Draw draw(453);
    for (unsigned length = 0; length <= abi::message_words; length++) {
        for (Word place = 1; place < lines; place++) {
            Messages ring;
            ring.go_to(place);
            if (!check_message(ring, length, place, draw))
                return;
        }
    }
}

TEST_CASE("message-run: also behind a refill(), with a run that it fits in or not") {
    Draw draw(454);
    for (unsigned length = 0; length <= abi::message_words; length += 1 + length / 16) {
        for (Word place = 0; place < lines; place++) {
            Messages ring;
            ring.go_to(place);
            expect_answer("when all is free", Ring::ready, ring.out.refill());
            const Word run = ring.out.run() / line;
            if (!check_message(ring, length, place, draw))
                return;
            lab::expect_equal("lines that are left in the run",
                              run > abi::lines_of(length) ? run - abi::lines_of(length) : 0,
                              ring.out.run() / line);
        }
    }
}

TEST_CASE("message-row: messages one behind the other, published, and read again") {
    Messages ring;
    Draw draw(455);
    rt::Consumer<> in = ring.memory.buffer.server().in;
    for (unsigned i = 0; i < 300; i++) {
        const unsigned length = static_cast<unsigned>(draw.below(abi::message_words + 1));
        INFO("message " << i << ", of " << length << " words");
        const std::vector<Word> words = drawn(draw, length);
        static_cast<void>(ring.out.refill());
        rt::put_message(ring.out, i, abi::ItemInfo::make(1, length), words);
        ring.out.publish();
        if (!expect_answer("when a message is published", Ring::ready, in.refill()))
            return;
        std::vector<Word> found(length);
        rt::copy_words(in, 0, length, found.data());
        if (!lab::expect_equal("its id", i, in.line_at(0).id.load_relaxed()) ||
            !lab::expect("copy_words() reads the words that were put in", found == words))
            return;
        in.advance_by(abi::lines_of(length) * line);
        in.publish();
    }
}
