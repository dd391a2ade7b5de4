// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who must be notified, and when: the two state words of a ring. A side that is about to sleep
/// says so *and looks again*; a side that has published looks whether the other one sleeps. Each
/// writes its own word, fences, and reads the other's: one of the two sees the other, always.
///
///     consumer, nothing new                    producer, end of a burst
///     state = armed                            tail = ...   (release)
///     full fence                               full fence
///     look at tail again                       look at state
///     news: state = running, go on             not running: exchange it with running,
///     none: sleep                              and who changed it notifies
///
/// For a ring without room the roles change places, with `waiting` and the head.
/// How one notifies is the caller's. The words are hostile input: any value but 0 counts as asleep,
/// which costs one notification that the writer wanted.
/// Read next: runtime/connection.hpp.
/// @stage{4}
#pragma once

#include "runtime/ring.hpp"

namespace rt {

/// Consumer: nothing is left to be read. True if it may sleep: it will be notified. False if
/// `news()` says that something came, and it must not.
template <class News>
[[nodiscard]] bool may_sleep(abi::ConsumerWords& own, News news) {
    own.state.store_relaxed(abi::armed);
    fence_full(); // partner: end_burst(); the state is seen, or its tail is
    if (!news())
        return true;
    own.state.store_relaxed(
        abi::running); // if it was exchanged meanwhile, one notification is idle
    return false;
}

/// Producer: there is no room. True if it may wait: it will be notified. False if `room()` says
/// that there is some now.
template <class Room>
[[nodiscard]] bool may_wait(abi::ProducerWords& own, Room room) {
    own.state.store_relaxed(abi::waiting);
    fence_full(); // partner: end_burst(); the state is seen, or its head is
    if (!room())
        return true;
    own.state.store_relaxed(abi::flowing);
    return false;
}

/// Did this change a state that is not 0? Then the other side sleeps and must be notified.
[[nodiscard]] inline bool take_state(SharedWord<Word>& state) {
    return state.load_relaxed() != 0 && state.exchange(0) != 0;
}

/// Publishes what one side has put in and taken. True if the other must be notified.
template <class Lines>
[[nodiscard]] bool end_burst(Producer<Lines>& out, Consumer<Lines>& in) {
    in.publish(); // before the tail: who sees a new request sees the room for its reply
    out.publish();
    fence_full(); // partners: may_sleep() and may_wait() of the other side
    const bool sleeps = take_state(out.peer().state);
    const bool waits = take_state(in.peer().state);
    return sleeps || waits;
}

} // namespace rt
