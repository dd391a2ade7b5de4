// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Signals, and letting others run.
/// Read next: sync_memory.cpp.
/// @stage{none}
#include "user/bench/sync.hpp"

namespace bench {

namespace {

Trap signal(CPtr notification) {
    Trap trap = prepare(abi::Syscall::send, notification, {});
    timed_trap(trap);
    return trap;
}

Trap yield() {
    Trap trap = prepare(abi::Syscall::yield, 0, {});
    timed_trap(trap);
    return trap;
}

void measure_signal(CPtr notification) {
    static constinit Samples samples = {};
    samples = {};
    for (unsigned i = 0; !samples.full(); i++) {
        const Trap trap = signal(notification);
        if (i >= warm_up)
            samples.add(trap.instructions());
    }
    report("sync.signal", samples);
}

/// A thread of the same priority, which notes when it came and yields again.
struct Partner {
    volatile Word arrived = 0;

    static void run(Word self) {
        Partner& partner = *reinterpret_cast<Partner*>(self);
        for (;;) {
            const Trap trap = yield();
            partner.arrived = trap.after;
        }
    }
};

} // namespace

void measure_signals(user::VSpace& server_space, const char* config) {
    static constinit Samples samples = {};
    samples = {};
    const CPtr notification = user::allocator.make(abi::ObjectType::notification);
    if (&server_space == &user::vspace)
        measure_signal(notification);
    sel4::poll(notification);
    Server server;
    if (!server.start(server_space, notification, server_priority, {}, abi::Syscall::receive))
        return complain("sync.signal_wake", "nobody waits");
    for (unsigned i = 0; !samples.full(); i++) {
        const Trap trap = signal(notification);
        if (i >= warm_up)
            samples.add(server.arrival() - trap.before - 1);
    }
    server.stop();
    user::allocator.destroy(notification);
    report("sync.signal_wake", samples, config);
}

void measure_yield() {
    static constinit Samples alone = {};
    static constinit Samples between = {};
    for (unsigned i = 0; !alone.full(); i++) {
        const Trap trap = yield();
        if (i >= warm_up)
            alone.add(trap.instructions());
    }
    report("sync.yield", alone);
    static constinit Partner partner = {};
    user::Thread thread;
    if (!thread.create(user::allocator, *other_space(), own_priority))
        return complain("sync.yield_switch", "no second thread");
    thread.start(Partner::run, reinterpret_cast<Word>(&partner));
    for (unsigned i = 0; !between.full(); i++) {
        const Trap trap = yield();
        if (i >= warm_up)
            between.add(partner.arrived - trap.before - 1);
    }
    thread.destroy();
    report("sync.yield_switch", between, " spaces=2");
}

} // namespace bench
