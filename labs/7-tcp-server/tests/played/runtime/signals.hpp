// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Signals that the test sends, to a coroutine that waits as it does on the machine.
#pragma once

#include "runtime/ipc.hpp"

namespace rt {

using abi::CPtr;

class Signals {
public:
    Signals() = default;
    template <class Self>
    explicit Signals(Self&) {}
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    static void signal(CPtr) {}
    static bool expect(CPtr) { return true; }
    Word poll() { return std::exchange(badges_, 0); }

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

    /// The test's part: these badges are signalled.
    void arrive(Word badges) {
        const bool first = badges_ == 0;
        badges_ |= badges;
        if (first && waiting_ != nullptr)
            waiting_->level->executor->wake(*waiting_);
    }
    /// Does somebody wait, with nothing there?
    [[nodiscard]] bool sleeps() const { return waiting_ != nullptr && badges_ == 0; }

private:
    Word badges_ = 0;
    PromiseBase* waiting_ = nullptr;
};

} // namespace rt
