// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See deep_ipc.hpp.
/// @stage{none}
#include "user/bench/deep_ipc.hpp"

#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/lib/synchronous.hpp"

namespace bench {

namespace {

using abi::CPtr;
using abi::Word;

constexpr unsigned radix = 1;
constexpr CPtr itself = 0;
constexpr CPtr endpoint = 1;

/// As long as a message can be; the capabilities are looked up, and arrive as badges.
constexpr sel4::Message longest{
    .info = abi::MessageInfo::make(0, abi::message_words, abi::message_extra_caps)};

void fill_buffer() {
    for (Word& cap : sel4::ipc_buffer().caps_or_badges)
        cap = endpoint;
    sel4::ipc_buffer().receive_cnode = itself;
    sel4::ipc_buffer().receive_index = endpoint;
    sel4::ipc_buffer().receive_depth = sel4::full_depth;
}

void call_for_ever(Word) {
    for (;;) {
        fill_buffer();
        sel4::call(endpoint, longest);
    }
}

void serve_for_ever(Word) {
    fill_buffer();
    sel4::receive(endpoint);
    for (;;) {
        fill_buffer();
        sel4::reply_receive(endpoint, longest);
    }
}

} // namespace

bool DeepIpc::create() {
    const CPtr object = user::allocator.make(abi::ObjectType::endpoint);
    cnode_ = user::allocator.make(abi::ObjectType::cnode, radix);
    if (object == 0 || cnode_ == 0)
        return false;
    const abi::CNodeCopy into_itself{itself, radix, cnode_, sel4::full_depth, abi::all_rights};
    const abi::CNodeCopy beside_it{endpoint, radix, object, sel4::full_depth, abi::all_rights};
    return sel4::invoke(cnode_, into_itself, sel4::own_cnode) &&
           sel4::invoke(cnode_, beside_it, sel4::own_cnode);
}

bool DeepIpc::make_thread(user::Thread& thread, Word priority, user::Thread::Function function) {
    if (!thread.create(user::allocator, user::vspace, priority))
        return false;
    const abi::TcbSetSpace spaces{};
    if (!sel4::invoke(thread.tcb(), spaces, cnode_, CPtr{abi::root_vspace}))
        return false;
    thread.start(function);
    return true;
}

void DeepIpc::start(Word priority) {
    if (!make_thread(server_, priority, serve_for_ever) ||
        !make_thread(clients_[0], priority, call_for_ever) ||
        !make_thread(clients_[1], priority, call_for_ever))
        println("# deep IPC: its threads cannot be made");
}

void DeepIpc::stop() {
    for (user::Thread& client : clients_)
        client.destroy();
    server_.destroy();
}

} // namespace bench
