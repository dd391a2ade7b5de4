// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See broker.hpp.
/// @stage{5}
#include "user/root/broker.hpp"

#include <algorithm>

namespace root {

using user::badge_of_peer;
using user::page_size;
using user::broker::Request;

namespace {

constexpr Word pages_of(abi::RingLines lines) {
    return user::round_up(abi::buffer_bytes(lines), page_size) / page_size;
}
static_assert(pages_of(user::broker_lines) == 1);

/// By which a program signals that it has made a request; so do others, whose rings are then looked
/// at too. Another badge says that it has ended.
constexpr Word badge_of_ring(unsigned index) { return Word{1} << (32 + index % 32); }

Name name_in(std::span<const Word> words) {
    Name name;
    std::copy_n(words.begin(), Name::length, name.words);
    return name;
}

} // namespace

bool Broker::add(unsigned index) {
    Client& client = clients_[index];
    user::Process& process = programs_.program(index).process;
    user::PeerSpace& peers = process.peers();
    if (client.window == 0)
        client.window = user::vspace.reserve(page_size);
    const abi::CPtr signal = process.memory().slot();
    const bool made =
        signal != 0 && client.window != 0 && peers.make_buffer(0, 1) == Error::none &&
        peers.map_here(0, client.window) &&
        sel4::cap_mint(peers.notification(), signal, abi::Rights::write, badge_of_peer(0)) &&
        peers.give_signal(0, programs_.watch().notification(), badge_of_ring(index));
    if (!made)
        return false;
    rt::SharedBuffer ring(reinterpret_cast<void*>(client.window), user::broker_lines);
    ring.initialise();
    client.links = {static_cast<Link*>(process.remembered()), peers.peers()};
    std::ranges::fill(client.links, Link{});
    client.links[0].state = Link::State::told; // nobody can close it, or be told
    client.peer.emplace(self_, signal);
    client.end.emplace(self_.executor(), ring.server(), client.peer->callback(), *this, index);
    self_.expect(*client.end, badge_of_ring(index));
    return true;
}

void Broker::remove(unsigned index) {
    Client& client = clients_[index];
    if (client.end)
        self_.forget(*client.end);
    client.end.reset();
    client.peer.reset();
    client.offers = false;
    client.accept = 0;
    client.deaths = 0;
    for (Link& link : std::exchange(client.links, {})) {
        const Link gone = link;
        link = {};
        if (gone.state == Link::State::open || gone.state == Link::State::unseen)
            lose(gone.program, gone.link);
    }
}

void Broker::serve(unsigned index, Word header, Words words) {
    served_++;
    Error error = Error::unknown_request;
    const auto has = [&](size_t count) { return words.size() >= count; };
    switch (static_cast<Request>(rt::info_of(header).label())) {
    case Request::offer:
        error = has(Name::length) ? offer(index, header, words) : error;
        break;
    case Request::accept:
        error = accept(index, header);
        break;
    case Request::connect:
        error = has(Name::length + 3) ? connect(index, header, words) : error;
        break;
    case Request::deaths:
        error = deaths(index, header);
        break;
    case Request::close:
        error = has(1) ? close(index, header, words[0]) : error;
        break;
    }
    if (error != Error::none)
        answer(index, header, error);
}

Error Broker::offer(unsigned index, Word header, Words words) {
    Client& client = clients_[index];
    const Name name = name_in(words);
    if (!name.valid())
        return Error::bad_name;
    if (client.offers || server_of(name) != most_programs)
        return Error::name_taken;
    client.offers = true;
    client.name = name;
    answer(index, header, Error::none);
    connect_those_who_wait(index);
    return Error::none;
}

Error Broker::accept(unsigned index, Word header) {
    Client& client = clients_[index];
    if (!client.offers)
        return Error::unknown_name;
    if (client.accept != 0)
        return Error::already_waiting;
    client.accept = header;
    tell_accepted(index);
    return Error::none;
}

Error Broker::connect(unsigned index, Word header, Words words) {
    const Name name = name_in(words);
    const abi::RingLines lines{words[Name::length], words[Name::length + 1]};
    const Word flags = words[Name::length + 2];
    if (!name.valid())
        return Error::bad_name;
    if (!lines.valid() || pages_of(lines) > user::buffer_pages)
        return Error::bad_lines;
    const unsigned link = free_link(index);
    const unsigned server = server_of(name);
    if (link == clients_[index].links.size())
        return Error::too_many_peers;
    if (server == most_programs && (flags & user::broker::wait_for_offer) == 0)
        return Error::unknown_name;
    clients_[index].links[link] = {.state = Link::State::asked,
                                   .shares_space = (flags & user::broker::share_space) != 0,
                                   .lines = lines,
                                   .name = name,
                                   .connect = header};
    if (server != most_programs)
        join(index, link, server);
    return Error::none;
}

Error Broker::deaths(unsigned index, Word header) {
    if (clients_[index].deaths != 0)
        return Error::already_waiting;
    clients_[index].deaths = header;
    tell_dead(index);
    return Error::none;
}

Error Broker::close(unsigned index, Word header, Word number) {
    if (number == 0 || number >= clients_[index].links.size())
        return Error::bad_peer;
    const Link link = clients_[index].links[number];
    if (link.state != Link::State::open && link.state != Link::State::gone &&
        link.state != Link::State::told)
        return Error::bad_peer;
    drop(index, static_cast<unsigned>(number));
    if (link.state == Link::State::open)
        lose(link.program, link.link);
    answer(index, header, Error::none);
    return Error::none;
}

unsigned Broker::free_link(unsigned index) const {
    unsigned link = 1;
    const std::span<const Link> links = clients_[index].links;
    while (link < links.size() && links[link].state != Link::State::free)
        link++;
    return link;
}

unsigned Broker::server_of(const Name& name) const {
    unsigned index = 0;
    while (index < most_programs && !(clients_[index].offers && clients_[index].name == name))
        index++;
    return index;
}

} // namespace root
