// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread of the asynchronous benchmarks: it receives user interrupts, runs an executor, and
/// parks when nothing is left to be done. It has one peer, a thread or the kernel.
///
///     the peer runs       notifying it is                      nothing is left to be done
///     on this hart        put off, to the park (one trap)      parks at once
///     on another          uipi.send, at once                   looks for news a moment, then parks
///     in the kernel       UintrWakeSyscallHandler, likewise    as one or the other
///
/// Always holds: threads of this kind lie in the image, which every address space shows.
/// Read next: async_thread.cpp, async_ipc.cpp.
/// @stage{none}
#pragma once

#include "kernel/config.hpp"
#include "runtime/ipc.hpp"
#include "runtime/riscv/user_interrupt.hpp"
#include "runtime/rounds.hpp"
#include "user/bench/instructions.hpp"
#include "user/lib/syscall.hpp"
#include "user/lib/thread.hpp"

namespace bench {

using abi::CPtr;
using abi::Word;

class AsyncThread {
public:
    static constexpr Word priority = 100;

    /// Makes it, in an address space and on a hart. False if that failed.
    bool create(user::VSpace& space, Word hart);
    void start(user::Thread::Function function, Word argument) {
        thread_.start(function, argument);
    }
    void join() { thread_.join(); }
    void destroy();

    /// From now on each can notify the other.
    static bool connect(AsyncThread& one, AsyncThread& other);

    [[nodiscard]] Word hart() const { return hart_; }
    [[nodiscard]] CPtr notification() const { return notification_; }
    /// By which the peer's notifications come.
    [[nodiscard]] unsigned vector() const { return vector_; }
    /// By which the kernel's come.
    [[nodiscard]] unsigned kernel_vector() const { return kernel_vector_; }

    // For the thread itself.

    /// The first thing that it does.
    void enter() { rt::enable_interrupts(rt::rt_entry_that_notes, noted_); }
    /// What notifies the peer.
    [[nodiscard]] rt::Callback peer() {
        return {config::smp && peer_is_elsewhere_ ? send_now : send_later, this};
    }
    /// What notifies the kernel, which may work on another hart if there are several.
    [[nodiscard]] rt::Callback kernel(bool several_harts) {
        return {several_harts ? wake_now : wake_later, this};
    }
    /// Interrupts the peer.
    void send() const { rt::send(peer_); }
    /// It looks for news before it parks, as long as `taken`, the head that it publishes, goes on.
    void look_at(const rt::SharedWord<Word>& taken) { taken_ = &taken; }

    /// Runs until `done`, a function, says so; it is asked whenever nothing is left to be done.
    template <class Done>
    [[gnu::always_inline]] void run(rt::Executor& executor, Done done) {
        run(executor, done, [this] { return sleep(); });
    }
    /// The same for one whose peer is the kernel.
    template <class Done>
    [[gnu::always_inline]] void run_with_kernel(rt::Executor& executor, Done done) {
        run(executor, done, [this] {
            if (std::exchange(kernel_is_due_, false))
                wake_kernel();
            return sleep();
        });
    }
    /// Ends the look-out early: there will be no news.
    void stop_looking() { looks_ = 0; }

private:
    /// How often it looks: some ten thousand instructions.
    static constexpr unsigned most_looks = 200;

    static void send_now(void* self) { static_cast<AsyncThread*>(self)->send(); }
    static void send_later(void* self) {
        AsyncThread& thread = *static_cast<AsyncThread*>(self);
        thread.due_ = thread.peer_;
    }

    static void wake_now(void*) { wake_kernel(); }
    static void wake_later(void* self) { static_cast<AsyncThread*>(self)->kernel_is_due_ = true; }

    template <class Done, class Sleep>
    [[gnu::always_inline]] void run(rt::Executor& executor, Done done, Sleep sleep_now) {
        for (Word vectors = 0;;) {
            if (config::smp && taken_ != nullptr)
                look_out(executor);
            executor.rounds(vectors);
            if (done())
                return;
            vectors = sleep_now();
        }
    }

    static rt::Task<> keep_looking(rt::Frames, AsyncThread* self);
    void look_out(rt::Executor& executor);

    /// Until something has come: answers what.
    [[gnu::always_inline]] Word sleep() {
        rt::forbid_interrupts();
        Word vectors = noted_.vectors;
        if (vectors != 0)
            noted_.vectors = 0;
        else
            vectors = sel4::uintr_park(std::exchange(due_, abi::no_sender));
        rt::allow_interrupts();
        return vectors;
    }

    rt::Interrupted noted_ = {};
    Word due_ = abi::no_sender; ///< a notification that was put off
    bool kernel_is_due_ = false;
    Word peer_ = abi::no_sender;
    bool peer_is_elsewhere_ = false;
    unsigned vector_ = 0;
    unsigned kernel_vector_ = 0;
    const rt::SharedWord<Word>* taken_ = nullptr; ///< null: it does not look for news
    unsigned looks_ = 0;                          ///< that are left
    Word hart_ = 0;
    CPtr notification_ = 0;
    CPtr page_ = 0;
    const volatile abi::BadgePage* badges_ = nullptr;
    user::Thread thread_;
};

/// The interrupts of this machine; null if it has none.
const abi::UserInterruptInfo* user_interrupts();

} // namespace bench
