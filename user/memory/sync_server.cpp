// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The memory server behind an endpoint: one request at a time, whose system calls trap. It serves
/// one client, until it is asked to stop.
/// @stage{none}
#include "user/lib/program.hpp"
#include "user/lib/synchronous.hpp"
#include "user/memory/space.hpp"

namespace {

using abi::Word;

alignas(64) constinit std::byte frames_memory[16 * user::frame_bytes] = {};

struct Server {
    rt::FramePool pool{frames_memory, user::frame_bytes};
    rt::Executor executor{pool};
    memory::Space space;
    Word received = 0;

    /// The address space that comes along is kept where it was received.
    void prepare_to_receive() {
        const abi::CPtr slot = user::allocator.slot();
        sel4::ipc_buffer().receive_cnode = abi::root_cnode;
        sel4::ipc_buffer().receive_index = slot;
        sel4::ipc_buffer().receive_depth = sel4::full_depth;
        shared = slot;
    }
    abi::CPtr shared = 0;
};

rt::Task<> answer(rt::Frames frames, Server* server, sel4::Message request,
                  ipc::Message<1>* message) {
    *message = memory::answer(memory::Error::unknown_request);
    if (request.info.label() == memory::map) {
        const auto mapped = co_await server->space.map(frames, request.words[0]);
        *message = *mapped;
    } else if (request.info.label() == memory::unmap) {
        const auto unmapped = co_await server->space.unmap(frames, request.words[0]);
        *message = *unmapped;
    } else if (request.info.label() == memory::count) {
        *message = ipc::Message(0, server->received + server->space.calls());
    } else if (request.info.label() == user::SyncRequest::share_space) {
        server->space.open(server->shared);
        *message = memory::answer(memory::Error::none);
    }
}

} // namespace

int main() {
    const abi::CPtr endpoint = user::granted(memory::service);
    Server server;
    server.prepare_to_receive();
    sel4::Message request = sel4::receive(endpoint);
    while (request.info.label() != user::SyncRequest::stop) {
        ipc::Message<1> message;
        server.received++;
        server.executor.spawn(answer(server.pool, &server, request, &message), 1);
        server.executor.run_until_idle();
        const Word label = abi::ItemInfo{message.info}.label();
        request = sel4::reply_receive(
            endpoint, {.info = abi::MessageInfo::make(label, 1), .words = {message.words[0]}});
    }
    sel4::reply({});
    return 0;
}
