// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The server of ping-pong over shared rings: one for each client. It ends when all have gone.
/// @stage{5}
#include "user/lib/async_server.hpp"
#include "user/lib/program.hpp"
#include "user/pingpong/pingpong.hpp"

namespace {

struct Handler {
    const rt::Notified* self;

    Handler(const rt::Notified* notified, const user::broker::Peer&) : self(notified) {}

    ipc::Message<1> operator()(const ipc::Request<2>& request) const {
        if (request.label() == pingpong::count) [[unlikely]]
            return ipc::Message(0, request.words[0] == 0 ? self->counts().traps
                                                         : self->counts().notifications);
        return pingpong::answer(request);
    }
};

alignas(64) constinit std::byte memory[32 * user::frame_bytes] = {};

} // namespace

int main() {
    user::AsyncProcess process(memory);
    user::AsyncServer<Handler, const rt::Notified> server(process, &process.self());
    process.spawn(server.run(process.pool(), pingpong::service));
    process.run([&] {
        return server.error() != user::broker::Error::none ||
               (server.gone() != 0 && server.clients() == 0);
    });
    return static_cast<int>(server.error());
}
