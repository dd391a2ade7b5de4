// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Ping-pong's messages by calls of an endpoint: each is over when the coroutine awaits it, so one
/// is on its way at a time.
/// @stage{none}
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"
#include "user/lib/sync_call.hpp"
#include "user/pingpong/pingpong.hpp"

namespace pingpong {

namespace {

constexpr unsigned most_frames = 128;
alignas(64) constinit std::byte memory[most_frames * 512] = {};

constinit user::SyncLink link;

} // namespace

bool run(const Plan& plan, Outcome& outcome, Cost& cost) {
    rt::FramePool pool(memory, 512);
    rt::Executor executor(pool);
    if (!start(executor, &link, plan, &outcome))
        return false;
    executor.run_until_idle();
    cost = {.traps = 2 * outcome.calls}; // one of each side: call, reply_receive
    return outcome.left == 0;
}

int with_server(int (*body)()) {
    link.endpoint = user::granted(service);
    if (link.endpoint == 0)
        return 1;
    const int code = body();
    static_cast<void>(link.call(ipc::Message(stop, 0, 0)));
    return code;
}

} // namespace pingpong
