// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Parking with a sender index: to nobody, to itself, to peers that are parked here or elsewhere;
/// and who runs next.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/uintr.hpp"

namespace {

/// A thread that parks again and again, and adds its number to a trace each time it wakes.
class Peer {
public:
    Peer(Trace& trace, Word number, Word priority, Word hart = 0)
        : body_{&trace, number},
          created_(hart == 0 ? create(thread_, priority) : create_on(thread_, hart, priority)),
          receiver_(thread_.tcb()) {
        if (created_)
            start(thread_, body_);
    }
    [[nodiscard]] const Registered& receiver() const { return receiver_; }

private:
    struct Body {
        Trace* trace;
        Word number;
        void operator()() const {
            for (;;) {
                uintr_park();
                trace->add(number);
            }
        }
    };
    user::Thread thread_;
    Body body_;
    bool created_;
    Registered receiver_;
};

/// A thread that parks once, with a sender index.
struct Parker {
    Trace* trace;
    CPtr cap;
    CPtr first_signal = 0; ///< a notification that it signals before
    user::Thread thread;

    void operator()() const {
        const Word index = sender(cap);
        trace->add(1);
        if (first_signal != 0)
            signal(first_signal);
        uintr_park(index);
    }
    void start(Word priority) {
        create(thread, priority);
        need_sender_table(thread.tcb());
        expect_success("register", register_receiver(make(ObjectType::notification), thread.tcb(),
                                                     make(ObjectType::page)));
        ::start(thread, *this);
    }
};

} // namespace

TEST("uintr: parking with an index that names nobody only parks") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    const Word soon = [] { return machine::time() + user::ticks_per_second() / 10'000; }();
    expect_equal("without a table", 0, uintr_park(0, soon));
    need_sender_table();
    for (const Word index : {Word{0}, Word{511}, Word{512}, Word{1} << 32, Word{1} << 61,
                             Word{1} << 63, abi::no_sender})
        expect_equal("no entry", 0, uintr_park(index, 1));
}

TEST("uintr: parking with an index of the own receiver comes back at once") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    for (const Word deadline : {Word{0}, Word{1}, ~Word{0}})
        expect_equal("its vector", bit(receiver.vector_of(1)), uintr_park(index, deadline));
}

TEST("uintr: without a receiver parking sends all the same") {
    if (!interrupts_exist())
        return;
    Trace trace;
    const Peer peer(trace, 2, below);
    need_sender_table();
    expect_equal("at once", 0, uintr_park(sender(peer.receiver().badged(1))));
    run_others(); // it begins, and finds what came
    expect_equal("at once", 0, uintr_park(sender(peer.receiver().badged(2))));
    run_others();
    trace.expect("both", {2, 2});
}

TEST("uintr: who parks and wakes a peer is followed by it, in front of its equals") {
    if (!interrupts_exist())
        return;
    for (const Word priority : {above, above + 1}) {
        Trace trace;
        user::Thread equal;
        const CPtr notification = make(ObjectType::notification);
        const auto waits = [&] {
            wait(notification);
            trace.add(3);
        };
        const Peer peer(trace, 2, priority);
        start(equal, above, waits);
        Parker parker{.trace = &trace,
                      .cap = peer.receiver().badged(1),
                      .first_signal = notification,
                      .thread = {}};
        parker.start(above);
        trace.expect("in order", {1, 2, 3});
    }
}

TEST("uintr: who parks and wakes a less important peer is followed by the most important") {
    if (!interrupts_exist())
        return;
    Trace trace;
    const Peer peer(trace, 2, below);
    run_others();
    Parker parker{.trace = &trace, .cap = peer.receiver().badged(1), .thread = {}};
    parker.start(above);
    trace.expect("the test runs", {1});
    run_others();
    trace.expect("and then the peer", {1, 2});
}

TEST("uintr: parking wakes a peer that waits for a notification") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    Trace trace;
    const CPtr other = make(ObjectType::notification);
    create(thread, above);
    const Registered receiver(thread.tcb());
    const auto body = [&] {
        for (;;)
            trace.add(wait(trace.count() % 2 == 0 ? receiver.notification() : other));
    };
    start(thread, body);
    need_sender_table();
    const Word index = sender(receiver.badged(5));
    uintr_park(index);
    trace.expect("with the badge", {5});
    uintr_park(index);
    trace.expect("whatever it waits for", {5, 5});
}

TEST("uintr: parking wakes a peer on another hart") {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
        return;
    need_sender_table();
    for (Word hart = 1; hart < harts; hart++) {
        Trace trace;
        const Peer peer(trace, hart, as_test, hart);
        const Word index = sender(peer.receiver().badged(1));
        for (Word count = 1; count < 20; count++) {
            uintr_park(index);
            if (!expect("it wakes", comes_true([&] { return trace.count() == count; })))
                break;
        }
    }
}

TEST("uintr: a thread that is stopped while it is parked does not send again") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    const Registered mine;
    const CPtr cap = mine.badged(1);
    Word got = 0;
    create(thread, above);
    need_sender_table(thread.tcb());
    const Registered receiver(thread.tcb());
    const auto body = [&] { got = uintr_park(sender(cap)); };
    start(thread, body);
    expect_equal("it sent", bit(mine.vector_of(1)), rt::take_pending());
    for (unsigned i = 0; i < 3; i++) {
        expect_success("suspend", tcb_suspend(thread.tcb()));
        expect_success("resume", tcb_resume(thread.tcb()));
    }
    expect_equal("not again", 0, rt::take_pending());
    expect("it sleeps", !thread.finished());
    signal(receiver.notification());
    expect_equal("what woke it", bit(receiver.kernel_vector()), got);
}

TEST("uintr: two threads that park in turn need nothing else") {
    if (!interrupts_exist())
        return;
    constexpr Word rounds = 2000;
    for (const Word hart : {Word{0}, Word{1}}) {
        if (hart != 0 && (!config::smp || user::boot_info().nodes < 2))
            continue;
        user::Thread thread;
        const Registered mine;
        const CPtr to_me = mine.badged(1);
        std::atomic<Word> count = 0;
        create(thread, as_test);
        if (hart != 0)
            expect_success("hart", set_affinity(thread.tcb(), hart));
        need_sender_table(thread.tcb());
        need_sender_table();
        const Registered theirs(thread.tcb());
        const auto body = [&] {
            const Word index = sender(to_me);
            Word next = abi::no_sender;
            for (;;) {
                uintr_park(next);
                count++;
                next = index;
            }
        };
        start(thread, body);
        const Word index = sender(theirs.badged(1));
        for (Word i = 1; i <= rounds; i++) {
            const Word came = uintr_park(index);
            if (!expect_equal("the other answers", bit(mine.vector_of(1)), came) ||
                !expect_equal("once", i, count))
                break;
        }
        allocator.destroy(mine.notification());
    }
}
