// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The ring against a queue, in random steps of both ends: messages of every length, what is
/// published and what is not, and never more than fits.
/// Read next: runtime/ring.hpp, kernel/tests/host/property.hpp.
/// @stage{none}
#include "kernel/tests/host/property.hpp"
#include "runtime/long_message.hpp"
#include "runtime/tests/memory.hpp"

#include <deque>

namespace {

using abi::Word;

class Model {
public:
    void step(const property::Step& step) {
        const auto [what, a, b, c] = step;
        switch (what % 4) {
        case 0:
            return put(a % 4 == 0 ? b % (abi::message_words + 1) : b % (abi::item_words + 1));
        case 1:
            return take();
        case 2:
            out_.publish();
            published_ = written_;
            return;
        default:
            in_.publish();
            freed_ = taken_;
        }
    }

private:
    struct Message {
        uint32_t id;
        std::vector<Word> words;
    };

    static Word bytes_of(size_t length) {
        return abi::lines_of(static_cast<unsigned>(length)) * abi::line_bytes;
    }

    void put(unsigned length) {
        const Word bytes = bytes_of(length);
        if (out_.run() < bytes)
            RC_ASSERT(out_.refill() != rt::Ring::corrupt);
        RC_ASSERT(out_.tail() == written_);
        RC_ASSERT(out_.room() <= capacity - (written_ - freed_));
        if (out_.room() < bytes) {
            out_.refill();
            RC_ASSERT(capacity - (written_ - freed_) < bytes);
            return;
        }
        Message message{next_++, std::vector<Word>(length)};
        for (Word& word : message.words)
            word = Word{next_} * 1'000'003 + length;
        rt::put_message(out_, message.id, abi::ItemInfo::make(1, length), message.words);
        written_ += bytes;
        queue_.push_back(message);
    }

    void take() {
        if (in_.stopped() && in_.refill() != rt::Ring::ready) {
            RC_ASSERT(taken_ == published_);
            return;
        }
        RC_ASSERT(!queue_.empty());
        const Message expected = queue_.front();
        queue_.pop_front();
        RC_ASSERT(in_.available() >= bytes_of(expected.words.size()));
        RC_ASSERT(rt::load_header(in_.line_at(0)) ==
                  (expected.id | Word{abi::ItemInfo::make(1, expected.words.size()).word} << 32));
        std::vector<Word> words(expected.words.size());
        rt::copy_words(in_, 0, static_cast<unsigned>(words.size()), words.data());
        RC_ASSERT(words == expected.words);
        in_.advance_by(bytes_of(words.size()));
        taken_ += bytes_of(words.size());
        RC_ASSERT(in_.head() == taken_);
    }

    static constexpr abi::RingLines lines{32, 16};
    static constexpr Word capacity = lines.requests * abi::line_bytes;

    Memory memory_{lines};
    rt::Producer<> out_ = memory_.buffer.client().out;
    rt::Consumer<> in_ = memory_.buffer.server().in;
    std::deque<Message> queue_;
    uint32_t next_ = 0;
    Word written_ = 0;
    Word published_ = 0;
    Word taken_ = 0;
    Word freed_ = 0;
};

} // namespace

TEST_CASE("ring: random steps as a queue") {
    property::holds(
        [](const property::Steps& steps) {
            Model model;
            for (const property::Step& step : steps)
                model.step(step);
        },
        500, 400);
}
