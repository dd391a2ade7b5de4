// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See broker.hpp.
/// @stage{5}
#include "user/lib/broker.hpp"

namespace user {

Broker::Broker(rt::Notified& self, Word peers, CPtr signal, std::span<Place> places)
    : self_(self), peer_(self, signal),
      client_(self.executor(),
              rt::SharedBuffer(reinterpret_cast<void*>(peers), broker_lines).client(),
              peer_.callback(), 1),
      places_(places) {
    self.expect(client_, badge_of_peer(0));
}

/// The connection to a peer with which the broker has connected this program.
Connected Broker::opened(const ipc::Reply<>& reply, rt::Priority priority) {
    Connected result{.error = broker::error_of(reply)};
    if (result.error != broker::Error::none)
        return result;
    result.peer = broker::peer_of(reply);
    const Word number = result.peer.number;
    auto& connection = places_[number].connection;
    connection.emplace(self_, result.peer, priority);
    self_.expect(connection->client, result.peer.badge);
    watch(number, {[](void* client, unsigned) { static_cast<ipc::Client*>(client)->close(); },
                   &connection->client});
    result.client = &connection->client;
    return result;
}

rt::Task<> Broker::disconnect(rt::Frames /*frames*/, ipc::Client* client) {
    for (Place& place : places_) {
        std::optional<Connection>& connection = place.connection;
        if (!connection || &connection->client != client)
            continue;
        const Word number = connection->number;
        watch(number, {});
        client->close();
        co_await rt::yield(); // the burst ends, and with it the last use of the buffer
        self_.forget(*client);
        const auto closed = co_await close(number);
        static_cast<void>(closed);
        connection.reset();
        break;
    }
}

rt::Task<> Broker::watch_deaths(rt::Frames /*frames*/) {
    for (;;) {
        const auto reply = co_await deaths();
        if (broker::error_of(reply) != broker::Error::none)
            break;
        const Word number = reply.words[0];
        const Watcher watcher = number < places_.size() ? places_[number].watcher : Watcher{};
        if (watcher.gone != nullptr)
            watcher.gone(watcher.context, static_cast<unsigned>(number));
    }
}

} // namespace user
