// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rule aligned-local: a coroutine's frame is aligned to 16 bytes, whatever its locals ask for.

#include "task.hpp"

struct alignas(64) CacheLine {
    int value;
};

int no_coroutine() {
    alignas(64) const int value = 1;
    const CacheLine line{value};
    return line.value;
}

Task good() {
    const int value = no_coroutine();
    co_await child();
    (void)value;
}

Task bad() {
    alignas(64) const int value = 1; // bad
    const CacheLine line{value};     // bad
    co_await child();
    (void)line.value;
}
