// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See handles.hpp.
/// @stage{7}
#include "user/netsrv/handles.hpp"

#include "user/lib/program.hpp"
#include "user/netsrv/owner.hpp"

#include <lwip/priv/tcp_priv.h>
#include <lwip/stats.h>

namespace netsrv {

using net::Request;

namespace {

/// Of one of lwIP's pools.
Word in_use(memp_t pool) { return lwip_stats.memp[pool]->used; }

/// Those in TIME_WAIT end by themselves, after two minutes.
Word living_pcbs() {
    Word count = in_use(MEMP_TCP_PCB);
    for (const tcp_pcb* pcb = tcp_tw_pcbs; pcb != nullptr; pcb = pcb->next)
        count--;
    return count;
}

} // namespace

void Handles::close_all() {
    for (Socket*& socket : sockets_) {
        if (socket != nullptr && socket->kind() == Socket::Kind::listener)
            release(*socket); // first: its connections that were not accepted are others
    }
    for (Socket*& socket : sockets_) {
        if (socket != nullptr)
            release(*socket);
    }
    shared_.clients--;
    shared_.promised -= sure;
}

Owner& Handles::owner() { return static_cast<Owner&>(*this); }

/// Beyond those that are its own for sure, a client may have as many as then are left for others:
/// so with few clients each has many, and whoever comes next finds some, whatever they do.
bool Handles::may_open() const {
    return open_ < sure || (open_ < most && shared_.promised + open_ < shared_.sockets.free());
}

/// Is there little room, or none, for connections that come?
/// @param ended sockets that the client will close, since they have ended
bool Handles::is_tight(unsigned ended) const {
    return open_ - ended + spare > most || (ended == 0 && !may_open());
}

Socket* Handles::open_socket() {
    if (!may_open())
        return nullptr;
    Socket* const made = shared_.sockets.take();
    if (made == nullptr)
        return nullptr;
    while (sockets_[next_] != nullptr)
        next_ = (next_ + 1) % most;
    sockets_[next_] = made;
    made->handle_ = static_cast<uint16_t>(next_);
    made->owner_ = &owner();
    if (open_++ < sure)
        shared_.promised--;
    return made;
}

void Handles::release(Socket& socket) {
    sockets_[socket.handle_] = nullptr;
    if (--open_ < sure)
        shared_.promised++;
    socket.close();
    shared_.sockets.give_back(socket);
}

void Handles::keep_room() {
    Socket* const socket = is_tight() ? least_missed() : nullptr;
    if (socket != nullptr)
        socket->give_way();
}

/// The connection that gives way: the oldest one whose other end has said nothing yet, if there are
/// some more, for all begin so; else the one of which nothing was heard for longest. So a flood of
/// connections keeps nobody out who says something within the time that it needs for `silent` of
/// them. Null if there is none, or if it is enough that the client closes those that have ended.
Socket* Handles::least_missed() {
    unsigned ended = 0;
    unsigned silents = 0;
    Socket* oldest_silent = nullptr;
    Socket* idlest = nullptr;
    for (unsigned i = 1; i <= most; i++) { // the oldest first: handles are given in turns
        Socket* const socket = sockets_[(next_ + i) % most];
        if (socket == nullptr)
            continue;
        ended += socket->lives() ? 0 : 1;
        if (socket->is_silent() && silents++ == 0)
            oldest_silent = socket;
        if (socket->idle() > (idlest == nullptr ? 0 : idlest->idle()))
            idlest = socket;
    }
    if (!is_tight(ended))
        return nullptr;
    return silents > silent ? oldest_silent : idlest;
}

Socket* Handles::socket(Word handle) {
    Socket* const found = handle < most ? sockets_[handle] : nullptr;
    return found == nullptr || found->listener_ != nullptr ? nullptr : found;
}

void Handles::progress() {
    for (Socket* socket : sockets_) {
        if (socket != nullptr)
            socket->progress();
    }
}

void Handles::serve(Word id, Request request, Words words, const Data& data) {
    shared_.requests++;
    const Error error = begin(id, request, words, data);
    if (error != Error::none)
        owner().answer(id, error);
}

Error Handles::begin(Word id, Request request, Words words, const Data& data) {
    switch (request) {
    case Request::listen:
    case Request::connect:
    case Request::open_udp:
        return words.size() >= 2 ? open_new(id, request, words) : Error::unknown_request;
    case Request::look:
        answer_addresses(id);
        return Error::none;
    case Request::count:
        answer_counters(id);
        return Error::none;
    default:
        break;
    }
    if (words.empty())
        return Error::unknown_request;
    Socket* const found = socket(words[0]);
    return found == nullptr ? Error::bad_handle : begin(id, request, *found, words, data);
}

/// What is asked of a handle.
Error Handles::begin(Word id, Request request, Socket& socket, Words words, const Data& data) {
    switch (request) {
    case Request::accept:
        return socket.accept(id);
    case Request::receive:
    case Request::receive_from:
        return socket.receive(id);
    case Request::send:
    case Request::exchange:
        return socket.send(id, data.first, data.second, request == Request::exchange);
    case Request::send_to: {
        const Error error =
            words.size() < 3 ? Error::unknown_request
                             : socket.send_to(net::Endpoint::of(words[2]), data.first, data.second);
        owner().answer(id, error);
        return Error::none;
    }
    case Request::finish:
    case Request::close: {
        const Error error = request == Request::finish ? socket.finish() : Error::none;
        if (request == Request::close)
            release(socket);
        owner().answer(id, error);
        return Error::none;
    }
    default:
        return Error::unknown_request;
    }
}

void Handles::answer_addresses(Word id) {
    const netif& card = shared_.interface.stack();
    const Word addresses[] = {lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(&card))),
                              lwip_ntohl(ip4_addr_get_u32(netif_ip4_netmask(&card))),
                              lwip_ntohl(ip4_addr_get_u32(netif_ip4_gw(&card)))};
    owner().answer(id, Error::none, addresses);
}

void Handles::answer_counters(Word id) {
    const Interface::Counts& card = shared_.interface.counts();
    const Shared::Work work = shared_.work();
    net::Counters counters{.frames_in = card.received,
                           .frames_out = card.sent,
                           .interrupts = card.interrupts,
                           .requests = shared_.requests,
                           .clients = shared_.clients,
                           .handles = shared_.sockets.used(),
                           .heap_used = lwip_stats.mem.used,
                           .traps = work.traps,
                           .notifications = work.notifications,
                           .dropped = card.dropped_in + card.dropped_out,
                           .restarts = card.restarts,
                           .bursts = shared_.bursts,
                           .pbufs = in_use(MEMP_PBUF) + in_use(MEMP_PBUF_POOL),
                           .segments = in_use(MEMP_TCP_SEG),
                           .pcbs = living_pcbs(),
                           .buffers = shared_.interface.buffers_in_use(),
                           .free_slots = user::allocator.free_slots(),
                           .free_bytes = user::allocator.free_bytes()};
    owner().answer(id, Error::none, counters.words());
}

/// A new handle.
Error Handles::open_new(Word id, Request request, Words words) {
    Socket* const made = open_socket();
    if (made == nullptr)
        return Error::no_memory;
    Error error = Error::none;
    if (request == Request::listen)
        error = made->listen(static_cast<uint16_t>(words[0]), static_cast<unsigned>(words[1]),
                             words.size() > 2 ? static_cast<unsigned>(words[2]) : 0);
    else if (request == Request::connect)
        error = made->connect(net::Endpoint::of(words[0]), id);
    else
        error = made->open_udp(static_cast<uint16_t>(words[0]));
    if (error != Error::none) {
        release(*made);
        return error;
    }
    if (request != Request::connect) {
        const Word answers[] = {made->handle_, made->port()};
        owner().answer(id, Error::none, answers);
    }
    return Error::none;
}

} // namespace netsrv
