// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A shared buffer in memory of its own, exactly as large as it must be: whatever touches memory
/// beside it is found out.
/// @stage{4}
#pragma once

#include "runtime/buffer.hpp"

#include <cstdlib>
#include <memory>

struct Memory {
    explicit Memory(abi::RingLines capacities)
        : lines(capacities),
          bytes(std::aligned_alloc(abi::line_bytes, abi::buffer_bytes(capacities))),
          buffer(bytes, capacities) {
        buffer.initialise();
    }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    ~Memory() { std::free(bytes); }

    [[nodiscard]] abi::BufferHeader& header() const {
        return *static_cast<abi::BufferHeader*>(bytes);
    }
    /// Every word of the buffer.
    [[nodiscard]] abi::Word* words() const { return static_cast<abi::Word*>(bytes); }
    [[nodiscard]] size_t word_count() const { return abi::buffer_bytes(lines) / sizeof(abi::Word); }

    abi::RingLines lines;
    void* bytes;
    rt::SharedBuffer buffer;
};
