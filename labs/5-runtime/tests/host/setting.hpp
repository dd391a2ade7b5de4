// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What all host tests of the runtime share: an executor, and numbers drawn by chance.
/// Read next: pool.cpp, calls.hpp.
#pragma once

#include "labs/lib/alone.hpp"
#include "runtime/executor.hpp"

#include <cstdlib>
#include <vector>

namespace setting {

using abi::Word;
using rt::Frames;
using rt::Task;

inline Word clock_time = 0;

/// Frames and an executor.
struct Side {
    static constexpr Word block = 2048;

    explicit Side(unsigned frames)
        : memory(static_cast<std::byte*>(std::aligned_alloc(64, frames * block))),
          pool({memory, frames * block}, block), executor(pool, [] { return clock_time; }) {}
    Side(const Side&) = delete;
    Side& operator=(const Side&) = delete;
    ~Side() { std::free(memory); }

    std::byte* memory;
    rt::FramePool pool;
    rt::Executor executor;
};

/// Numbers that look drawn by chance, the same for the same seed of the run.
inline std::mt19937_64 draw(uint64_t salt) { return std::mt19937_64(lab::seed() * 1000 + salt); }

} // namespace setting
