// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A root task whose own thread, the one that the kernel made, calls: it waits for an answer while
/// others make many system calls. In debug builds the kernel then looks at the whole derivation
/// tree, with the capability to answer in it. Profile sel4 only.
/// Read next: user/root/check.sh.
/// @stage{none}
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/lib/synchronous.hpp"
#include "user/lib/thread.hpp"

namespace {

using abi::Word;

constexpr Word question = 6;
constexpr Word answer = 42;
constexpr Word server_priority = 100;

void serve(Word endpoint) {
    // More than there are between two looks of the kernel.
    constexpr unsigned calls = 600;
    const Word asked = sel4::receive(endpoint).words[0];
    for (unsigned i = 0; i < calls; i++)
        sel4::yield();
    sel4::reply({.info = abi::MessageInfo::make(0, 1), .words = {asked * 7}});
}

} // namespace

int main() {
    const abi::CPtr endpoint = user::allocator.make(abi::ObjectType::endpoint);
    user::Thread server;
    if (endpoint == 0 || !server.create(user::allocator, user::vspace, server_priority))
        return 1;
    server.start(serve, endpoint);
    const sel4::Message got =
        sel4::call(endpoint, {.info = abi::MessageInfo::make(0, 1), .words = {question}});
    println("caller: the answer is ", got.words[0]);
    return got.words[0] == answer ? 0 : 1;
}
