// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Memory for coroutine frames: blocks of one size, handed out and taken back in constant time. A
/// coroutine takes the pool as a parameter, and its frame comes from there.
///
///     block     | pool, id, next free | frame: 2 pointers, promise: PromiseHead ..., the rest |
///                                                          ^ where ids lead to
///
/// The id of a call is the offset of the block, and above it a generation that every call changes.
/// Any id at all leads to some block, and there it is checked.
///
///     id        | generation | offset of the block | 0 |
///
/// Always holds: each block has a PromiseHead at its place; one that waits for no call, or is free,
/// has awaited == nullptr.
/// Read next: runtime/task.hpp.
/// @stage{5}
#pragma once

#include "runtime/run_queue.hpp"

#include <span>
#include <stddef.h>

namespace rt {

class Connection;

/// What every promise begins with.
struct PromiseHead : RunNode {
    Connection* awaited = nullptr; ///< whose reply may wake it
    uint32_t id = 0;               ///< of that call; otherwise of the next one
};

class FramePool {
public:
    /// Compilers put the promise behind two pointers.
    static constexpr Word promise_offset = 2 * sizeof(void*);
    /// What a block holds besides a frame.
    static constexpr Word head_bytes = 32;

    /// How ids lead to promises.
    struct Ids {
        std::byte* promises; ///< where the first block's promise is
        Word mask;           ///< of the offset in an id
        uint32_t generation; ///< what is added for the next call

        /// The head of the promise, if there is one, of some block: always in the pool. Only the
        /// low half of `id` counts.
        [[nodiscard]] PromiseHead& head_of(Word id) const {
            return *reinterpret_cast<PromiseHead*>(promises + (id & mask));
        }
    };

    /// Of `memory`, aligned to 16 bytes, as many blocks as fit, a power of two. @pre block_bytes is
    /// a power of two; the whole is at most 1 MiB.
    FramePool(std::span<std::byte> memory, Word block_bytes);
    FramePool(const FramePool&) = delete;
    FramePool& operator=(const FramePool&) = delete;

    /// Memory for a frame; null if all is in use, or a block is too small. Both are counted.
    void* allocate(size_t bytes);
    /// Takes a frame back, whichever pool it is from.
    static void free(void* frame);
    /// With which id a promise begins whose frame was allocated.
    static uint32_t first_id(const void* promise);

    [[nodiscard]] Ids ids() const { return ids_; }
    /// The id after this one, of the same block.
    [[nodiscard]] uint32_t id_after(uint32_t id) const { return id + ids_.generation; }

    [[nodiscard]] unsigned blocks() const { return blocks_; }
    [[nodiscard]] unsigned used() const { return used_; }
    /// Frames that were asked for in vain.
    [[nodiscard]] unsigned refused() const { return refused_; }
    /// Bytes of the last frame that was too large for any block; 0: there was none. How large
    /// frames are is up to the compiler: those of g++ 12 keep every value of the coroutine.
    [[nodiscard]] size_t oversize() const { return oversize_; }

    /// Calls `function` with each promise that waits for a reply of this connection.
    template <class Function>
    void for_each_awaiting(const Connection& connection, Function function) {
        for (unsigned i = 0; i < blocks_; i++) {
            PromiseHead& head = ids_.head_of(i * block_bytes_);
            if (head.awaited == &connection)
                function(head);
        }
    }

private:
    struct Block {
        FramePool* pool;
        Block* next_free;
        uint32_t id; ///< with which the next promise here begins
    };
    static_assert(sizeof(Block) <= head_bytes);
    static constexpr Word promise_distance = head_bytes + promise_offset;

    static Block& block_of(void* frame);

    Ids ids_;
    Block* free_ = nullptr;
    Word block_bytes_;
    unsigned blocks_ = 0;
    unsigned used_ = 0;
    unsigned refused_ = 0;
    size_t oversize_ = 0;
};

/// A pool as the first parameter of a coroutine, all of whose parameters are values.
struct Frames {
    FramePool& pool;

    // NOLINTNEXTLINE(google-explicit-constructor): where a pool is, its frames are
    Frames(FramePool& from) : pool(from) {}
};

} // namespace rt
