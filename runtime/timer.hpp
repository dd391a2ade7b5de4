// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who waits for a time: timers in the order of their deadlines, each part of the frame of the
/// coroutine that waits. Most timers are set for later than all others, so a place is looked for
/// from the end.
/// Always holds: a timer that is `set` is in exactly one queue.
/// Read next: runtime/executor.hpp.
/// @stage{5}
#pragma once

#include "kernel/abi/types.hpp"

namespace rt {

using abi::Word;

class PromiseBase;

struct Timer {
    Word deadline = 0;
    PromiseBase* promise = nullptr; ///< whose
    uint32_t call = 0;              ///< the call that it ends
    bool ends_call = false;         ///< else it only wakes
    bool set = false;
    Timer* earlier = nullptr;
    Timer* later = nullptr;
};

class TimerQueue {
public:
    /// The next one; null if there is none.
    [[nodiscard]] Timer* first() const { return first_; }

    /// @pre not set
    void add(Timer& timer);
    /// Nothing if it is not set.
    void remove(Timer& timer);

private:
    Timer* first_ = nullptr;
    Timer* last_ = nullptr;
};

} // namespace rt
