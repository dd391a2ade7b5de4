// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Messages to a server of higher priority that waits: it runs at once, and so does the caller when
/// it is answered.
///
///     caller  | call |                         | continues
///     server         | serve_instructions | reply_receive |
///
/// Read next: sync_signal.cpp.
/// @stage{none}
#include "user/bench/sync.hpp"

namespace bench {

namespace {

constexpr Word long_words = 10;

struct CallSamples {
    Samples round_trip;
    Samples call;
    Samples reply;
};

/// Calls with `words` words, which are answered with one.
void call_often(CPtr endpoint, const Server& server, Word words, CallSamples& samples) {
    for (unsigned i = 0; !samples.call.full(); i++) {
        const sel4::Message message{.info = abi::MessageInfo::make(0, words)};
        Trap trap = prepare(abi::Syscall::call, endpoint, message);
        timed_trap(trap);
        if (i < warm_up)
            continue;
        const Word arrival = server.arrival();
        samples.call.add(arrival - trap.before - 1);
        samples.reply.add(trap.after - arrival - serve_instructions);
        samples.round_trip.add(trap.instructions() - serve_instructions);
    }
}

void measure_call(CPtr endpoint, user::VSpace& space, const char* config) {
    static constinit CallSamples short_call = {};
    static constinit CallSamples long_call = {};
    short_call = {};
    long_call = {};
    Server server;
    if (!server.start(space, endpoint, server_priority, abi::MessageInfo::make(0, 1),
                      abi::Syscall::reply_receive))
        return complain("sync.call_reply", "no server");
    call_often(endpoint, server, 1, short_call);
    call_often(endpoint, server, long_words, long_call);
    server.stop();
    report("sync.call_reply", short_call.round_trip, config, " part=both");
    report("sync.call_reply", short_call.call, config, " part=call");
    report("sync.call_reply", short_call.reply, config, " part=reply");
    report("sync.call_reply_long", long_call.call, config, " part=call");
    report("sync.call_reply_long", long_call.round_trip, config, " part=both");
}

void measure_send(CPtr endpoint, user::VSpace& space, const char* config) {
    static constinit Samples samples = {};
    samples = {};
    Server server;
    if (!server.start(space, endpoint, server_priority, {}, abi::Syscall::receive))
        return complain("sync.send", "no receiver");
    for (unsigned i = 0; !samples.full(); i++) {
        const sel4::Message message{.info = abi::MessageInfo::make(0, 1)};
        Trap trap = prepare(abi::Syscall::send, endpoint, message);
        timed_trap(trap);
        if (i >= warm_up)
            samples.add(server.arrival() - trap.before - 1);
    }
    server.stop();
    report("sync.send", samples, config);
}

} // namespace

void measure_calls(user::VSpace& server_space, const char* config) {
    const CPtr endpoint = user::allocator.make(abi::ObjectType::endpoint);
    measure_call(endpoint, server_space, config);
    measure_send(endpoint, server_space, config);
    user::allocator.destroy(endpoint);
}

namespace {

void measure_fault(void (*timed)(Trap&), const char* config, const char* cause) {
    static constinit Samples samples = {};
    samples = {};
    for (unsigned i = 0; !samples.full(); i++) {
        Trap trap = {};
        timed(trap);
        if (i >= warm_up)
            samples.add(trap.instructions() - serve_instructions);
    }
    report("sync.fault", samples, config, cause);
}

} // namespace

/// The handler answers with the program counter behind the instruction, and takes the next fault.
void measure_faults(user::VSpace& server_space, const char* config) {
    const CPtr endpoint = user::allocator.make(abi::ObjectType::endpoint);
    const abi::TcbSetSpace spaces{.fault_handler = endpoint, .cspace_data = 0, .vspace_data = 0};
    Server handler;
    if (!sel4::invoke(abi::root_tcb, spaces, sel4::own_cnode, CPtr{abi::root_vspace}) ||
        !handler.start(server_space, endpoint, server_priority, abi::MessageInfo::make(0, 1),
                       abi::Syscall::reply_receive))
        return complain("sync.fault", "no handler");
    measure_fault(timed_breakpoint, config, " cause=breakpoint");
    measure_fault(timed_fault, config, " cause=illegal-instruction");
    handler.stop();
    user::allocator.destroy(endpoint);
}

} // namespace bench
