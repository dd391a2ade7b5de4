// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rule capturing-lambda: a capture dies with the lambda object, the coroutine may live on.

#include "task.hpp"

Task run() {
    int count = 0;
    const auto good = [](int number) -> Task {
        co_await child();
        (void)number;
    };
    const auto no_coroutine = [&count] { ++count; };
    const auto by_reference = [&count]() -> Task { // bad
        co_await child();
        ++count;
    };
    const auto by_value = [count]() -> Task { // bad
        co_await child();
        (void)count;
    };
    no_coroutine();
    co_await good(count);
    co_await by_reference();
    co_await by_value();
}
