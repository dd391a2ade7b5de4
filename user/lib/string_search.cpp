// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Functions of C's library that look for something, which C++'s own headers call. User programs
/// have them, and kernels with tests.
/// @stage{1}
#include <stddef.h>
#include <stdint.h>

namespace {

/// Keeps compilers from making a call of the function out of its own loop.
void keep_loop() { asm volatile(""); }

} // namespace

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
