// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Free blocks are a list; the one that came back last is handed out first, for it is in the cache.
/// @stage{5}
#include "runtime/frame_pool.hpp"

#include <bit>
#include <new>

namespace rt {

FramePool::FramePool(std::span<std::byte> memory, Word block_bytes)
    : ids_{memory.data() + promise_distance, 0, 0}, block_bytes_(block_bytes) {
    blocks_ = static_cast<unsigned>(std::bit_floor(memory.size() / block_bytes));
    const Word bytes = blocks_ * block_bytes;
    ids_.mask = bytes - block_bytes;
    ids_.generation = static_cast<uint32_t>(bytes);
    for (unsigned i = blocks_; i-- > 0;) {
        const uint32_t id = static_cast<uint32_t>(i * block_bytes);
        free_ = new (block(i)) Block{.pool = this, .call = {nullptr, id}, .next_free = free_};
    }
}

void* FramePool::allocate(size_t bytes) {
    if (free_ == nullptr || bytes > block_bytes_ - head_bytes) {
        refused_++;
        return nullptr;
    }
    Block* const block = free_;
    free_ = block->next_free;
    used_++;
    return reinterpret_cast<std::byte*>(block) + head_bytes;
}

void FramePool::free(void* frame) {
    Block* const block = reinterpret_cast<Block*>(static_cast<std::byte*>(frame) - head_bytes);
    FramePool& pool = *block->pool;
    block->call.awaited = nullptr;
    block->call.id = pool.id_after(block->call.id);
    block->next_free = pool.free_;
    pool.free_ = block;
    pool.used_--;
}

} // namespace rt
