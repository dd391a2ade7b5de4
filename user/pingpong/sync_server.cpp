// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The server of ping-pong behind an endpoint. It serves until it is asked to stop.
/// @stage{none}
#include "user/lib/program.hpp"
#include "user/lib/synchronous.hpp"
#include "user/pingpong/pingpong.hpp"

int main() {
    const abi::CPtr endpoint = user::granted(pingpong::service);
    abi::Word traps = 1;
    sel4::Message request = sel4::receive(endpoint);
    while (request.info.label() != user::SyncRequest::stop) {
        const bool counts = request.info.label() == pingpong::count;
        const abi::Word count = request.words[0] == 0 ? traps : 0;
        const auto answer = pingpong::answer({.words = {request.words[0], request.words[1]}});
        traps++;
        request = sel4::reply_receive(endpoint, {.info = abi::MessageInfo::make(0, 1),
                                                 .words = {counts ? count : answer.words[0]}});
    }
    sel4::reply({});
    return 0;
}
