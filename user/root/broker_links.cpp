// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Both ends of connections, and who is told of what.
/// @stage{5}
#include "user/root/broker.hpp"

namespace root {

using user::badge_of_peer;

/// Connects a link that was asked for, and answers its request.
void Broker::join(unsigned client, unsigned link, unsigned server) {
    Link& own = clients_[client].links[link];
    const Waiting request = own.connect;
    const unsigned server_link = free_link(server);
    Error error = Error::too_many_peers;
    if (server_link != clients_[server].links.size())
        error = share(client, link, server, server_link);
    if (error != Error::none) {
        drop(client, link);
        return answer(client, request, error);
    }
    own.state = Link::State::open;
    own.program = static_cast<uint8_t>(server);
    own.link = static_cast<uint8_t>(server_link);
    clients_[server].links[server_link] = {.state = Link::State::unseen,
                                           .program = static_cast<uint8_t>(client),
                                           .link = static_cast<uint8_t>(link),
                                           .shares_space = own.shares_space,
                                           .lines = own.lines};
    answer_peer(client, request, link);
    tell_accepted(server);
}

/// The buffer, and all else that two programs need of each other. If some of it cannot be made
/// nothing is left at the server; what the client has is dropped with its link.
Error Broker::share(unsigned client, unsigned link, unsigned server, unsigned server_link) {
    const Link& own = clients_[client].links[link];
    user::PeerSpace& here = space(client);
    user::PeerSpace& there = space(server);
    const Word bytes = user::round_up(abi::buffer_bytes(own.lines), user::page_size);
    Error error = here.make_buffer(link, static_cast<unsigned>(bytes / user::page_size));
    if (error == Error::none)
        error = there.take_buffer(server_link, here, link, own.shares_space);
    if (error == Error::none)
        error = here.take_peer(link, there, badge_of_peer(server_link));
    if (error == Error::none)
        error = there.take_peer(server_link, here, badge_of_peer(link));
    if (error != Error::none)
        there.clear(server_link);
    return error;
}

void Broker::connect_those_who_wait(unsigned server) {
    const Name name = clients_[server].name;
    for (unsigned index = 0; index < most_programs; index++) {
        for (unsigned link = 1; link < clients_[index].links.size(); link++) {
            const Link& asked = clients_[index].links[link];
            if (asked.state == Link::State::asked && asked.name == name)
                join(index, link, server);
        }
    }
}

/// A link of a program that is alive goes, without a word.
void Broker::drop(unsigned index, unsigned link) {
    space(index).clear(link);
    clients_[index].links[link] = {};
}

/// The other end of a link has gone.
void Broker::lose(unsigned index, unsigned link) {
    if (clients_[index].links[link].state == Link::State::unseen)
        return drop(index, link);
    clients_[index].links[link].state = Link::State::gone;
    tell_dead(index);
}

void Broker::tell_accepted(unsigned index) {
    Client& server = clients_[index];
    for (unsigned link = 1; link < server.links.size() && server.accept != 0; link++) {
        if (server.links[link].state != Link::State::unseen)
            continue;
        server.links[link].state = Link::State::open;
        answer_peer(index, std::exchange(server.accept, 0), link);
    }
}

void Broker::tell_dead(unsigned index) {
    Client& client = clients_[index];
    for (unsigned link = 1; link < client.links.size() && client.deaths != 0; link++) {
        if (client.links[link].state != Link::State::gone)
            continue;
        client.links[link].state = Link::State::told;
        const Word number = link;
        answer(index, std::exchange(client.deaths, 0), Error::none, {&number, 1});
    }
}

void Broker::answer_peer(unsigned index, Word header, unsigned link) {
    const Link& own = clients_[index].links[link];
    const bool is_server = own.connect == 0;
    const Word words[user::broker::Peer::words] = {
        link,
        space(index).address(link),
        own.lines.requests,
        own.lines.replies,
        space(index).signal_slot(link),
        badge_of_peer(link),
        is_server && own.shares_space ? space(index).space_slot(link) : 0};
    answer(index, header, Error::none, words);
}

void Broker::answer(unsigned index, Word header, Error error, Words words) {
    std::optional<BrokerEnd>& end = clients_[index].end;
    if (end)
        end->answer(header, static_cast<Word>(error), words);
}

} // namespace root
