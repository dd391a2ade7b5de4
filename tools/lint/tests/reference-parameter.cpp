// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rule reference-parameter: what a parameter refers to may be gone when the coroutine goes on.

#include "task.hpp"

int no_coroutine(const int& number) { return number; }

Task good(int number, Pair pair) {
    const auto no_coroutine_inside = [](const int& value) { return value; };
    co_await child();
    (void)no_coroutine_inside(number);
    (void)no_coroutine(number), (void)pair;
}

Task bad(const Pair& pair) { // bad
    co_await child();
    (void)pair;
}

Task bad_temporary(Pair&& pair) { // bad
    co_await child();
    (void)pair;
}

struct Server {
    Task serve(int& count) { // bad
        co_await child();
        ++count;
    }
};
