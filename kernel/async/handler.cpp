// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel does with an asynchronous system call. Through a ring goes
///
///     an invocation of any object                 as its trap: same effects, errors, words
///       whose capability cannot be looked up      failed_lookup, where the trap is a fault
///       that is an AsyncRegistration              no: it sets up the ring that it would come by
/// @cond NONE
///       that is an endpoint or a reply            no: nobody waits in a ring, for nobody blocks
/// @endcond
///     console output                              debug builds; no object
///     waiting, polling, parking, yielding         no: they are about the calling thread itself
///
/// What cannot go is an illegal_operation, and nothing happens.
/// @stage{6}
#include "kernel/async/handler.hpp"

#include "kernel/async/registration.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/syscall/invoke.hpp"

namespace async {

// Your own helpers: begin
// Your own helpers: end

namespace {

Result<Outcome> put_char(Invocation&, const abi::ConsolePutChar& message) {
    print::put(static_cast<char>(message.character));
    return Outcome::done;
}

Result<Outcome> put_string(Invocation& call, const abi::ConsolePutString& message) {
    if (message.length > abi::console_string_bytes)
        return range_error(0, abi::console_string_bytes);
    if (call.length() - 1 < (message.length + 7) / 8)
        return failure(abi::Error::truncated_message);
    for (Word i = 0; i < message.length; i++)
        print::put(static_cast<char>(call.word(1 + i / 8) >> i % 8 * 8));
    return Outcome::done;
}

Result<Outcome> print(Invocation& call) {
    if constexpr (!config::debug)
        return failure(abi::Error::illegal_operation);
    return dispatch<&put_char, &put_string>(call);
}

bool is_output(Word label) {
    return label == static_cast<Word>(abi::Label::console_put_char) ||
           label == static_cast<Word>(abi::Label::console_put_string);
}

/// Makes the call, or goes on with one that was preempted. False if it has to be made again.
bool perform(Registration& registration, Call& call) {
    registration.settle();
    Invocation invocation(registration.owner(),
                          abi::MessageInfo::make(call.label, call.length, call.extra_caps),
                          call.buffer);
    const std::span extra_caps(call.buffer.caps_or_badges, call.extra_caps);
    const auto result = is_output(call.label)
                            ? print(invocation)
                            : calls::invoke_asynchronously(invocation, call.object, extra_caps);
    if (result && *result == Outcome::preempted)
        return false;
    const abi::MessageInfo info = calls::answer_asynchronously(invocation, result);
    call.label = static_cast<uint32_t>(info.label());
    call.length = static_cast<uint32_t>(info.length());
    return true;
}

} // namespace

void* Handler::promise_type::operator new(size_t bytes, Registration* registration) noexcept {
    return registration->allocate(bytes);
}

/// @lab{6.2} take requests, make the calls, reply; suspend where there is nothing to do
///
/// Without a request it waits for one. A call that was preempted is made again at each next turn,
/// from its copy, until it is done or the registration is not open any more.
Handler handle_calls(Registration* registration) {
    Call call;
    for (;;) {
        if (!registration->take(call)) {
            co_await registration->request();
            continue;
        }
        bool done = perform(*registration, call);
        while (!done && registration->still_open()) {
            co_await registration->next_turn();
            done = perform(*registration, call);
        }
        registration->reply(call);
    }
}

} // namespace async
