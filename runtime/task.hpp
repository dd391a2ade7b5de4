// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Task: a coroutine that starts when it is awaited, or spawned on an executor. Its first
/// parameter is the pool that its frame comes from.
///
///     rt::Task<int> twice(rt::Frames frames, int x) { co_return 2 * x; }
///
///     const auto result = co_await twice(frames, 21);  // std::expected<int, rt::NoFrame>
///     if (!result) ...                                 // the pool had no frame left
///
/// The promise is the node of the run queue, the awaiter of a call, and the place of its reply: a
/// coroutine that waits for a reply keeps nothing else anywhere. Control passes directly only
/// between a parent and its child; all else goes through the run queue.
/// Read next: runtime/executor.hpp, runtime/message.hpp.
/// @stage{5}
#pragma once

#include "runtime/frame_pool.hpp"
#include "runtime/message.hpp"
#include "runtime/run_queue.hpp"

#include <coroutine>
#include <expected>
#include <utility>

namespace rt {

class Connection;

/// Awaits a reply, which is put where this is: a part of each promise, so that nothing of a call is
/// kept anywhere else. One for n words is one for fewer words, too.
template <unsigned count = abi::item_words>
struct ReplyAwaiter : ReplyAwaiter<count - 1> {
    [[nodiscard]] ipc::Reply<count> await_resume() const noexcept {
        ipc::Reply<count> reply{.header = this->header};
        for (unsigned i = 0; i < count; i++)
            reply.words[i] = this->words[i]; // NOLINT(clang-analyzer-core.uninitialized.Assign)
        return reply;
    }
};

template <>
struct ReplyAwaiter<0> : ipc::Reply<> {
    static bool await_ready() noexcept { return false; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    [[nodiscard]] ipc::Reply<0> await_resume() const noexcept { return {.header = header}; }
};

/// Refers to it. What `co_await` gets should be that part itself, and is with clang; g++ 12 gives
/// wrong replies then, and gets an awaiter of its own, for three instructions more.
#ifdef __clang__
template <unsigned count>
using ReplyResult = const ReplyAwaiter<count>&;
#else
template <unsigned count>
struct ReplyResult {
    const ReplyAwaiter<count>* reply;

    explicit(false) ReplyResult(const ReplyAwaiter<count>& awaiter) : reply(&awaiter) {}
    static bool await_ready() noexcept { return false; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    [[nodiscard]] ipc::Reply<count> await_resume() const noexcept { return reply->await_resume(); }
};
#endif

/// Awaits what may have been done at once; else whoever does it wakes the coroutine.
struct Started {
    bool done;

    [[nodiscard]] bool await_ready() const noexcept { return done; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    static void await_resume() noexcept {}
};

/// Why a task could not be run: no frame was left for it.
struct NoFrame {};

/// What all promises have, whatever their result.
class PromiseBase : public PromiseHead {
public:
    PromiseBase() { id = FramePool::first_id(this); }

    Level* level = nullptr;                         ///< its priority, and so its executor
    std::coroutine_handle<> parent = nullptr;       ///< who awaits it; null: it was spawned
    Connection* kept_for = nullptr;                 ///< for a line of which its message waits
    const ipc::LongMessage* long_message = nullptr; ///< of the call that it makes, if it is one
    ReplyAwaiter<> reply; ///< of the call that it waits for; until it is made, its message

    static PromiseBase& of(RunNode& node) { return static_cast<PromiseBase&>(node); }
    static PromiseBase& of(PromiseHead& head) { return static_cast<PromiseBase&>(head); }
    [[nodiscard]] std::coroutine_handle<PromiseBase> handle() {
        return std::coroutine_handle<PromiseBase>::from_promise(*this);
    }

    template <class... Parameters>
    static void* operator new(size_t bytes, Frames frames, const Parameters&...) noexcept {
        return frames.pool.allocate(bytes);
    }
    /// The same for member functions.
    template <class Self, class... Parameters>
    static void* operator new(size_t bytes, const Self&, Frames frames,
                              const Parameters&...) noexcept {
        return frames.pool.allocate(bytes);
    }
    static void operator delete(void* frame) { FramePool::free(frame); }

    static std::suspend_always initial_suspend() noexcept { return {}; }
    [[noreturn]] static void unhandled_exception() { __builtin_trap(); }

    /// A spawned task ends by itself, a child where its parent goes on.
    struct FinalAwaiter {
        static bool await_ready() noexcept { return false; }
        template <class Promise>
        static std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
            const std::coroutine_handle<> parent = self.promise().parent;
            if (parent != nullptr)
                return parent;
            self.destroy();
            return std::noop_coroutine();
        }
        static void await_resume() noexcept {}
    };
    static FinalAwaiter final_suspend() noexcept { return {}; }

    /// An operation that has start(promise) begins before the coroutine is suspended, so that
    /// nothing of it need be kept in the frame; what it answers is then awaited.
    template <class Operation>
    decltype(auto) await_transform(Operation&& operation) {
        if constexpr (requires { operation.start(*this); })
            return std::forward<Operation>(operation).start(*this);
        else
            return std::forward<Operation>(operation);
    }
};

/// Clang may put a child's frame into that of its parent and not ask the pool. But calls rely on
/// the head of a pool's block before each frame. It cannot if it does not see where a handle is
/// from.
template <class Handle>
Handle never_elided(Handle handle) {
    void* volatile address = handle.address();
    return Handle::from_address(address);
}

template <class T>
struct TaskPromise;

template <class T = void>
class [[nodiscard]] Task {
public:
    using promise_type = TaskPromise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Task() {
        if (handle_ != nullptr)
            handle_.destroy();
    }

    /// Has it a frame?
    explicit operator bool() const { return handle_ != nullptr; }

    /// Awaiting runs it, at the parent's priority, to its result.
    struct Awaiter {
        Handle child;

        [[nodiscard]] bool await_ready() const noexcept { return child == nullptr; }
        template <class Promise>
        Handle await_suspend(std::coroutine_handle<Promise> parent) const noexcept {
            child.promise().parent = parent;
            child.promise().level = parent.promise().level;
            return child;
        }
        [[nodiscard]] std::expected<T, NoFrame> await_resume() const {
            if (child == nullptr)
                return std::unexpected(NoFrame{});
            return child.promise().take();
        }
    };
    Awaiter operator co_await() && noexcept { return {handle_}; }

    /// Its owner from now on is whoever resumes it.
    [[nodiscard]] Handle release() { return std::exchange(handle_, nullptr); }

private:
    friend promise_type;
    explicit Task(Handle handle) : handle_(handle) {}

    Handle handle_ = nullptr;
};

template <class T>
struct TaskPromise : PromiseBase {
    T result = {};

    Task<T> get_return_object() {
        return Task<T>(never_elided(std::coroutine_handle<TaskPromise>::from_promise(*this)));
    }
    static Task<T> get_return_object_on_allocation_failure() { return {}; }
    void return_value(T value) { result = value; }
    [[nodiscard]] T take() const { return result; }
};

template <>
struct TaskPromise<void> : PromiseBase {
    Task<> get_return_object() {
        return Task<>(never_elided(std::coroutine_handle<TaskPromise>::from_promise(*this)));
    }
    static Task<> get_return_object_on_allocation_failure() { return {}; }
    static void return_void() {}
    static std::expected<void, NoFrame> take() { return {}; }
};

} // namespace rt
