// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One side of a buffer, in a process: its ends, and how it waits and notifies.
/// Read next: lines.cpp.
#pragma once

#include "labs/4-rings/tests/process/task.hpp"
#include "labs/lib/judge/process.hpp"
#include "runtime/buffer.hpp"
#include "runtime/status.hpp"

namespace party {

struct Party : Given {
    rt::Ends ends;
    rt::SharedBuffer buffer;

    /// Is there a run of something? Else there is no room, or nothing new.
    template <class RingEnd>
    static bool has_run(RingEnd& ring) {
        if (!ring.stopped())
            return true;
        const rt::Ring found = ring.refill();
        if (found == rt::Ring::corrupt)
            fail(End::gave_up);
        return found == rt::Ring::ready;
    }
    /// Ends a burst; true if something has come meanwhile, and it is `sleepy`.
    bool end(bool sleepy) {
        const rt::BurstEnd end = rt::end_burst(ends.out, ends.in, sleepy);
        if (end.notify)
            sel4::signal(peer);
        return end.news;
    }
    /// Waits for room, having ended its burst.
    void await_room() {
        static_cast<void>(end(false));
        if (rt::may_wait(ends.out))
            sel4::wait(own);
    }
};

void make(Party& self);
void take(Party& self);
void doze(Party& self);
void serve(Party& self);
void call(Party& self);
void endure(Party& self);
void measure(Party& self);
void write(Party& self);
void send(Party& self);
void receive(Party& self);

} // namespace party
