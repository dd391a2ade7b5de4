// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The functions that compilers call on their own in freestanding programs. Word by word, and words
/// are put together of two where only one end is aligned. The empty assembler statement keeps a
/// compiler from taking the loop for the function that it is part of, and calling that.
/// @stage{1}
#include <stddef.h>
#include <stdint.h>

namespace {

using Word = uint64_t;

void keep_loop() { asm volatile(""); }

bool aligned(const void* first, const void* second) {
    return ((reinterpret_cast<Word>(first) | reinterpret_cast<Word>(second)) % sizeof(Word)) == 0;
}

/// Words of the compiler's aliasing rules' blind spot: any memory may be read through them.
using AnyWord [[gnu::may_alias]] = Word;

/// Both ends are aligned.
void copy_words(uint8_t* destination, const uint8_t* source, size_t count) {
    AnyWord* to = reinterpret_cast<AnyWord*>(destination);
    const AnyWord* from = reinterpret_cast<const AnyWord*>(source);
    for (; count >= 4; count -= 4, to += 4, from += 4) {
        const Word words[] = {from[0], from[1], from[2], from[3]};
        to[0] = words[0];
        to[1] = words[1];
        to[2] = words[2];
        to[3] = words[3];
        keep_loop();
    }
    for (; count > 0; count--) {
        *to++ = *from++;
        keep_loop();
    }
}

/// Only the destination is. What is read besides lies in the same words, so it is there.
void copy_shifted(uint8_t* destination, const uint8_t* source, size_t count) {
    AnyWord* to = reinterpret_cast<AnyWord*>(destination);
    const Word offset = reinterpret_cast<Word>(source) % sizeof(Word);
    const AnyWord* from = reinterpret_cast<const AnyWord*>(source - offset);
    const Word down = offset * 8;
    const Word up = 64 - down;
    for (Word low = *from; count > 0; count--) {
        const Word high = *++from;
        *to++ = low >> down | high << up;
        low = high;
        keep_loop();
    }
}

} // namespace

extern "C" void* memset(void* destination, int value, size_t size) {
    uint8_t* to = static_cast<uint8_t*>(destination);
    const Word pattern = 0x0101'0101'0101'0101 * static_cast<uint8_t>(value);
    if (aligned(to, to)) {
        for (; size >= sizeof(Word); size -= sizeof(Word), to += sizeof(Word)) {
            *reinterpret_cast<AnyWord*>(to) = pattern;
            keep_loop();
        }
    }
    for (; size > 0; size--, to++) {
        *to = static_cast<uint8_t>(value);
        keep_loop();
    }
    return destination;
}

extern "C" void* memcpy(void* destination, const void* source, size_t size) {
    uint8_t* to = static_cast<uint8_t*>(destination);
    const uint8_t* from = static_cast<const uint8_t*>(source);
    const auto copy_bytes = [&](size_t count) {
        for (size -= count; count > 0; count--) {
            *to++ = *from++;
            keep_loop();
        }
    };
    if (size >= 2 * sizeof(Word)) {
        copy_bytes(-reinterpret_cast<Word>(to) % sizeof(Word));
        const size_t words = size / sizeof(Word);
        if (aligned(from, from))
            copy_words(to, from, words);
        else
            copy_shifted(to, from, words);
        to += words * sizeof(Word);
        from += words * sizeof(Word);
        size %= sizeof(Word);
    }
    copy_bytes(size);
    return destination;
}

extern "C" void* memmove(void* destination, const void* source, size_t size) {
    uint8_t* to = static_cast<uint8_t*>(destination);
    const uint8_t* from = static_cast<const uint8_t*>(source);
    if (to <= from || to >= from + size)
        return memcpy(destination, source, size);
    while (size-- > 0) {
        to[size] = from[size];
        keep_loop();
    }
    return destination;
}

extern "C" int memcmp(const void* first, const void* second, size_t size) {
    const uint8_t* one = static_cast<const uint8_t*>(first);
    const uint8_t* other = static_cast<const uint8_t*>(second);
    for (; size > 0; size--, one++, other++) {
        if (*one != *other)
            return *one - *other;
        keep_loop();
    }
    return 0;
}
