// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rule awaiter-members: what an awaiter holds is trivial to copy and to destroy.

#include "task.hpp"

struct Holder {
    Guard guard;
};

struct Good {
    Pair pair;
    Guard* guard;
    std::coroutine_handle<> caller;

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) { caller = handle; }
    void await_resume() const {}
};

struct NoAwaiter {
    Guard guard;
};

struct Bad { // bad
    Guard guard;

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) const { handle.resume(); }
    void await_resume() const {}
};

struct BadBelow { // bad
    Holder holder;

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) const { handle.resume(); }
    void await_resume() const {}
};
