// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Ping-pong's messages through a shared ring: many coroutines call at a time.
/// @stage{5}
#include "user/lib/async_process.hpp"
#include "user/lib/program.hpp"
#include "user/pingpong/pingpong.hpp"

namespace pingpong {

namespace {

constexpr unsigned most_frames = 128;
alignas(64) constinit std::byte memory[most_frames * user::AsyncProcess::frame_bytes] = {};

constinit user::AsyncProcess* process = nullptr;

struct Link {
    ipc::Client* client = nullptr;

    auto call(const ipc::Message<2>& message) const { return ipc::call<1>(*client, message); }
};
constinit Link link;
constinit bool connected = false;

rt::Task<> connect(rt::Frames /*frames*/) {
    const auto server = co_await process->broker().connect(service);
    link.client = server.client;
    connected = true;
}

/// What the server has counted.
rt::Task<> ask(rt::Frames /*frames*/, Cost* cost, bool* done) {
    const auto traps = co_await link.call(ipc::Message(count, 0, 0));
    const auto notifications = co_await link.call(ipc::Message(count, 1, 0));
    *cost = {.traps = traps.words[0], .notifications = notifications.words[0]};
    *done = true;
}

/// Of both sides, what it takes to ask included.
Cost cost_so_far() {
    Cost cost;
    bool done = false;
    process->spawn(ask(process->pool(), &cost, &done));
    process->run([&] { return done; });
    const rt::Notified::Counts& own = process->self().counts();
    return {cost.traps + own.traps, cost.notifications + own.notifications};
}

} // namespace

bool run(const Plan& plan, Outcome& outcome, Cost& cost) {
    const Cost before = cost_so_far();
    if (!start(process->executor(), &link, plan, &outcome))
        return false;
    process->run([&] { return outcome.left == 0; });
    const Cost after = cost_so_far();
    cost = {.traps = after.traps - before.traps,
            .notifications = after.notifications - before.notifications};
    return true;
}

int with_server(int (*body)()) {
    user::AsyncProcess own(memory);
    process = &own;
    own.spawn(connect(own.pool()));
    own.run([] { return connected; });
    return link.client == nullptr ? 1 : body();
}

} // namespace pingpong
