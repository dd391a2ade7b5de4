// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a sender could signal is taken away while it sends as fast as it can on another hart: none
/// of its bits arrives at whoever gets the vector or the receiver next.
#include "labs/3-uintr/tests/guest/once.hpp"

namespace {

/// A thread on another hart, with a sender table of its own, that does nothing but send.
class Stream {
public:
    Stream(CPtr cap, Word hart) : cap_(cap), table_(make(ObjectType::sender_table)) {
        create_on(thread_, hart, as_test);
        expect_success("a sender table", set_sender_table(thread_.tcb(), table_));
        start(thread_, body_);
        go_on(10);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { thread_.destroy(); }

    [[nodiscard]] CPtr cap() const { return cap_; }
    /// Every capability to its table goes, and the memory is free.
    void destroy_table() const { allocator.destroy(table_); }
    /// Lets it send so many times more.
    void go_on(Word times) const {
        const Word before = count_;
        comes_true([&] { return count_ > before + times; }, 30'000);
    }

private:
    struct Body {
        Stream* stream;
        void operator()() const {
            const Word index = sender(stream->cap_);
            for (;;) {
                rt::send(index);
                stream->count_.fetch_add(1, std::memory_order_relaxed);
            }
        }
    };
    CPtr cap_;
    CPtr table_;
    std::atomic<Word> count_ = 0;
    Body body_{this};
    user::Thread thread_; ///< last: it stops before what it counts in goes
};

/// While the stream goes on, none of `bits` comes.
bool expect_quiet(const Stream& stream, Word bits, const Place& place = Place::current()) {
    for (unsigned i = 0; i < 4; i++) {
        stream.go_on(100);
        if (!expect_equal("bits that come from who may not send any more", 0,
                          rt::take_pending() & bits, place))
            return false;
    }
    return true;
}

/// The test receives from a stream; `release` takes from it what it sends by. A new sender has all
/// that it registers for itself.
template <class Release>
void release_while_it_sends(Release release) {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    const Registered receiver;
    need_sender_table();
    Draw draw(test::seed());
    for (Word round = 0; round < 5; round++) {
        Stream stream(receiver.badged(round + 1), 1 + draw.below(harts - 1));
        stream.go_on(draw.below(100));
        const Word vector = receiver.vector_of(round + 1);
        expect("it sends", comes_true([&] { return rt::take_pending() == bit(vector); }, 30'000));
        release(stream);
        expect_equal("the badge page at the vector of one that is gone", 0,
                     receiver.badge_of(vector));
        const CPtr next = receiver.badged(100 + round);
        const Word index = sender(next);
        const Word new_bit = bit(receiver.vector_of(100 + round));
        if (!expect_quiet(stream, new_bit))
            return;
        rt::send(index);
        expect_equal("who has the vector now sends", new_bit, rt::take_pending() & new_bit);
        expect_success("it goes", cap_delete(next));
    }
}

} // namespace

TEST("clear-in-use: a sender's capability goes while it sends; nothing of it comes afterwards") {
    release_while_it_sends(
        [](const Stream& stream) { expect_success("it goes", cap_delete(stream.cap())); });
}

TEST("table-in-use: a sender's table becomes other memory while it sends; nothing of it comes") {
    release_while_it_sends([](const Stream& stream) {
        stream.destroy_table();
        volatile Word* const words = map(make(ObjectType::page));
        for (Word i = 0; i < abi::sender_entries; i++)
            words[i] = (i % 8) << 48 | i / 8 << 16 | 1; // what would be entries
    });
}
