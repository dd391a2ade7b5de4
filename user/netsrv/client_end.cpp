// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See client_end.hpp.
/// @stage{7}
#include "user/netsrv/client_end.hpp"

#include <lwip/stats.h>

namespace netsrv {

using net::Request;

namespace {

/// Of the answers that are not kept if there is no room for them.
constexpr Word longest_at_once =
    abi::lines_of(sizeof(net::Counters) / sizeof(Word)) * abi::line_bytes;

} // namespace

ClientEnd::ClientEnd(rt::Executor& executor, rt::Ends ends, rt::Callback notify, Shared* shared,
                     const user::broker::Peer&)
    : ServerEnd(executor, ends, notify, priority,
                [](Connection& self) { static_cast<ClientEnd&>(self).take_requests(); }),
      shared_(*shared) {
    shared_.clients++;
}

ClientEnd::~ClientEnd() {
    for (Socket*& socket : sockets_) {
        if (socket != nullptr && socket->kind_ == Socket::Kind::listener)
            release(*socket); // first: its connections that were not accepted are others
    }
    for (Socket*& socket : sockets_) {
        if (socket != nullptr)
            release(*socket);
    }
    shared_.clients--;
}

Socket* ClientEnd::open_socket() {
    if (handles_ == most_handles)
        return nullptr;
    Socket* const made = shared_.sockets.take();
    if (made == nullptr)
        return nullptr;
    while (sockets_[next_handle_] != nullptr)
        next_handle_ = (next_handle_ + 1) % most_handles;
    sockets_[next_handle_] = made;
    made->handle_ = static_cast<uint16_t>(next_handle_);
    made->owner_ = this;
    handles_++;
    return made;
}

void ClientEnd::release(Socket& socket) {
    sockets_[socket.handle_] = nullptr;
    handles_--;
    socket.close();
    shared_.sockets.give_back(socket);
}

Socket* ClientEnd::socket(Word handle) {
    Socket* const found = handle < most_handles ? sockets_[handle] : nullptr;
    return found == nullptr || found->listener_ != nullptr ? nullptr : found;
}

void ClientEnd::take_requests() {
    if (!find_lines() && !starved_)
        return;
    begin_burst();
    if (starved_)
        resume();
    for (Word left = budget; left != 0 && open() && take(); left -= abi::line_bytes) {
    }
    shared_.interface.publish(); // what these requests have sent
}

/// There may be room for answers again.
void ClientEnd::resume() {
    starved_ = false;
    for (Socket* socket : sockets_) {
        if (socket != nullptr)
            socket->progress();
    }
}

/// Takes the next request, if there is one, and room for its answer.
bool ClientEnd::take() {
    if (in_.available() == 0)
        return false;
    blocked_ = !make_room(longest_at_once);
    if (blocked_)
        return false;
    const abi::Item& item = in_.line_at(0);
    const Word header = rt::load_header(item);
    const unsigned length = rt::info_of(header).length();
    const Word bytes = abi::lines_of(length) * abi::line_bytes;
    if (bytes > in_.available()) {
        close();
        return false;
    }
    Word words[abi::item_words];
    for (unsigned i = 0; i < abi::item_words; i++)
        words[i] = item.words[i].load_relaxed();
    shared_.requests++;
    serve(header, {words, std::min(length, abi::item_words)}, data_of(length, words[1]));
    if (open())
        in_.advance_by(bytes);
    return true;
}

/// The data of the next request, which ends where the ring may begin anew.
ClientEnd::Data ClientEnd::data_of(unsigned length, Word bytes) {
    if (length <= net::first_data_word)
        return {};
    bytes = std::min<Word>(bytes, (length - net::first_data_word) * sizeof(Word));
    const std::byte* const start = reinterpret_cast<const std::byte*>(&in_.line_at(1));
    const Word in_a_row = in_.lines_in_a_row(1) * abi::line_bytes;
    if (bytes <= in_a_row)
        return {{start, bytes}, {}};
    const unsigned next = static_cast<unsigned>(1 + in_a_row / abi::line_bytes);
    return {{start, in_a_row},
            {reinterpret_cast<const std::byte*>(&in_.line_at(next)), bytes - in_a_row}};
}

void ClientEnd::serve(Word header, Words words, const Data& data) {
    const Request request = static_cast<Request>(rt::info_of(header).label());
    const Error error = begin(header, request, words, data);
    if (error != Error::none)
        answer(header, error);
}

Error ClientEnd::begin(Word header, Request request, Words words, const Data& data) {
    const auto has = [&](size_t count) { return words.size() >= count; };
    switch (request) {
    case Request::listen:
    case Request::connect:
    case Request::open_udp:
        return has(2) ? open_new(header, request, words) : Error::unknown_request;
    case Request::look:
        answer_addresses(header);
        return Error::none;
    case Request::count:
        answer_counters(header);
        return Error::none;
    default:
        break;
    }
    if (!has(1))
        return Error::unknown_request;
    Socket* const found = socket(words[0]);
    return found == nullptr ? Error::bad_handle : begin(header, request, *found, words, data);
}

/// What is asked of a handle.
Error ClientEnd::begin(Word header, Request request, Socket& socket, Words words,
                       const Data& data) {
    switch (request) {
    case Request::accept:
        return socket.accept(header);
    case Request::receive:
    case Request::receive_from:
        return socket.receive(header);
    case Request::send:
    case Request::exchange:
        return socket.send(header, data.first, data.second, request == Request::exchange);
    case Request::send_to: {
        const Error error =
            words.size() < 3 ? Error::unknown_request
                             : socket.send_to(net::Endpoint::of(words[2]), data.first, data.second);
        answer(header, error);
        return Error::none;
    }
    case Request::finish:
    case Request::close: {
        const Error error = request == Request::finish ? socket.finish() : Error::none;
        if (request == Request::close)
            release(socket);
        answer(header, error);
        return Error::none;
    }
    default:
        return Error::unknown_request;
    }
}

void ClientEnd::answer_addresses(Word header) {
    const netif& card = shared_.interface.stack();
    const Word addresses[] = {lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(&card))),
                              lwip_ntohl(ip4_addr_get_u32(netif_ip4_netmask(&card))),
                              lwip_ntohl(ip4_addr_get_u32(netif_ip4_gw(&card)))};
    answer(header, Error::none, addresses);
}

void ClientEnd::answer_counters(Word header) {
    const Interface::Counts& card = shared_.interface.counts();
    net::Counters counters{.frames_in = card.received,
                           .frames_out = card.sent,
                           .interrupts = card.interrupts,
                           .requests = shared_.requests,
                           .clients = shared_.clients,
                           .handles = shared_.sockets.used(),
                           .heap_used = lwip_stats.mem.used,
                           .traps = shared_.self.counts().traps,
                           .notifications = shared_.self.counts().notifications,
                           .dropped = card.dropped_in + card.dropped_out,
                           .restarts = card.restarts};
    answer(header, Error::none, counters.words());
}

/// A new handle.
Error ClientEnd::open_new(Word header, Request request, Words words) {
    Socket* const made = open_socket();
    if (made == nullptr)
        return Error::no_memory;
    Error error = Error::none;
    if (request == Request::listen)
        error = made->listen(static_cast<uint16_t>(words[0]), static_cast<unsigned>(words[1]));
    else if (request == Request::connect)
        error = made->connect(net::Endpoint::of(words[0]), header);
    else
        error = made->open_udp(static_cast<uint16_t>(words[0]));
    if (error != Error::none) {
        release(*made);
        return error;
    }
    if (request != Request::connect) {
        const Word answers[] = {made->handle_, made->port()};
        answer(header, Error::none, answers);
    }
    return Error::none;
}

bool ClientEnd::answer(Word header, Error error, Words words) {
    if (!open())
        return true;
    join_burst();
    if (!make_room(abi::lines_of(static_cast<unsigned>(words.size())) * abi::line_bytes)) {
        starved_ = true;
        return false;
    }
    put_answer(header, abi::ItemInfo::make(static_cast<Word>(error), words.size()), words);
    return true;
}

unsigned ClientEnd::room_for_data(unsigned wanted) {
    if (!open())
        return 0;
    join_burst();
    const unsigned bytes = std::min(wanted, net::most_data);
    const Word lines = abi::lines_of(net::words_with(bytes));
    if (make_room(lines * abi::line_bytes))
        return bytes;
    const Word room = out_.room() / abi::line_bytes;
    starved_ = starved_ || room < 2;
    return room < 2 ? 0 : static_cast<unsigned>((room - 1) * abi::line_bytes);
}

/// @pre there is room
bool ClientEnd::answer_data(Word header, const pbuf* data, unsigned bytes, Word from) {
    const unsigned length = net::words_with(bytes);
    abi::Item& item = out_.line_at(0);
    item.id.store_relaxed(static_cast<uint32_t>(header));
    item.info.store_relaxed(abi::ItemInfo::make(0, length).word);
    item.words[0].store_relaxed(0);
    item.words[1].store_relaxed(bytes);
    item.words[2].store_relaxed(from);
    for (unsigned done = 0, line = 1; done < bytes;) {
        const Word in_a_row = out_.lines_in_a_row(line) * abi::line_bytes;
        const unsigned part = static_cast<unsigned>(std::min<Word>(bytes - done, in_a_row));
        pbuf_copy_partial(data, &out_.line_at(line), static_cast<u16_t>(part),
                          static_cast<u16_t>(done));
        done += part;
        line += part / static_cast<unsigned>(abi::line_bytes);
    }
    out_.advance_by(abi::lines_of(length) * abi::line_bytes);
    return true;
}

} // namespace netsrv
