// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client for the tests of deaths: some coroutines call the server, and look at every answer. If
/// the server dies they all learn it, and go on with the next one. After so many calls that were
/// answered it ends; with 1 if anything was not as it should be.
/// Read next: deaths.cpp.
/// @stage{5}
#include "user/lib/async_process.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"

namespace {

using abi::Word;

constexpr unsigned workers = 8;
constexpr Word wanted = 100;

alignas(64) constinit std::byte memory[32 * user::frame_bytes] = {};

struct Visit {
    user::AsyncProcess* process;
    ipc::Client* server = nullptr;
    unsigned calling = 0;
    Word answered = 0;
    bool ended = false;
    bool failed = false;
};

rt::Task<> call(rt::Frames /*frames*/, Visit* visit, Word value) {
    while (visit->answered < wanted) {
        const auto reply = co_await ipc::call<1>(*visit->server, ipc::Message(1, value, 0));
        if (!reply) {
            visit->failed |= reply.error() != ipc::CallError::peer_gone;
            break;
        }
        visit->failed |= reply.words[0] != value + 1;
        value = reply.words[0];
        visit->answered++;
    }
    visit->calling--;
}

rt::Task<> visit_servers(rt::Frames /*frames*/, Visit* visit) {
    user::AsyncProcess& process = *visit->process;
    while (visit->answered < wanted && !visit->failed) {
        const auto server = co_await process.broker().connect("echo");
        if (!server) { // it has died before it had taken the connection
            visit->failed |= server.error != user::broker::Error::gone;
            continue;
        }
        visit->server = server.client;
        for (Word i = 0; i < workers; i++) {
            visit->calling++;
            process.spawn(call(process.pool(), visit, i));
        }
        while (visit->calling != 0) {
            co_await rt::sleep_until(machine::time() + 100);
        }
        const auto gone = co_await process.broker().disconnect(process.pool(), visit->server);
        visit->failed |= !gone;
    }
    visit->ended = true;
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    Visit visit{.process = &process};
    process.spawn(visit_servers(process.pool(), &visit));
    process.run([&] { return visit.ended; });
    return visit.failed ? 1 : 0;
}
