// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See sync_client.hpp.
/// @stage{none}
#include "user/netsrv/sync_client.hpp"

#include "kernel/abi/invocation.hpp"
#include "user/lib/program.hpp"

#include <algorithm>

namespace netsrv {

using abi::CPtr;
using abi::MessageInfo;

bool Callers::prepare_to_receive() {
    received_ = user::allocator.slot();
    sel4::ipc_buffer().receive_cnode = abi::root_cnode;
    sel4::ipc_buffer().receive_index = received_;
    sel4::ipc_buffer().receive_depth = sel4::full_depth;
    return received_ != 0;
}

sel4::Message Callers::open(Owner& client) {
    const sel4::Message no_room = {.info =
                                       MessageInfo::make(static_cast<Word>(Error::no_memory), 0)};
    if (count_ == most_threads || received_ == 0)
        return no_room;
    const CPtr reply = user::allocator.slot();
    const CPtr own = user::allocator.slot();
    const Word page = user::vspace.map_somewhere(received_);
    if (reply == 0 || own == 0 || page == 0 || !prepare_to_receive())
        return no_room;
    constexpr Word may_call = abi::Rights::write | abi::Rights::grant;
    if (!sel4::cap_mint(endpoint_, own, may_call, count_ + 1))
        return no_room;
    threads_[count_++] = {&client, reinterpret_cast<net::Packet*>(page), reply};
    sel4::ipc_buffer().caps_or_badges[0] = own;
    return {.info = MessageInfo::make(static_cast<Word>(Error::none), 0, 1)};
}

void Callers::keep() {
    sel4::invoke(sel4::own_cnode,
                 abi::CNodeSaveCaller{threads_[current_ - 1].reply, sel4::full_depth});
    traps++;
    current_ = 0;
}

void Callers::give(Word number, const sel4::Message& answer) {
    if (number == current_) {
        answer_ = answer;
        answered_ = true;
        current_ = 0;
    } else {
        sel4::send(threads_[number - 1].reply, answer);
        traps++;
    }
}

void Owner::take(Word number, const sel4::Message& request) {
    const CallingThread& thread = *callers_.thread(number);
    const Word bytes = std::min<Word>(request.words[1], net::most_data);
    const auto* const data = reinterpret_cast<const std::byte*>(thread.packet->data());
    serve(number, static_cast<net::Request>(request.info.label()),
          {request.words, std::min<Word>(request.info.length(), abi::message_registers)},
          {.first = {data, bytes}});
}

bool Owner::answer(Word number, Error error, std::span<const Word> words) {
    sel4::Message message = {.info = MessageInfo::make(static_cast<Word>(error), 3)};
    if (words.size() > abi::message_registers)
        std::ranges::copy(words, callers_.thread(number)->packet->words);
    else
        std::ranges::copy(words, message.words);
    callers_.give(number, message);
    return true;
}

void Owner::answer_data(Word number, const pbuf* data, unsigned bytes, Word from) {
    pbuf_copy_partial(data, callers_.thread(number)->packet->data(), static_cast<u16_t>(bytes), 0);
    callers_.give(number, {.info = MessageInfo::make(static_cast<Word>(Error::none), 3),
                           .words = {0, bytes, from}});
}

} // namespace netsrv
