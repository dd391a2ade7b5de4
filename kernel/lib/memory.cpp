// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The functions that compilers call on their own, and that freestanding programs must have.
/// Clearing memory is much of the work of making objects, so words are written eight at a time.
/// Always holds: no loop here is one that a compiler takes for the function that it is in.
/// @stage{1}
#include "kernel/lib/types.hpp"

#include <stddef.h>

namespace {

/// A word that may lie over objects of any type.
using AnyWord [[gnu::may_alias]] = Word;
constexpr size_t block_words = 8;
constexpr size_t block = block_words * sizeof(Word);

bool aligned(const void* pointer) { return reinterpret_cast<Word>(pointer) % sizeof(Word) == 0; }

/// An optimiser does not look through this.
void opaque() { asm volatile(""); }

/// Calls `step` for each word of `size` bytes, with its index; answers how many bytes that was.
template <class Step>
size_t by_words(size_t size, Step step) {
    size_t word = 0;
    for (; size - word * sizeof(Word) >= block; word += block_words) {
        for (size_t i = 0; i < block_words; i++)
            step(word + i);
        opaque();
    }
    for (; size - word * sizeof(Word) >= sizeof(Word); word++) {
        step(word);
        opaque();
    }
    return word * sizeof(Word);
}

} // namespace

extern "C" {

void* memset(void* destination, int value, size_t size) {
    auto* bytes = static_cast<uint8_t*>(destination);
    size_t done = 0;
    if (aligned(destination)) {
        const Word pattern = Word{0x0101'0101'0101'0101} * static_cast<uint8_t>(value);
        auto* words = static_cast<AnyWord*>(destination);
        done = by_words(size, [=](size_t i) { words[i] = pattern; });
    }
    for (; done < size; done++) {
        bytes[done] = static_cast<uint8_t>(value);
        opaque();
    }
    return destination;
}

void* memcpy(void* destination, const void* source, size_t size) {
    auto* to = static_cast<uint8_t*>(destination);
    const auto* from = static_cast<const uint8_t*>(source);
    size_t done = 0;
    if (aligned(destination) && aligned(source)) {
        auto* words = static_cast<AnyWord*>(destination);
        const auto* source_words = static_cast<const AnyWord*>(source);
        done = by_words(size, [=](size_t i) { words[i] = source_words[i]; });
    }
    for (; done < size; done++) {
        to[done] = from[done];
        opaque();
    }
    return destination;
}

void* memmove(void* destination, const void* source, size_t size) {
    auto* to = static_cast<uint8_t*>(destination);
    const auto* from = static_cast<const uint8_t*>(source);
    if (to <= from || to >= from + size)
        return memcpy(destination, source, size); // which goes from the start upwards
    while (size-- > 0) {
        to[size] = from[size];
        opaque();
    }
    return destination;
}

int memcmp(const void* first, const void* second, size_t size) {
    const auto* a = static_cast<const uint8_t*>(first);
    const auto* b = static_cast<const uint8_t*>(second);
    for (size_t i = 0; i < size; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

} // extern "C"
