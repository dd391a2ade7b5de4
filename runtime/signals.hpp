// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// seL4's notifications, for programs that know them, on top of user interrupts:
///
///     signals.signal(cap);                      traps the first time only; then one instruction
///     Word badges = signals.poll();             reads what is pending; no trap
///     const auto badges = co_await signals.wait();      other coroutines run meanwhile
///
/// They are those of the thread's own notification. As in seL4 badges are or-ed, and taking them
/// clears them. Where there are no user interrupts, or a capability's notification is registered by
/// nobody, the kernel signals.
/// Read next: runtime/signals.cpp, runtime/notified.hpp; seL4 manual, chapter 5.
/// @stage{5}
#pragma once

#include "runtime/notified.hpp"

namespace rt {

class Signals {
public:
    /// For the calling thread.
    explicit Signals(Notified& self);
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// Signals the notification that the capability names, with its badge.
    void signal(CPtr notification);

    /// Interrupts that signal through this capability come by a vector of their badge from now on:
    /// the kernel is a sender like others, and nothing traps to find out what came, nor to
    /// acknowledge: parking does. False if that cannot be; then they come as before.
    bool expect(CPtr notification) { return index_of(notification) != abi::no_sender; }

    /// The badges that were signalled and not taken yet; 0: none.
    Word poll();

    /// Awaits badges, and takes them. One coroutine waits at a time.
    struct Wait {
        Signals& signals;

        struct Awaiter {
            Signals* signals;

            [[nodiscard]] bool await_ready() const noexcept { return signals->badges_ != 0; }
            static void await_suspend(std::coroutine_handle<>) noexcept {}
            [[nodiscard]] Word await_resume() const noexcept {
                signals->waiting_ = nullptr;
                return std::exchange(signals->badges_, 0);
            }
        };

        Awaiter start(PromiseBase& promise) const {
            signals.waiting_ = &promise;
            return {&signals};
        }
    };
    [[nodiscard]] Wait wait() { return {*this}; }

private:
    /// What is known of a capability: its sender entry, or that there is none.
    struct Sender {
        CPtr notification = 0;
        Word index = 0;
    };
    static constexpr unsigned most_senders = 64;

    Word index_of(CPtr notification);
    void arrived(Word badges);

    Notified& self_;
    Word badges_ = 0;
    PromiseBase* waiting_ = nullptr;
    Sender senders_[most_senders] = {}; ///< by the capability pointer's last bits
};

} // namespace rt
