// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who must be notified, and when: the two state words of a ring. A side that is about to sleep
/// says so *and looks again*; a side that has published looks whether the other one sleeps. Each
/// writes its own words, fences, and reads the other's: one of the two sees the other, always.
///
///     consumer, nothing new                    producer, end of a burst
///     state = armed                            tail = ...   (release)
///     full fence                               full fence
///     look at tail again                       look at state
///     news: state = running, go on             not running: exchange it with running,
///     none: sleep                              and who changed it notifies
///
/// Who has put nothing in wakes no consumer: what it had published before was seen by this rule.
///
/// For a ring without room the roles change places, with `waiting` and the head. A side that ends
/// a burst and has nothing else to do is both at once, with a single fence.
/// How one notifies is the caller's. The words are hostile input: any value but 0 counts as asleep,
/// which costs one notification that the writer wanted.
/// @cond LAB5
/// Read next: runtime/connection.hpp.
/// @endcond
/// @stage{4}
#pragma once

#include "kernel/lib/todo.hpp"
/// @cond NONE
#include "kernel/lib/trace.hpp"
/// @endcond
#include "runtime/ring.hpp"

namespace rt {

// Your own helpers: begin
// Your own helpers: end

/// @lab{4.3} Consumer: nothing is left to be read. True if it may sleep: it will be notified. False
/// if something has come, and it must not.
template <class Lines>
[[nodiscard]] bool may_sleep(Consumer<Lines>& in) {
    in.own().state.store_relaxed(abi::armed);
    fence_full(); // partner: end_burst(); it sees the state, or we see its tail
    if (!in.news())
        return true;
    in.own().state.store_relaxed(abi::running); // one notification may come for nothing
    return false;
}

/// Producer: there is no room. True if it may wait: it will be notified. False if there may be
/// room now.
template <class Lines>
[[nodiscard]] bool may_wait(Producer<Lines>& out) {
    out.own().state.store_relaxed(abi::waiting);
    fence_full(); // partner: end_burst(); it sees the state, or we see its head
    if (!out.news())
        return true;
    out.own().state.store_relaxed(abi::flowing);
    return false;
}

/// What is to be done after a burst.
struct BurstEnd {
    bool notify; ///< the other side sleeps, or waits, and this one has changed its word
    bool news;   ///< `sleepy`, but something has come: it must not sleep
};

/// @lab{4.4} Publishes what one side has put in and taken. If it is `sleepy`, it also does what
/// may_sleep() does.
template <class Lines>
[[nodiscard, gnu::always_inline]] inline BurstEnd end_burst(Producer<Lines>& out,
                                                            Consumer<Lines>& in, bool sleepy) {
    abi::ConsumerWords& taking = in.own();
    abi::ProducerWords& making = out.own();
    const Word head = in.head();
    const Word tail = out.tail();
    const Word old_head = taking.head.load_relaxed();
    const Word old_tail = making.tail.load_relaxed();
    fence_release(); // as in Consumer::publish and Producer::publish, for both
    taking.head.store_relaxed(head);
    making.tail.store_relaxed(tail);
    /// @cond NONE
    trace::published(out);
    /// @endcond
    if (sleepy)
        taking.state.store_relaxed(abi::armed);
    fence_full(); // partners: end_burst(), may_sleep() and may_wait() of the other side
    abi::ConsumerWords& taker = out.peer();
    abi::ProducerWords& maker = in.peer();
    Word changed = 0;
    if (taker.state.load_relaxed() != abi::running && tail != old_tail)
        changed = taker.state.exchange(abi::running);
    if (maker.state.load_relaxed() != abi::flowing && head != old_head)
        changed |= maker.state.exchange(abi::flowing);
    const bool news = sleepy && maker.tail.load_relaxed() != head;
    if (news)
        taking.state.store_relaxed(abi::running);
    return {changed != 0, news};
}

} // namespace rt
