// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Memory for coroutine frames: blocks of one size, handed out and taken back in constant time. A
/// coroutine takes the pool as a parameter, and its frame comes from there.
///
///     block     | head: pool, call, next free | frame: 2 pointers, promise, the rest        |
///                                                                  ^ what a call id leads to
///
/// A block's head is the pool's own and outlives the frames in it. That is where calls are checked:
/// a call id is the offset of the block, and above it a generation that every call changes.
///
///     id        | generation | offset of the block | 0 |         any id at all leads to some block
///
/// Always holds: a block that waits for no call, or is free, has awaited == nullptr.
/// Read next: runtime/task.hpp.
/// @stage{5}
#pragma once

#include "kernel/abi/types.hpp"

#include <span>
#include <stddef.h>

namespace rt {

using abi::Word;

class Connection;

class FramePool {
public:
    /// What a block's coroutine waits for.
    struct CallState {
        Connection* awaited = nullptr; ///< the connection whose reply may wake it
        uint32_t id = 0;               ///< of the call, or of the next one
    };

    /// Compilers put the promise behind two pointers.
    static constexpr Word promise_offset = 2 * sizeof(void*);
    static constexpr Word head_bytes = 32;

    /// Of `memory`, aligned to 16 bytes, as many blocks as fit, a power of two. @pre block_bytes is
    /// a power of two; the whole is at most 1 MiB.
    FramePool(std::span<std::byte> memory, Word block_bytes);
    FramePool(const FramePool&) = delete;
    FramePool& operator=(const FramePool&) = delete;

    /// Memory for a frame; null if all is in use, or a block is too small. Both are counted.
    void* allocate(size_t bytes);
    /// Takes a frame back, whichever pool it is from.
    static void free(void* frame);

    /// What the coroutine waits for whose promise this is.
    [[nodiscard]] static CallState& call_of(void* promise) {
        return reinterpret_cast<Block*>(static_cast<std::byte*>(promise) - promise_distance)->call;
    }
    /// Where the promise is, if there is one, of the block that an id leads to: always in the pool.
    struct Ids {
        std::byte* promises; ///< where the first block's promise is
        Word mask;           ///< of the offset in an id
        uint32_t generation; ///< what is added for the next call

        [[nodiscard]] void* promise_of(Word id) const { return promises + (id & mask); }
    };
    [[nodiscard]] Ids ids() const { return ids_; }
    [[nodiscard]] void* promise_of(Word id) const { return ids_.promise_of(id); }
    /// The id after this one, of the same block.
    [[nodiscard]] uint32_t id_after(uint32_t id) const { return id + ids_.generation; }

    [[nodiscard]] unsigned blocks() const { return blocks_; }
    [[nodiscard]] unsigned used() const { return used_; }
    /// Frames that were asked for in vain.
    [[nodiscard]] unsigned refused() const { return refused_; }

    /// Calls `function` with each promise that waits for a reply of this connection.
    template <class Function>
    void for_each_awaiting(const Connection& connection, Function function) {
        for (unsigned i = 0; i < blocks_; i++) {
            void* const promise = promise_of(i * block_bytes_);
            if (call_of(promise).awaited == &connection)
                function(promise);
        }
    }

private:
    struct Block {
        FramePool* pool;
        CallState call;
        Block* next_free;
    };
    static_assert(sizeof(Block) <= head_bytes);
    static constexpr Word promise_distance = head_bytes + promise_offset;

    [[nodiscard]] Block* block(unsigned index) const {
        return reinterpret_cast<Block*>(ids_.promises - promise_distance + index * block_bytes_);
    }

    Ids ids_;
    Block* free_ = nullptr;
    Word block_bytes_;
    unsigned blocks_ = 0;
    unsigned used_ = 0;
    unsigned refused_ = 0;
};

/// A pool and its memory.
template <Word frame_bytes, Word count>
class FramePoolOf : public FramePool {
public:
    FramePoolOf() : FramePool(memory_, frame_bytes) {}

private:
    static_assert((frame_bytes & (frame_bytes - 1)) == 0 && (count & (count - 1)) == 0);
    alignas(64) std::byte memory_[frame_bytes * count];
};

} // namespace rt
