// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The smallest coroutine type, for the fixtures of the coroutine rules. A Task can be awaited.
/// Read next: the .cpp files beside it; in each, a line that breaks a rule ends in "// bad".
#pragma once

#include <coroutine>

struct Task {
    struct promise_type {
        Task get_return_object() { return {}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() {}
    };

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> caller) const { caller.resume(); }
    int await_resume() const { return 1; }
};

struct Pair {
    int first;
    int second;
};

struct PairTask : Task {
    Pair await_resume() const { return {1, 2}; }
};

/// Has a destructor, so it is not trivial.
struct Guard {
    Guard();
    ~Guard();
    int value;
};

Task child();
PairTask pair();
