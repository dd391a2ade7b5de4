// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The kernel's coroutine: one asynchronous system call after the other, from request to reply. It
/// suspends when there is no request, and when its call is preempted: then others go on, and it
/// makes the call again from its private copy.
/// Read next: handler.cpp.
/// @stage{6}
#pragma once

#include "kernel/abi/ring.hpp"
#include "kernel/abi/types.hpp"
#include "kernel/lib/list.hpp"

#include <coroutine>
#include <exception>

class Registration;

namespace async {

/// A call, copied from the ring: what its client writes there afterwards does not matter.
struct Call {
    uint32_t id;    ///< the client's, for the reply
    uint32_t label; ///< of the request; of the reply: the error
    uint32_t length;
    uint32_t extra_caps;
    abi::CPtr object;
    abi::IpcBuffer buffer; ///< words and extra capabilities; the words of the answer
};

/// A kernel coroutine. It never returns; its memory goes with the registration's.
struct Handler {
    struct promise_type; // NOLINT(readability-identifier-naming): the language looks for it
    std::coroutine_handle<promise_type> coroutine;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name that the language looks for
struct Handler::promise_type {
    ListLink<promise_type> link; ///< in the list in which it waits

    static void* operator new(size_t bytes, Registration* registration) noexcept;
    static void operator delete(void*) {}
    static Handler get_return_object_on_allocation_failure() { return {}; }
    Handler get_return_object() {
        return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
};

using HandlerList = List<Handler::promise_type, &Handler::promise_type::link>;

/// Suspends a handler at the end of a list.
struct Turn {
    HandlerList& list;

    static bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<Handler::promise_type> handler) const {
        list.push_back(handler.promise());
    }
    static void await_resume() {}
};

/// The coroutine; suspended at its beginning. Null if there is no memory for it.
Handler handle_calls(Registration* registration);

} // namespace async
