// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a sender could signal is taken away while it sends as fast as it can on another hart: no
/// bit of its arrives at whoever gets the vector or the receiver next. Read next: uintr_end.cpp,
/// for what happens to those who are left.
/// @stage{3}
#include "user/tests/uintr.hpp"

namespace {

constexpr unsigned rounds = 6;

/// A thread on another hart, with a sender table of its own, that does nothing but send.
class Stream {
public:
    Stream(CPtr cap, Word hart) : cap_(cap) {
        create_on(thread_, hart, as_test);
        table_ = make(ObjectType::sender_table);
        expect_success("a sender table", set_sender_table(thread_.tcb(), table_));
        ::start(thread_, body_);
        comes_true([&] { return count_ > 10; });
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() {
        thread_.destroy();
        destroy_table();
    }

    [[nodiscard]] CPtr tcb() const { return thread_.tcb(); }
    [[nodiscard]] CPtr table() const { return table_; }
    [[nodiscard]] CPtr cap() const { return cap_; }
    /// Every capability to the table goes, and its memory is free.
    void destroy_table() {
        if (table_ != 0)
            allocator.destroy(table_);
        table_ = 0;
    }
    /// Lets it send some hundred times more, if it still runs.
    void go_on() const {
        const Word before = count_;
        comes_true([&] { return count_ > before + 300; }, 1000);
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
    CPtr table_ = 0;
    std::atomic<Word> count_ = 0;
    Body body_{this};
    user::Thread thread_;
};

/// Never any of `bits`, while the stream goes on.
void expect_quiet(const Stream& stream, Word bits, const Place& place = Place::current()) {
    for (unsigned i = 0; i < 5; i++) {
        stream.go_on();
        if (!expect_equal("what arrives", 0, rt::take_pending() & bits, place))
            return;
    }
}

/// The test receives. A sender's vector is taken from it by `release`, and given to the test
/// itself.
template <class Release>
void expect_vector_released(Release release, const Place& place = Place::current()) {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    for (Word round = 0; round < rounds; round++) {
        Stream stream(receiver.badged(round + 1), 1 + round % (harts - 1));
        const Word vector = receiver.vector_of(round + 1);
        expect("it sends", comes_true([&] { return rt::take_pending() == bit(vector); }), place);
        release(stream);
        expect_equal("the vector is free", 0, receiver.badge_of(vector), place);
        const CPtr next = receiver.badged(0x100 + round);
        const Word index = sender(next);
        expect_equal("it is given anew", vector, receiver.vector_of(0x100 + round), place);
        expect_quiet(stream, bit(vector), place);
        rt::send(index);
        expect("who has it now does send", (rt::take_pending() & bit(vector)) != 0, place);
        expect_success("for the next round", cap_delete(next), place);
    }
}

} // namespace

TEST("uintr: a sender's capability is deleted while it sends") {
    expect_vector_released(
        [](Stream& stream) { expect_success("delete", cap_delete(stream.cap())); });
}

TEST("uintr: a sender's capability is revoked while it sends") {
    if (several_harts() == 0 || !interrupts_exist())
        return;
    const Registered receiver;
    Stream stream(receiver.badged(1), 1);
    expect_success("revoke", cap_revoke(receiver.notification()));
    need_sender_table();
    static_cast<void>(rt::take_pending());
    const Word index = sender(receiver.badged(2));
    expect_quiet(stream, bit(receiver.vector_of(2)));
    rt::send(index);
    expect("it was free", (rt::take_pending() & bit(receiver.vector_of(2))) != 0);
}

TEST("uintr: a sender's table is deleted while it sends") {
    expect_vector_released([](Stream& stream) {
        // Its memory becomes a frame, full of what would be entries.
        stream.destroy_table();
        volatile Word* const words = map(make(ObjectType::page));
        for (Word i = 0; i < abi::sender_entries; i++)
            words[i] = (i % 8) << 48 | i / 8 << 16 | 1;
    });
}

TEST("uintr: the table of a thread is replaced while it sends") {
    expect_vector_released([](Stream& stream) {
        expect_success("the test's", cap_delete(stream.table()));
        expect_success("the thread's",
                       set_sender_table(stream.tcb(), make(ObjectType::sender_table)));
    });
}

TEST("uintr: a thread that is the last to have its table is deleted while it sends") {
    expect_vector_released([](Stream& stream) {
        expect_success("the test's", cap_delete(stream.table()));
        expect_success("the thread", cap_delete(stream.tcb()));
    });
}

TEST("uintr: a receiving notification is destroyed while somebody sends") {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
        return;
    need_sender_table();
    for (Word round = 0; round < rounds; round++) {
        const Registered receiver;
        Stream stream(receiver.badged(1), 1 + round % (harts - 1));
        allocator.destroy(receiver.notification());
        const Registered next;
        sender(next.badged(2));
        sender(next.badged(3));
        expect_quiet(stream, ~Word{0});
        allocator.destroy(next.notification());
    }
}

TEST("uintr: one notification of several is destroyed while somebody sends") {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
        return;
    const Registered stays;
    need_sender_table();
    for (Word round = 0; round < rounds; round++) {
        const Registered receiver;
        Stream stream(receiver.badged(1), 1 + round % (harts - 1));
        allocator.destroy(receiver.notification());
        static_cast<void>(rt::take_pending());
        const Registered next;
        const Word index = sender(next.badged(2));
        expect_quiet(stream, ~Word{0});
        rt::send(index);
        expect_equal("the new one works", bit(next.vector_of(2)), rt::take_pending());
        allocator.destroy(next.notification());
    }
}

TEST("uintr: a receiving thread is deleted while somebody sends, and the next has its receiver") {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
        return;
    need_sender_table();
    for (Word round = 0; round < rounds; round++) {
        const CPtr tcb = bare_thread();
        const Registered receiver(tcb);
        Stream stream(receiver.badged(1), 1 + round % (harts - 1));
        allocator.destroy(tcb);
        const Registered mine;
        const Word index = sender(mine.badged(2));
        expect_quiet(stream, ~Word{0});
        rt::send(index);
        expect_equal("the new one works", bit(mine.vector_of(2)), rt::take_pending());
        allocator.destroy(mine.notification());
    }
}

TEST("uintr: a thread is deleted on another hart while interrupts pour in") {
    const Word harts = several_harts();
    if (harts < 3 || !interrupts_exist())
        return;
    for (Word round = 0; round < rounds; round++) {
        user::Thread thread;
        rt::Interrupted noted = {};
        const auto body = [&] {
            rt::enable_interrupts(rt::rt_entry_that_notes, noted);
            for (;;)
                asm volatile("");
        };
        create_on(thread, 2, as_test);
        const Registered receiver(thread.tcb());
        start(thread, body);
        Stream stream(receiver.badged(1), 1);
        expect("they arrive", comes_true([&] { return noted.vectors != 0; }));
        thread.destroy();
        noted.vectors = 0;
        stream.go_on();
        expect_equal("no more", 0, noted.vectors);
    }
}
