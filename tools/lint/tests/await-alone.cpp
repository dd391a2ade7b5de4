// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rule await-alone: co_await is a statement of its own, or the whole initialiser of a variable.

#include "task.hpp"

struct Id {
    Id(int number);
};

Task good(int choice) {
    co_await child();
    (void)co_await child();
    const auto first = co_await child();
    Id converted = co_await child();
    if (first == 1) {
        co_await child();
    }
    switch (choice) {
    case 1:
        co_await child();
        break;
    default:
        co_await Task{};
    }
    for (int i = 0; i < choice; ++i) {
        const int again = co_await child();
        choice -= again;
    }
}

template <typename Awaitable>
Task good_template(Awaitable awaitable) {
    const auto result = co_await awaitable;
    co_await awaitable;
    (void)result;
}

template <typename Awaitable>
Task bad_template(Awaitable awaitable) {
    if (co_await awaitable) { // bad
    }
}

Task conditions(int choice) {
    if (co_await child()) { // bad
    }
    while (co_await child() > 1) { // bad
    }
    do {
    } while (co_await child() == 0); // bad
    for (; co_await child() == 0;) { // bad
    }
    switch (co_await child()) { // bad
    default:
        break;
    }
    if (const auto result = co_await child(); result == choice) { // bad
    }
    choice = choice == 1 ? co_await child() : 0; // bad
}

Task expressions(int value) {
    const int sum = 1 + co_await child();   // bad
    value = co_await child();               // bad
    const Pair both{co_await child(), sum}; // bad
    const auto id = Id(co_await child());   // bad
    co_await good(co_await child());        // bad
    (void)id, (void)both;
}

Task instances() {
    co_await good_template(child());
    co_await bad_template(child());
}
