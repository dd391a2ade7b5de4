// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A ring of a shared buffer as the kernel sees it: in frames that lie anywhere in memory.
///
///     buffer   | frame 0       | frame 1 | frame 2 |        a run of lines ends with its frame
///     ring          |==========|=========|===|
///
/// Read next: runtime/lines.hpp, registration.hpp.
/// @stage{6}
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/lib/todo.hpp"
#include "runtime/lines.hpp"

#include <algorithm>
#include <span>

namespace async {

// Your own helpers: begin
// Your own helpers: end

class FrameLines {
public:
    FrameLines() = default;
    /// The ring of `capacity` bytes at `offset` in the buffer that the frames in `slots` make up.
    FrameLines(const Slot* slots, Word offset, Word capacity)
        : slots_(slots), offset_(offset), capacity_(capacity) {}

    [[nodiscard]] Word capacity() const { return capacity_; }

    /// @lab{6.1} The lines in a row from a position on, which counts all bytes ever put in: up to
    /// the end of their frame or of the ring. @pre all frames are there
    [[nodiscard]] rt::Run run(Word position) const {
        const Word in_ring = position & (capacity_ - 1);
        Word offset = offset_ + in_ring;
        for (const Slot* slot = slots_;; slot++) {
            const auto frame = slot->cap.as<FrameCap>();
            const Word size = Word{1} << frame.size_bits();
            if (offset < size) {
                auto* first = window<abi::Item>(frame.base() + offset);
                return {first, rt::further(first, std::min(size - offset, capacity_ - in_ring))};
            }
            offset -= size;
        }
    }

private:
    const Slot* slots_ = nullptr;
    Word offset_ = 0;
    Word capacity_ = 0;
};

} // namespace async
