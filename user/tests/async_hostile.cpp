// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Clients that break the protocol: the kernel cuts them off and signals that.
/// Read next: async_garbage.cpp.
/// @stage{6}
#include "user/tests/async.hpp"

TEST("async: a counter of requests that goes too far, backwards or between lines ends it") {
    const Word tails[] = {Word{33} * 64, Word{32} * 64 + 1, 1, 63, ~Word{0},
                          ~Word{63},     Word{1} << 63};
    for (const Word tail : tails) {
        Calls calls;
        calls.put(1, calls.frame(), abi::PageGetAddress{});
        calls.submit();
        expect_equal("it works", 1, calls.reply().id);
        calls.header().client.out.tail.store_relaxed(64 + tail);
        wake_handler();
        calls.expect_closed();
    }
}

TEST("async: a counter of replies that goes too far, backwards or between lines ends it") {
    // It is looked at when the ring seems to be full.
    for (const Word head : {Word{33} * 64, Word{1}, Word{64 + 32}, ~Word{63}, Word{1} << 63}) {
        Calls calls;
        for (unsigned i = 0; i < 32; i++)
            static_cast<void>(calls.call(calls.frame(), abi::PageGetAddress{}));
        calls.put(1, calls.frame(), abi::PageGetAddress{});
        // The counter comes first: the kernel may be looking out for the request.
        calls.header().client.in.head.store_relaxed(head);
        calls.out().publish();
        wake_handler();
        calls.expect_closed();
    }
}

TEST("async: who does not take replies is cut off when they do not fit") {
    Calls calls;
    for (uint32_t i = 0; i < 32; i++)
        calls.put(i, calls.frame(), abi::PageGetAddress{});
    calls.submit();
    expect("all were answered", comes_true([&] {
               return calls.header().server.out.tail.load_relaxed() == Word{32} * 64;
           }));
    expect_equal("nothing is wrong yet", 0, poll(calls.notification()));
    calls.put(32, calls.frame(), abi::PageGetAddress{});
    calls.submit();
    calls.expect_closed();
}

TEST("async: a long reply for which there is no room ends it") {
    Calls calls;
    const CPtr tcb = bare_thread();
    for (uint32_t i = 0; i < 7; i++)
        calls.put(i, tcb, abi::TcbReadRegisters{0, 32}); // five lines each
    calls.submit();
    calls.expect_closed();
}

TEST("async: a message of which lines are missing ends it") {
    for (const Word length : {Word{8}, Word{16}, Word{100}, Word{127}}) {
        Calls calls;
        calls.put(1, calls.frame(), abi::PageGetAddress{});
        calls.items()[0].info.store_relaxed(abi::ItemInfo::make(5, length).word);
        calls.submit();
        calls.expect_closed();
    }
}
