// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The memory server over shared rings, one for each client. Many requests are in progress at a
/// time, and their system calls share traps. It ends when all clients have gone.
/// @stage{6}
#include "user/lib/async_server.hpp"
#include "user/lib/async_calls.hpp"
#include "user/lib/program.hpp"
#include "user/memory/space.hpp"

namespace {

/// By the number of the client. Too large for the stack.
constinit memory::Space spaces[user::Needs{}.peers];

struct Server {
    explicit Server(user::AsyncProcess& own) : process(own), calls(own) {}

    user::AsyncProcess& process;
    user::AsyncCalls calls;
};

class Handler {
public:
    Handler(Server* server, const user::broker::Peer& client)
        : server_(server), space_(&spaces[client.number]) {
        space_->open(client.space);
    }
    static void gone(Server*, unsigned client) { spaces[client].close(); }

    rt::Task<ipc::Message<1>> operator()(rt::Frames frames, ipc::Request<2> request) const {
        switch (request.label()) {
        case memory::map:
            return space_->map(frames, request.words[0]);
        case memory::unmap:
            return space_->unmap(frames, request.words[0]);
        case memory::count:
            return at_once(frames, ipc::Message(0, traps()));
        default:
            return at_once(frames, memory::answer(memory::Error::unknown_request));
        }
    }

private:
    static rt::Task<ipc::Message<1>> at_once(rt::Frames /*frames*/, ipc::Message<1> message) {
        co_return message;
    }
    [[nodiscard]] abi::Word traps() const {
        return server_->process.counts().traps + server_->calls.by_trap();
    }

    Server* server_;
    memory::Space* space_;
};

// Each client may have so many requests in progress, which are so many system calls in a batch.
// Each takes two frames, and a third while it adds a page table: four clients that do their utmost
// leave the next one none.
constexpr unsigned share = 32;
constexpr unsigned frames = 256;

alignas(64) constinit std::byte frames_memory[frames * user::frame_bytes] = {};

} // namespace

int main() {
    user::AsyncProcess process(frames_memory);
    Server context(process);
    user::AsyncServer<Handler, Server> server(process, &context, share);
    process.spawn(server.run(process.pool(), memory::service));
    process.run([&] {
        return server.error() != user::broker::Error::none ||
               (server.gone() != 0 && server.clients() == 0);
    });
    return static_cast<int>(server.error());
}
