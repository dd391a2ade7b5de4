// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asynchronous IPC as coroutines write it.
///
///     const auto reply = co_await ipc::call(files, ipc::Message{read, handle, offset});
///     if (!reply)
///         co_return reply.error();
///
///     co_await ipc::send(log, ipc::Message{line, text});                     no reply is wanted
///     const auto reply = co_await ipc::with_timeout(ipc::call(...), deadline);
///     co_await rt::sleep_until(deadline);       co_await rt::yield();
///
/// A call begins where it is written, before the coroutine is suspended.
/// Read next: runtime/client.hpp, runtime/server.hpp.
/// @stage{5}
#pragma once

#include "runtime/client.hpp"
#include "runtime/server.hpp"

namespace ipc {

/// A call that was not made yet; `co_await` makes it, and gives a Reply<wanted>.
template <unsigned wanted, unsigned count>
struct Call {
    static constexpr unsigned reply_words = wanted;

    Client& client;
    Message<count> message;

    rt::ReplyResult<wanted> start(rt::PromiseBase& promise) const {
        client.submit(promise, message);
        return promise.reply;
    }
};

/// Of a reply `wanted` words are copied.
template <unsigned wanted = abi::item_words, unsigned count>
Call<wanted, count> call(Client& client, Message<count> message) {
    return {client, message};
}

/// Awaits the reply to a long call, whose words are in its space. After that its coroutine has no
/// long message any more.
struct LongReply {
    rt::PromiseBase* promise;

    static bool await_ready() noexcept { return false; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    [[nodiscard]] Reply<> await_resume() const noexcept { return taken(*promise); }

    /// The same for any call, long or not.
    static Reply<> taken(rt::PromiseBase& promise) noexcept {
        const LongMessage* const call = promise.long_message;
        if (call == nullptr)
            return promise.reply.await_resume();
        Reply<> reply = settle(promise);
        for (unsigned i = 0; reply && i < std::min(reply.length(), abi::item_words); i++)
            reply.words[i] = call->reply_space[i];
        return reply;
    }

    /// Ends a long call: the reply without its words, which are in the call's space.
    static Reply<> settle(rt::PromiseBase& promise) noexcept {
        const LongMessage& call = *std::exchange(promise.long_message, nullptr);
        Reply<> reply{.header = promise.reply.header};
        if (!reply || reply.length() > 1)
            return reply;
        // It was perhaps taken in a row with others, as if it were of a short call.
        if (reply.length() > call.reply_space.size())
            reply.header = no_header(CallError::too_long);
        else if (reply.length() == 1)
            // NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): the reply has it
            call.reply_space[0] = promise.reply.words[0];
        return reply;
    }
};

/// The same with messages of any length.
struct LongCall {
    static constexpr unsigned reply_words = abi::item_words;

    Client& client;
    LongMessage message;

    LongReply start(rt::PromiseBase& promise) const {
        promise.long_message = &message;
        promise.reply.header = Word{message.info} << 32;
        client.executor().keep(promise, client);
        return {&promise};
    }
};

inline LongCall call(Client& client, LongMessage message) { return {client, message}; }

/// A message without a reply; `co_await` waits only for room. It may be lost if the server goes.
template <unsigned count>
struct Send {
    Client& client;
    Message<count> message;

    rt::Started start(rt::PromiseBase& promise) const {
        return {client.submit_one_way(promise, message)};
    }
};

template <unsigned count>
Send<count> send(Client& client, Message<count> message) {
    return {client, message};
}

/// Ends the call with this id of the coroutine, if it has not ended yet, with an error.
inline bool end_call(rt::PromiseBase& promise, uint32_t id, CallError error) {
    rt::Connection* const connection =
        promise.kept_for != nullptr ? promise.kept_for : promise.awaited;
    return promise.id == id && connection != nullptr &&
           static_cast<Client*>(connection)->end_call(promise, error);
}

/// Names a call, so that somebody else can cancel it. It may outlive the call and its coroutine.
class CallToken {
public:
    /// The call ends with CallError::cancelled. False if it has ended already.
    bool cancel() const {
        return pool_ != nullptr &&
               end_call(rt::PromiseBase::of(pool_->ids().head_of(id_)), id_, CallError::cancelled);
    }

private:
    template <class AnyCall>
    friend struct Cancellable;

    rt::FramePool* pool_ = nullptr;
    uint32_t id_ = 0;
};

/// A call that can be cancelled.
template <class AnyCall>
struct Cancellable {
    static constexpr unsigned reply_words = AnyCall::reply_words;

    AnyCall call;
    CallToken& token;

    decltype(auto) start(rt::PromiseBase& promise) const {
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who runs has a level
        token.pool_ = &promise.level->executor->pool();
        token.id_ = promise.id;
        return call.start(promise);
    }
};

template <class AnyCall>
Cancellable<AnyCall> cancellable(AnyCall call, CallToken& token) {
    return {call, token};
}

/// Awaits a reply or a time, whichever comes first.
template <unsigned wanted>
struct TimedReply {
    rt::PromiseBase& promise;
    rt::Timer timer;

    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) noexcept {
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who runs has a level
        promise.level->executor->add(timer);
    }
    ipc::Reply<wanted> await_resume() noexcept {
        promise.level->executor->remove(timer);
        const Reply<> taken = LongReply::taken(promise);
        Reply<wanted> reply{.header = taken.header};
        std::copy_n(taken.words, wanted, reply.words);
        return reply;
    }
};

/// A call that ends with CallError::timed_out when a time has come.
template <class AnyCall>
struct Timed {
    AnyCall call;
    Word deadline;

    TimedReply<AnyCall::reply_words> start(rt::PromiseBase& promise) const {
        const rt::Timer timer{
            .deadline = deadline, .promise = &promise, .call = promise.id, .ends_call = true};
        call.start(promise);
        return {promise, timer};
    }
};

template <class AnyCall>
Timed<AnyCall> with_timeout(AnyCall call, Word deadline) {
    return {call, deadline};
}

} // namespace ipc

namespace rt {

/// Awaits a time.
struct Sleep {
    Timer timer;

    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) noexcept {
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who runs has a level
        timer.promise->level->executor->add(timer);
    }
    static void await_resume() noexcept {}
};

struct SleepUntil {
    Word deadline;

    Sleep start(PromiseBase& promise) const {
        return {{.deadline = deadline, .promise = &promise}};
    }
};

/// Suspends the coroutine until the executor's clock shows this time, or a later one.
inline SleepUntil sleep_until(Word deadline) { return {deadline}; }

/// Lets others of the same priority run.
struct Yield {
    static Started start(PromiseBase& promise) {
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who runs has a level
        promise.level->executor->wake(promise);
        return {false};
    }
};

inline Yield yield() { return {}; }

} // namespace rt
