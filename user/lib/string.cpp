// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The functions that compilers call on their own in freestanding programs. Word by word where
/// both ends are aligned. The empty assembler statement keeps a compiler from taking the loop for
/// the function that it is part of, and calling that.
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
    if (aligned(to, from)) {
        for (; size >= sizeof(Word); size -= sizeof(Word), to += sizeof(Word)) {
            *reinterpret_cast<AnyWord*>(to) = *reinterpret_cast<const AnyWord*>(from);
            from += sizeof(Word);
            keep_loop();
        }
    }
    for (; size > 0; size--) {
        *to++ = *from++;
        keep_loop();
    }
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

extern "C" void* memchr(const void* memory, int value, size_t size) {
    const uint8_t* at = static_cast<const uint8_t*>(memory);
    for (; size > 0; size--, at++) {
        if (*at == static_cast<uint8_t>(value))
            return const_cast<uint8_t*>(at);
        keep_loop();
    }
    return nullptr;
}

extern "C" size_t strlen(const char* text) {
    size_t length = 0;
    while (text[length] != '\0') {
        length++;
        keep_loop();
    }
    return length;
}
