// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// TCB_SetPriority, TCB_SetMCPriority, TCB_SetSchedParams and TCB_SetAffinity: every error in
/// order. What priorities mean is in scheduling_priority.cpp.
/// @stage{2}
#include "user/lib/boot_info.hpp"
#include "user/tests/threads.hpp"

namespace {

Result set_priority(CPtr tcb, Word priority, CPtr authority) {
    return invoke(tcb, abi::TcbSetPriority{priority}, authority);
}

Result set_mc_priority(CPtr tcb, Word priority, CPtr authority) {
    return invoke(tcb, abi::TcbSetMcPriority{priority}, authority);
}

Result set_params(CPtr tcb, Word mc_priority, Word priority, CPtr authority) {
    return invoke(tcb, abi::TcbSetSchedParams{mc_priority, priority}, authority);
}

/// A thread that may give priorities up to this.
CPtr authority_up_to(Word priority) {
    const CPtr tcb = bare_thread();
    expect_success("authority", set_mc_priority(tcb, priority, abi::root_tcb));
    return tcb;
}

constexpr Word beyond = 256;

} // namespace

TEST("thread: setting priorities with a short message is truncated") {
    const CPtr tcb = bare_thread();
    expect_truncated(tcb, abi::TcbSetPriority{beyond}, abi::root_tcb);
    expect_truncated(tcb, abi::TcbSetMcPriority{beyond}, abi::root_tcb);
    expect_truncated(tcb, abi::TcbSetSchedParams{beyond, beyond}, abi::root_tcb);
}

TEST("thread: the authority is a thread, whatever the priority") {
    const CPtr tcb = bare_thread();
    for (const CPtr authority : {empty_slot(), own_cnode, make(ObjectType::notification)}) {
        expect_error("priority", Error::invalid_capability, set_priority(tcb, beyond, authority),
                     {1});
        expect_error("greatest", Error::invalid_capability, set_mc_priority(tcb, beyond, authority),
                     {1});
        expect_error("both", Error::invalid_capability, set_params(tcb, beyond, beyond, authority),
                     {1});
    }
}

TEST("thread: no priority is above the authority's greatest") {
    const CPtr tcb = bare_thread();
    for (const Word greatest : {Word{0}, Word{63}, Word{64}, Word{254}, Word{255}}) {
        const CPtr authority = authority_up_to(greatest);
        for (const Word priority : {greatest + 1, Word{beyond}, ~Word{0}}) {
            expect_error("priority", Error::range_error, set_priority(tcb, priority, authority),
                         {0, greatest});
            expect_error("greatest", Error::range_error, set_mc_priority(tcb, priority, authority),
                         {0, greatest});
        }
        expect_success("the greatest itself", set_priority(tcb, greatest, authority));
        expect_success("the greatest itself", set_mc_priority(tcb, greatest, authority));
    }
}

TEST("thread: of both priorities either may be too great, and none is set then") {
    const CPtr authority = authority_up_to(50);
    const CPtr tcb = authority_up_to(7);
    expect_error("greatest", Error::range_error, set_params(tcb, 51, 1, authority), {0, 50});
    expect_error("priority", Error::range_error, set_params(tcb, 1, 51, authority), {0, 50});
    expect_error("its own is as it was", Error::range_error, set_priority(authority, 8, tcb),
                 {0, 7});
    expect_success("right ones", set_params(tcb, 50, 50, authority));
    expect_success("now it may", set_priority(authority, 50, tcb));
}

TEST("thread: the authority may be the thread itself, and lower its own greatest") {
    const CPtr tcb = authority_up_to(40);
    expect_success("priority", set_priority(tcb, 40, tcb));
    expect_success("lower", set_mc_priority(tcb, 10, tcb));
    expect_error("not back", Error::range_error, set_mc_priority(tcb, 40, tcb), {0, 10});
    expect_error("its priority stays above", Error::range_error, set_priority(tcb, 40, tcb),
                 {0, 10});
}

TEST("thread: the caller's own priority does not count") {
    user::Thread thread;
    const CPtr tcb = bare_thread();
    Result result;
    const auto body = [&] { result = set_params(tcb, 255, 255, abi::root_tcb); };
    start(thread, lowest, body);
    run_others();
    expect_success("by a thread of priority 1", result);
}

TEST("thread: its hart is one that runs") {
    if constexpr (!config::smp) {
        skip("a build for one hart has no affinity");
        return;
    }
    const CPtr tcb = bare_thread();
    const Word harts = user::boot_info().nodes;
    expect_truncated(tcb, abi::TcbSetAffinity{harts});
    for (const Word hart : {harts, harts + 1, Word{256}, ~Word{0}})
        expect_error("no such hart", Error::illegal_operation,
                     invoke(tcb, abi::TcbSetAffinity{hart}));
    for (Word hart = harts; hart-- > 0;)
        expect_success("a hart", invoke(tcb, abi::TcbSetAffinity{hart}));
}
