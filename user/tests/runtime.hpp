// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Threads with a runtime, for tests: each has an executor, is notified by user interrupts, and is
/// connected to others by shared buffers.
/// Read next: runtime/notified.hpp.
/// @stage{5}
#pragma once

#include "runtime/buffer.hpp"
#include "runtime/ipc.hpp"
#include "runtime/notified.hpp"
#include "user/tests/uintr.hpp"

/// What a thread with a runtime is made of, before it runs.
class RuntimeThread {
public:
    static constexpr unsigned frames = 64;
    static constexpr Word frame_bytes = 2048;

    explicit RuntimeThread(Word priority, const Place& place = Place::current()) {
        create(thread_, priority, place);
        objects_.tcb = thread_.tcb();
        objects_.control = user_interrupts().control;
        objects_.notification = make(ObjectType::notification);
        objects_.page = make(ObjectType::page);
        objects_.badges =
            reinterpret_cast<abi::BadgePage*>(vspace.map_somewhere(objects_.page, abi::page_bits));
        objects_.senders = make(ObjectType::sender_table);
        objects_.hint = &hint_;
        objects_.priority = priority;
    }

    [[nodiscard]] rt::Notified::Objects objects() const { return objects_; }
    /// For coroutine frames. Stacks of tests are small: it is one of a few that all tests share.
    [[nodiscard]] std::span<std::byte> memory() const { return memories[number_]; }
    [[nodiscard]] user::Thread& thread() { return thread_; }
    [[nodiscard]] const rt::Hint* hint() const { return &hint_; }
    [[nodiscard]] CPtr badged(Word badge) const { return ::badged(objects_.notification, badge); }

private:
    user::Thread thread_;
    rt::Notified::Objects objects_;
    rt::Hint hint_;
    unsigned number_ = next_number++ % most;

    static constexpr unsigned most = 4;
    alignas(64) inline static constinit std::byte memories[most][frames * frame_bytes] = {};
    inline static constinit unsigned next_number = 0;
};
