// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel does with an asynchronous system call.
/// @stage{6}
#include "kernel/async/handler.hpp"

#include "kernel/async/registration.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/syscall/invoke.hpp"

namespace async {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// Makes the call, or goes on with one that was preempted. False if it has to be made again.
bool perform(Registration& registration, Call& call) {
    Invocation invocation(registration.owner(),
                          abi::MessageInfo::make(call.label, call.length, call.extra_caps),
                          call.buffer);
    const auto result = calls::invoke_asynchronously(
        invocation, call.object, std::span(call.buffer.caps_or_badges).first(call.extra_caps));
    if (result && *result == Outcome::preempted)
        return false;
    const abi::MessageInfo info = calls::answer_asynchronously(invocation, result);
    call.label = static_cast<uint32_t>(info.label());
    call.length = static_cast<uint32_t>(info.length());
    return true;
}

} // namespace

void* Handler::promise_type::operator new(size_t bytes, Registration& registration) noexcept {
    return registration.allocate(bytes);
}

/// @lab{6.2} take requests, make the calls, reply; suspend where there is nothing to do
Handler handle_calls(Registration& registration) {
    Call call;
    for (;;) {
        if (!registration.take(call)) {
            co_await registration.request();
            continue;
        }
        bool done = perform(registration, call);
        while (!done && !registration.closed()) {
            co_await registration.next_turn();
            done = perform(registration, call);
        }
        registration.reply(call);
    }
}

} // namespace async
