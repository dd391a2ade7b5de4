// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A server for the tests of deaths: answers each number with the next one, for ever. Some answers
/// come at once, those to odd numbers after a pause: then many are in progress when a client dies.
/// Read next: deaths.cpp.
/// @stage{5}
#include "user/lib/async_server.hpp"
#include "user/lib/program.hpp"

namespace {

struct Context {};

struct Handler {
    Handler(Context*, const user::broker::Peer&) {}

    rt::Task<ipc::Message<1>> operator()(rt::Frames /*frames*/, ipc::Request<2> request) {
        if (request.words[0] % 2 != 0) {
            co_await rt::sleep_until(machine::time() + 100);
        }
        co_return ipc::Message(0, request.words[0] + 1);
    }
};

// Frames enough for as many clients as there can be, each with several requests in progress.
alignas(64) constinit std::byte memory[256 * user::frame_bytes] = {};

} // namespace

int main() {
    user::AsyncProcess process(memory);
    Context context;
    user::AsyncServer<Handler, Context> server(process, &context);
    process.spawn(server.run(process.pool(), "echo"));
    process.run([&] { return server.error() != user::broker::Error::none; });
    return 1;
}
