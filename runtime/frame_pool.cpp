// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Free blocks are a list; the one that came back last is handed out first, for it is in the cache.
/// @stage{5}
#include "runtime/frame_pool.hpp"

#include "kernel/lib/todo.hpp"

#include <bit>
#include <new>

namespace rt {

// Your own helpers: begin
// Your own helpers: end

FramePool::FramePool(std::span<std::byte> memory, Word block_bytes)
    : ids_{memory.data() + promise_distance, 0, 0}, block_bytes_(block_bytes) {
    blocks_ = static_cast<unsigned>(std::bit_floor(memory.size() / block_bytes));
    const Word bytes = blocks_ * block_bytes;
    ids_.mask = bytes - block_bytes;
    ids_.generation = static_cast<uint32_t>(bytes);
    for (unsigned i = blocks_; i-- > 0;) {
        std::byte* const place = memory.data() + i * block_bytes;
        free_ = new (place) Block{this, free_, static_cast<uint32_t>(i * block_bytes)};
        new (place + promise_distance) PromiseHead;
    }
}

FramePool::Block& FramePool::block_of(void* frame) {
    return *reinterpret_cast<Block*>(static_cast<std::byte*>(frame) - head_bytes);
}

/// @lab{5.1} a free block, if there is one and it is large enough
void* FramePool::allocate(size_t bytes) {
    const bool fits = bytes <= block_bytes_ - head_bytes;
    if (free_ == nullptr || !fits) {
        refused_++;
        if (!fits)
            oversize_ = bytes;
        return nullptr;
    }
    Block* const block = free_;
    free_ = block->next_free;
    used_++;
    return reinterpret_cast<std::byte*>(block) + head_bytes;
}

uint32_t FramePool::first_id(const void* promise) {
    const std::byte* const place = static_cast<const std::byte*>(promise) - promise_distance;
    return reinterpret_cast<const Block*>(place)->id;
}

void FramePool::free(void* frame) {
    Block& block = block_of(frame);
    std::byte* const promise = static_cast<std::byte*>(frame) + promise_offset;
    block.id = block.pool->id_after(reinterpret_cast<PromiseHead*>(promise)->id);
    new (promise) PromiseHead;
    block.next_free = block.pool->free_;
    block.pool->free_ = &block;
    block.pool->used_--;
}

} // namespace rt
