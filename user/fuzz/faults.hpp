// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tells the supervisor, in one wait, that its alarm went off and that fuzz threads have faulted.
/// The two profiles tell faults differently; the build chooses the source.
/// @stage{none}
#pragma once

#include "user/lib/allocator.hpp"

namespace fuzz {

using abi::CPtr;
using abi::Word;

constexpr unsigned threads = 4;

/// Bits of an event.
constexpr Word alarm_event = 1;
constexpr Word fault_of(unsigned thread) { return Word{16} << thread; }

/// Slots of the fuzzers' CSpace with the capabilities that fault messages are sent to.
constexpr CPtr first_handler = 132;

class Faults {
public:
    /// Once. False if its objects cannot be made.
    bool begin();

    /// For each new world: what lies in the world's memory or CSpace.
    bool create(user::Allocator& inner, CPtr cnode);

    /// Faults of this thread are to be told from now on.
    void watch(CPtr tcb, unsigned thread) const;

    /// Waits; answers bits.
    [[nodiscard]] Word wait() const;

    /// What the alarm clock is to signal.
    [[nodiscard]] CPtr alarm() const { return alarm_; }

private:
    CPtr notification_ = 0;
    CPtr alarm_ = 0;   ///< the notification with the alarm's badge
    CPtr handler_ = 0; ///< the endpoint; in profile rel4 the first of a signal for each thread
};

} // namespace fuzz
