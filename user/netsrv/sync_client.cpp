// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See sync_client.hpp.
/// @stage{none}
#include "user/netsrv/sync_client.hpp"

#include "kernel/abi/invocation.hpp"
#include "user/lib/program.hpp"

#include <algorithm>
#include <string.h>

namespace netsrv {

using abi::CPtr;
using abi::MessageInfo;

namespace {

/// A reply with a capability.
sel4::Message with(CPtr capability) {
    sel4::ipc_buffer().caps_or_badges[0] = capability;
    return {.info = MessageInfo::make(static_cast<Word>(Error::none), 0, 1)};
}

sel4::Message without(Error error) {
    return {.info = MessageInfo::make(static_cast<Word>(error), 0)};
}

} // namespace

bool Callers::create(CPtr endpoint) {
    constexpr Word may_call = abi::Rights::write | abi::Rights::grant;
    for (Word number = 1; number <= most_threads; number++) {
        CallingThread& thread = threads_[number - 1];
        thread.endpoint = user::allocator.slot();
        thread.frame = user::allocator.make(abi::ObjectType::page);
        thread.bell = user::allocator.make(abi::ObjectType::notification);
        if (thread.endpoint == 0 || thread.frame == 0 || thread.bell == 0 ||
            !sel4::cap_mint(endpoint, thread.endpoint, may_call, number))
            return false;
        thread.page = reinterpret_cast<net::LinePage*>(user::vspace.map_somewhere(thread.frame));
        if (thread.page == nullptr)
            return false;
    }
    return true;
}

/// Threads of a client; null: those of nobody.
unsigned Callers::count(const Owner* client) const {
    return static_cast<unsigned>(std::ranges::count(threads_, client, &CallingThread::client));
}

sel4::Message Callers::open(Owner& client) {
    if (count(&client) < sure)
        promised_--;
    else if (count(nullptr) <= promised_)
        return without(Error::no_memory);
    CallingThread& thread =
        *std::ranges::find(threads_, static_cast<Owner*>(nullptr), &CallingThread::client);
    thread.client = &client;
    return with(thread.endpoint);
}

void Callers::take_back(const Owner& client) {
    promised_ += std::min(count(&client), sure);
    for (CallingThread& thread : threads_) {
        if (thread.client != &client)
            continue;
        for (const CPtr cap : {thread.endpoint, thread.frame, thread.bell})
            sel4::cap_revoke(cap);
        sel4::poll(thread.bell);
        memset(thread.page, 0, user::page_size);
        thread.client = nullptr;
    }
}

sel4::Message Callers::share(const CallingThread& thread, Word request) {
    if (request == net::line_page)
        return with(thread.frame);
    return request == net::line_bell ? with(thread.bell) : without(Error::unknown_request);
}

void Callers::give(Word number, const net::Answer& answer) {
    if (number == current_) {
        reply_ = {.info = MessageInfo::make(static_cast<Word>(answer.error), 3),
                  .words = {answer.handle, answer.bytes, answer.from.word()}};
        current_ = 0;
    } else {
        const CallingThread& thread = threads_[number - 1];
        thread.page->late = answer;
        sel4::signal(thread.bell);
        traps++;
        signals++;
    }
}

void Owner::take(Word number, const sel4::Message& request) {
    const CallingThread& thread = *callers_.thread(number);
    const Word bytes = std::min<Word>(request.words[1], net::most_data);
    const auto* const data = reinterpret_cast<const std::byte*>(thread.page->packet.data());
    shared_.bursts++; // each comes alone
    serve(number, static_cast<net::Request>(request.info.label()),
          {request.words, std::min<Word>(request.info.length(), abi::message_registers)},
          {.first = {data, bytes}});
}

bool Owner::answer(Word number, Error error, std::span<const Word> words) {
    Word few[3] = {};
    if (words.size() > std::size(few))
        std::ranges::copy(words, callers_.thread(number)->page->packet.words);
    else
        std::ranges::copy(words, few);
    callers_.give(number, {error, few[0], few[1], net::Endpoint::of(few[2])});
    return true;
}

void Owner::answer_data(Word number, const pbuf* data, unsigned bytes, Word from) {
    char* const to = callers_.thread(number)->page->packet.data();
    pbuf_copy_partial(data, to, static_cast<u16_t>(bytes), 0);
    callers_.give(number, {Error::none, 0, bytes, net::Endpoint::of(from)});
}

} // namespace netsrv
