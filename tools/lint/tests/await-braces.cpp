// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rule await-braces: no brace-initialised aggregate with non-trivial members around co_await.

#include "task.hpp"

struct Request {
    Guard guard;
    int size;
};

struct PlainAwaiter : Task {
    int size;
};

Task send(Request request);
Task send_pair(Pair pair);

Task good() {
    const Request request{{}, 1};
    co_await send(request);
    co_await send_pair({1, 2});
    co_await PlainAwaiter{{}, 1};
}

Task bad() {
    co_await send({{}, 1});        // bad
    co_await send(Request{{}, 1}); // bad
}
