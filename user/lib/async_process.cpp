// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See async_process.hpp.
/// @stage{5}
#include "user/lib/async_process.hpp"

#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/own_array.hpp"
#include "user/lib/program.hpp"

namespace user {

/// Its badge page and its sender table are of the program's own memory, the rest it was given.
rt::Notified::Objects AsyncProcess::make_objects() {
    const CPtr page = allocator.make(ObjectType::page);
    return {.tcb = abi::root_tcb,
            .control = granted("uintr"),
            .notification = own_notification,
            .page = page,
            .badges = reinterpret_cast<const abi::BadgePage*>(vspace.map_somewhere(page)),
            .senders = allocator.make(ObjectType::sender_table),
            .hint = reinterpret_cast<rt::Hint*>(start_block().hint),
            .hart = start_block().hart,
            .priority = start_block().priority};
}

AsyncProcess::AsyncProcess(std::span<std::byte> memory)
    : pool_(memory, frame_bytes), executor_(pool_, machine::time), objects_(make_objects()),
      self_(executor_, objects_), broker_(self_, start_block().peers, start_block().peer_slots,
                                          own_array<Broker::Place>(start_block().peer_count)) {
    spawn(broker_.watch_deaths(pool_));
}

bool AsyncProcess::spawn(rt::Task<> task, rt::Priority priority) {
    if (executor_.spawn(std::move(task), priority))
        return true;
    if (pool_.oversize() == 0)
        return false;
    println("a coroutine's frame has ", pool_.oversize(), " bytes, user::frame_bytes is ",
            frame_bytes);
    exit(1);
}

} // namespace user
