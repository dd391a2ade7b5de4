// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread in this program: shares address space and capabilities with the others.
///
///     Thread thread;
///     if (thread.create(allocator, vspace, priority)) {
///         thread.start(function, argument);
///         thread.join();
///         thread.destroy();
///     }                        // one that still runs is stopped at the end of its scope
///
///     | not mapped | stack, grows down | message buffer |
///
/// Always holds: register tp of each thread is the address of its message buffer.
/// Read next: process.hpp.
/// @stage{2}
#pragma once

#include "user/lib/vspace.hpp"

#include <atomic>

namespace user {

class Thread {
public:
    using Function = void (*)(Word argument);

    static constexpr unsigned stack_pages = 4;

    Thread() = default;
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;
    /// Stops it if it still runs: it uses this object, and what its owner gave it. Its TCB goes
    /// through destroy() only.
    ~Thread() { stop(); }

    /// Makes its objects, from `memory`, and maps them in `space`. `fault_handler` is told of its
    /// faults; 0 is none. False if that failed: then nothing is left over but addresses.
    bool create(Allocator& memory, VSpace& space, Word priority, CPtr fault_handler = 0);

    /// Lets it run `function`. @pre it was created and does not run.
    void start(Function function, Word argument = 0);

    /// Has the function returned?
    [[nodiscard]] bool finished() const { return finished_.load(std::memory_order_acquire); }
    /// Waits until the function has returned. One thread may wait.
    void join();

    /// Stops it wherever it is.
    void stop() {
        if (tcb_ != 0)
            sel4::tcb_suspend(tcb_);
    }

    /// Stops it, and gives its memory back.
    void destroy();

    [[nodiscard]] CPtr tcb() const { return tcb_; }
    /// A notification that is signalled when the function has returned.
    [[nodiscard]] CPtr ended() const { return ended_; }

private:
    [[noreturn]] static void enter(Thread& thread);
    bool map_memory(VSpace& space);
    bool configure(const VSpace& space, Word priority, CPtr fault_handler);

    Allocator* allocator_ = nullptr;
    CPtr tcb_ = 0;
    CPtr ended_ = 0;
    CPtr frames_[stack_pages + 1] = {}; ///< of the stack; the last is the message buffer's
    Word buffer_ = 0;                   ///< address behind the stack
    Function function_ = nullptr;
    Word argument_ = 0;
    std::atomic<bool> finished_ = false;
};

} // namespace user
