// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread that parks until it is notified, again and again.
/// Read next: labs/5-runtime/tests/guest/park.cpp.
#include "labs/5-runtime/tests/process/party.hpp"
#include "runtime/notified.hpp"
#include "user/lib/start_block.hpp"

namespace party {

void park(Party& self) {
    const abi::CPtr page = user::allocator.make(abi::ObjectType::page);
    rt::Hint hint;
    rt::Notified notified(
        self.executor,
        {.tcb = abi::root_tcb,
         .control = user::granted("uintr"),
         .notification = self.own,
         .page = page,
         .badges = reinterpret_cast<const abi::BadgePage*>(user::vspace.map_somewhere(page)),
         .senders = user::allocator.make(abi::ObjectType::sender_table),
         .hint = &hint,
         .hart = self.task.hart,
         .priority = 1});
    if (!notified.registered())
        Party::fail(End::no_memory);
    notified.on_signal(
        [](void* task, Word) {
            rt::SharedWord<Word>& taken = static_cast<Task*>(task)->taken;
            taken.store_release(taken.load_relaxed() + 1);
        },
        &self.task);
    self.task.hole.store_relaxed(0);
    for (Word vectors = 0; self.task.taken.load_relaxed() < self.task.count;) {
        self.executor.run_until_idle(vectors);
        if (self.task.taken.load_relaxed() < self.task.count)
            vectors = notified.sleep(0);
    }
}

} // namespace party
