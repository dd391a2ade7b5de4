// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Ping-pong between two processes: what the client asks and checks, and what the server does with
/// it, is the same for every way to carry messages; the build chooses the file that carries them.
///
///     request   | value | load |       the server counts as far as `load` says, then answers
///     answer    | value + 1, mixed with what was counted |
///
/// Reference: paper 5.2.
/// Read next: async_client.cpp, async_server.cpp
/// @cond NONE
/// and for PROFILE=sel4 sync_client.cpp, sync_server.cpp.
/// @endcond
/// @stage{5}
#pragma once

#include "runtime/ipc.hpp"
#include "user/lib/machine.hpp"

namespace pingpong {

using abi::Word;

constexpr const char* service = "pingpong";

enum Request : Word {
    ping = 1, ///< value, load
    count,    ///< what the server has counted of itself: 0 traps, 1 notifications
    stop,     ///< the server is to end, where nobody else tells it
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

/// One of the client's coroutines. `Link::call` gives what is to be awaited for an answer.
template <class Link>
rt::Task<> play(rt::Frames /*frames*/, Link* link, Plan plan, Word first, Outcome* outcome) {
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

/// Starts all of them. False if frames are used up.
template <class Link>
bool start(rt::Executor& executor, Link* link, const Plan& plan, Outcome* outcome) {
    for (unsigned i = 0; i < plan.concurrency; i++) {
        outcome->left++;
        if (!executor.spawn(play(executor.pool(), link, plan, i * Word{0x10001}, outcome), 1))
            return false;
    }
    return true;
}

/// Carries out a plan over a connection that was made before. Each way to carry messages has one.
bool run(const Plan& plan, Outcome& outcome, Cost& cost);

/// Connects, then calls `body`, which calls run(). The answer is the program's exit code.
int with_server(int (*body)());

} // namespace pingpong
