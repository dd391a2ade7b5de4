// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Where the lines of a ring lie. The ends of a ring ask once for many lines in a row, a *run*, and
/// then walk through it; only this knows about addresses. A process sees a ring in one piece. The
/// kernel sees frames that lie anywhere and has an accessor of its own with the same function.
///
///     capacity  |. . . . . . x x x x x x|. .      a run ends where the ring does, or its frame
///                            ^ offset   ^
/// Read next: runtime/ring.hpp.
/// @stage{4}
#pragma once

#include "kernel/abi/ring.hpp"

namespace rt {

using abi::Word;

/// Lines in a row.
struct Run {
    abi::Item* first = nullptr;
    Word bytes = 0; ///< a multiple of abi::line_bytes

    [[nodiscard]] abi::Item* begin() const { return first; }
    [[nodiscard]] abi::Item* end() const { return first + bytes / abi::line_bytes; }
};

/// A ring in one piece.
class ContiguousLines {
public:
    constexpr ContiguousLines() = default;
    constexpr ContiguousLines(abi::Item* first, Word capacity)
        : first_(first), capacity_(capacity) {}

    /// Bytes; a power of two.
    [[nodiscard]] Word capacity() const { return capacity_; }

    /// The run that begins `position` bytes from the first line ever put in. @pre a multiple of
    /// abi::line_bytes
    [[nodiscard]] Run run(Word position) const {
        const Word offset = position & (capacity_ - 1);
        return {first_ + offset / abi::line_bytes, capacity_ - offset};
    }

private:
    abi::Item* first_ = nullptr;
    Word capacity_ = 0;
};

/// Id (low half) and info of an item. The producer writes them one by one; here they are read at
/// once, which saves an instruction for each message. That both are of the same message is what
/// publishing them guarantees, and nothing else would.
[[gnu::always_inline]] inline Word load_header(const abi::Item& item) {
#ifdef __riscv
    return *reinterpret_cast<const volatile Word*>(&item);
#else
    return item.id.load_relaxed() | Word{item.info.load_relaxed()} << 32;
#endif
}

/// The same line as words of a message that goes on.
inline abi::RawLine& raw(abi::Item& item) { return reinterpret_cast<abi::RawLine&>(item); }

} // namespace rt
