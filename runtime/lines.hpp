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

/// The line so many bytes further on. Only compilers see a difference to ordinary arithmetic: they
/// would divide and multiply by the size of a line again and again.
inline abi::Item* further(abi::Item* line, Word bytes) {
    return reinterpret_cast<abi::Item*>(reinterpret_cast<Word>(line) + bytes);
}

/// Bytes from one line to another behind it.
inline Word distance(const abi::Item* from, const abi::Item* to) {
    return reinterpret_cast<Word>(to) - reinterpret_cast<Word>(from);
}

/// Lines in a row.
struct Run {
    abi::Item* first = nullptr;
    abi::Item* last = nullptr; ///< the end, behind the last line

    [[nodiscard]] abi::Item* begin() const { return first; }
    [[nodiscard]] abi::Item* end() const { return last; }
    [[nodiscard]] Word bytes() const { return distance(first, last); }
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
        return {further(first_, offset), further(first_, capacity_)};
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
