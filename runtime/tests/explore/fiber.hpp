// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A function on a stack of its own, which can stop in its middle and go on later: a thread that
/// runs only when it is told to. All are switched within one thread of the host.
///
///     fiber.start(body);      runs until body ends or calls pause()
///     fiber.resume();         goes on behind that pause()
///
/// Always holds: one that is started again in its middle is forgotten, without destructors.
/// Read next: run.hpp, whose threads these are.
/// @stage{4}
#pragma once

#include <csetjmp>
#include <cstddef>
#include <functional>
#include <span>

namespace explore {

class Fiber {
public:
    Fiber();
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Begins to run `body`, which must not throw and must live until it has ended.
    void start(const std::function<void()>& body);
    /// @pre it has not ended
    void resume();
    /// Called in the fiber: goes back to whoever started or resumed it.
    void pause();

    [[nodiscard]] bool ended() const { return ended_; }

private:
    void prepare();
    static void enter();

    std::span<std::byte> stack_;
    const std::function<void()>* body_ = nullptr;
    std::jmp_buf here_;              ///< where it goes on
    std::jmp_buf outside_;           ///< where its caller goes on
    void* shadow_ = nullptr;         ///< AddressSanitizer's, of the fiber
    void* outside_shadow_ = nullptr; ///< and of its caller
    const void* outside_stack_ = nullptr;
    std::size_t outside_size_ = 0;
    bool prepared_ = false; ///< it waits in enter() for a body
    bool ended_ = true;
};

} // namespace explore
