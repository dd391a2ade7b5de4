// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What host tests of the runtime share. Each exercise is tested by itself as far as that goes, so
/// coroutines of tests do not ask the pool for their frames: the test takes a block of its memory
/// by hand.
///
///     Blocks blocks;                                   // memory, its pool, and frames by hand
///     Played turns(Home home, ...) { ... co_await rt::yield(); ... }
///     turns(blocks, ...).wake(executor, 5);             // ready, at priority 5
///
/// Read next: pool.cpp, labs/lib/alone.hpp.
#pragma once

#include "labs/lib/alone.hpp"
#include "runtime/executor.hpp"

#include <memory>
#include <random>
#include <string>
#include <vector>

using abi::Word;

/// Numbers that look drawn by chance, the same for the same seed.
class Draw {
public:
    explicit Draw(Word salt) : engine_(lab::seed() * 1000 + salt) {}
    /// Less than `end`.
    Word below(Word end) { return engine_() % end; }
    Word word() { return engine_(); }

private:
    std::mt19937_64 engine_;
};

inline std::string number(Word value) { return std::to_string(value); }

/// Blocks of memory, and their pool, of which nothing is asked: frames are taken by hand.
class Blocks {
public:
    static constexpr Word bytes = 2048;

    explicit Blocks(unsigned count = 16)
        : count_(count), memory_(static_cast<std::byte*>(std::aligned_alloc(64, count * bytes))),
          pool({memory_.get(), count * bytes}, bytes) {}

    /// The frame of a block; blocks come in their order.
    void* next_frame() {
        if (next_ == count_) {
            fail("the test has more coroutines than blocks");
            _exit(1);
        }
        alive++;
        return frame(next_++);
    }
    [[nodiscard]] void* frame(unsigned block) const {
        return memory_.get() + block * bytes + rt::FramePool::head_bytes;
    }
    /// A promise without a coroutine, in a block: what of a coroutine waits for a reply.
    rt::PromiseBase& promise(rt::Executor& executor, rt::Priority priority = 1) {
        void* const place = static_cast<std::byte*>(next_frame()) + rt::FramePool::promise_offset;
        auto& promise = *::new (place) rt::PromiseBase;
        promise.level = &executor.level(priority);
        return promise;
    }

private:
    struct Free {
        void operator()(std::byte* memory) const { std::free(memory); }
    };

    unsigned count_;
    unsigned next_ = 0;
    std::unique_ptr<std::byte[], Free> memory_;

public:
    rt::FramePool pool;
    unsigned alive = 0; ///< frames that were taken and have not come back
};

/// Blocks as the first parameter of a coroutine, all of whose parameters are values.
struct Home {
    Blocks* blocks;

    explicit(false) Home(Blocks& from) : blocks(&from) {}
};

struct Played;

struct PlayedPromise : rt::PromiseBase {
    Blocks* blocks = nullptr;

    template <class... Parameters>
    explicit PlayedPromise(Home home, const Parameters&... /*rest*/) : blocks(home.blocks) {}
    PlayedPromise(const PlayedPromise&) = delete;
    PlayedPromise& operator=(const PlayedPromise&) = delete;
    ~PlayedPromise() { blocks->alive--; }

    template <class... Parameters>
    static void* operator new(size_t bytes, Home home, const Parameters&... /*rest*/) {
        if (bytes > Blocks::bytes - rt::FramePool::head_bytes) {
            fail("a frame of the test is too large");
            _exit(1);
        }
        return home.blocks->next_frame();
    }
    static void operator delete(void* frame) { rt::FramePool::free(frame); }

    Played get_return_object();
    static void return_void() {}
};

/// A coroutine of a test.
struct Played {
    using promise_type = PlayedPromise;
    PlayedPromise& promise;

    /// It is ready.
    void wake(rt::Executor& executor, rt::Priority priority) const {
        promise.level = &executor.level(priority);
        executor.wake(promise);
    }
};

inline Played PlayedPromise::get_return_object() { return {*this}; }

/// The coroutines that are ready at a priority, in their order, as the blocks of their frames.
inline std::vector<const rt::RunNode*> ready(rt::Executor& executor, rt::Priority priority) {
    std::vector<const rt::RunNode*> nodes;
    const rt::Level& level = executor.level(priority);
    for (const rt::RunNode* node = &level.head; node != level.last && nodes.size() < 1000;) {
        node = node->next;
        nodes.push_back(node);
    }
    return nodes;
}
