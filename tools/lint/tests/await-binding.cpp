// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rule await-binding: a structured binding takes a variable, not a co_await.

#include "task.hpp"

Task good() {
    const auto both = co_await pair();
    const auto [first, second] = both;
    (void)first, (void)second;
}

Task bad() {
    const auto [first, second] = co_await pair(); // bad
    (void)first, (void)second;
}
