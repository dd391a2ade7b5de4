// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The functions that compilers call on their own in freestanding programs. The volatile
/// accesses keep a loop from being turned into a call of the function it is in.

#include <stddef.h>
#include <stdint.h>

extern "C" void* memset(void* destination, int value, size_t size) {
    volatile uint8_t* to = static_cast<uint8_t*>(destination);
    for (size_t i = 0; i < size; i++)
        to[i] = static_cast<uint8_t>(value);
    return destination;
}

extern "C" void* memcpy(void* destination, const void* source, size_t size) {
    volatile uint8_t* to = static_cast<uint8_t*>(destination);
    const uint8_t* from = static_cast<const uint8_t*>(source);
    for (size_t i = 0; i < size; i++)
        to[i] = from[i];
    return destination;
}
