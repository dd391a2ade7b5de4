// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Ping-pong between two processes: what the client asks and checks, and what the server does with
/// it, is the same for every way to carry messages; the build chooses the file that carries them.
///
///     request   | value | load |       the server counts as far as `load` says, then answers
///     answer    | value + 1, mixed with what was counted |
///
/// Reference: paper 5.2.
/// Read next: client.cpp, async_server.cpp
/// @cond NONE
/// and for PROFILE=sel4 sync_server.cpp.
/// @endcond
/// @stage{5}
#pragma once

#include "user/lib/caller.hpp"
#include "user/lib/machine.hpp"

namespace pingpong {

using abi::Word;

constexpr const char* service = "pingpong";

enum Request : Word {
    ping = 1, ///< value, load
    count,    ///< what the server has counted of itself: 0 traps, 1 notifications
};

/// What the server works for one request: `load` steps of a generator (Marsaglia's xorshift).
inline Word work(Word value, Word load) {
    Word state = value + 1;
    for (Word step = 0; step < load; step++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    return state;
}

inline ipc::Message<1> answer(const ipc::Request<2>& request) {
    return ipc::Message(0, work(request.words[0], request.words[1]));
}

/// What it took to carry messages, on both sides.
struct Cost {
    Word traps = 0;
    Word notifications = 0;
    Word ticks = 0; ///< of time
};

/// How much is to be done.
struct Plan {
    unsigned concurrency = 1; ///< coroutines that call
    Word load = 0;
    Word calls = 1000;        ///< of each, at most; and
    Word deadline = ~Word{0}; ///< no new ones after this time
};

/// What has come of it.
struct Outcome {
    Word calls = 0;
    Word wrong = 0;    ///< answers
    Word failed = 0;   ///< calls
    unsigned left = 0; ///< coroutines that still call
};

/// One of the client's coroutines.
inline rt::Task<> play(rt::Frames /*frames*/, user::Link* link, Plan plan, Word first,
                       Outcome* outcome) {
    Word value = first;
    for (Word i = 0; i < plan.calls && machine::time() < plan.deadline; i++) {
        const auto reply = co_await link->call(ipc::Message(ping, value, plan.load));
        outcome->calls++;
        if (!reply) {
            outcome->failed++;
            break;
        }
        outcome->wrong += reply.words[0] == work(value, plan.load) ? 0 : 1;
        value = reply.words[0];
    }
    outcome->left--;
}

/// What both sides did so far, what it takes to ask included.
inline Cost cost_so_far(user::Caller& caller) {
    const auto traps = user::ask(caller, ipc::Message(count, 0, 0));
    const auto notifications = user::ask(caller, ipc::Message(count, 1, 0));
    return {.traps = traps.words[0] + caller.traps(),
            .notifications = notifications.words[0] + caller.notifications()};
}

/// Carries out a plan. False if frames are used up.
inline bool run(user::Caller& caller, const Plan& plan, Outcome& outcome, Cost& cost) {
    const Cost before = cost_so_far(caller);
    const Word start = machine::time();
    for (unsigned i = 0; i < plan.concurrency; i++) {
        outcome.left++;
        if (!caller.spawn(play(caller.pool(), caller.link(), plan, i * Word{0x10001}, &outcome)))
            return false;
    }
    caller.run([&] { return outcome.left == 0; });
    const Word end = machine::time();
    const Cost after = cost_so_far(caller);
    cost = {.traps = after.traps - before.traps,
            .notifications = after.notifications - before.notifications,
            .ticks = end - start};
    return true;
}

} // namespace pingpong
