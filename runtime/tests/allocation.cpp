// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Nothing is allocated: this program's own operator new counts.
/// @stage{5}
#include "runtime/tests/pair.hpp"

#include <doctest/doctest.h>

namespace {

unsigned long allocations = 0;

struct Successor {
    ipc::Message<1> operator()(const ipc::Request<1>& request) const {
        return ipc::Message{0, request.words[0] + 1};
    }
};

rt::Task<> count_to(rt::Frames /*frames*/, ipc::Client* client, abi::Word last, bool* done) {
    abi::Word value = 0;
    while (value != last) {
        const auto reply = co_await ipc::call<1>(*client, ipc::Message{0, value});
        if (!reply)
            co_return;
        value = reply.words[0];
    }
    *done = true;
}

} // namespace

void* operator new(size_t bytes) {
    allocations++;
    return std::malloc(bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t /*bytes*/) noexcept { std::free(memory); }

TEST_CASE("allocation: calls take frames of the pool, and no other memory") {
    test::Pair pair(Successor{});
    bool done[40] = {};
    const unsigned long before = allocations;
    for (bool& one : done)
        pair.here.executor.spawn(count_to(pair.here.pool, &pair.client, 1000, &one), 3);
    CHECK(pair.here.pool.used() == 40);
    pair.run();
    CHECK(allocations == before);
    for (const bool one : done)
        CHECK(one);
    CHECK(pair.here.pool.used() == 0);
    CHECK(pair.here.pool.refused() == 0);
}
