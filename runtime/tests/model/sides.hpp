// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two sides with rings of their own between them, as small as a scenario wants: the real rings and
/// the real status words, with one line a message.
/// Read next: sleep.cpp.
/// @stage{4}
#pragma once

#include "runtime/status.hpp"
#include "runtime/tests/explore/explore.hpp"

namespace model {

using abi::Word;

/// What both share. Lines in each ring: a power of two.
template <unsigned requests, unsigned replies = requests>
struct Buffer {
    abi::SideWords client, server;
    abi::Item request[requests];
    abi::Item reply[replies];

    Buffer() {
        explore::name(client.out.tail, "client's tail");
        explore::name(client.out.state, "client's out", {"flowing", "waiting"});
        explore::name(client.in.head, "client's head");
        explore::name(client.in.state, "client's in", {"running", "armed"});
        explore::name(server.out.tail, "server's tail");
        explore::name(server.out.state, "server's out", {"flowing", "waiting"});
        explore::name(server.in.head, "server's head");
        explore::name(server.in.state, "server's in", {"running", "armed"});
    }
    rt::ContiguousLines requests_lines() { return {request, requests * abi::line_bytes}; }
    rt::ContiguousLines replies_lines() { return {reply, replies * abi::line_bytes}; }
};

/// One side, with what interrupts it and the other one.
struct Side {
    rt::Producer<> out;
    rt::Consumer<> in;
    explore::Notification& own;
    explore::Notification& other;
    unsigned& asleep; ///< how often it said that it sleeps, or waits for room

    /// Ends a burst; true if something has come meanwhile, though it is `sleepy`.
    bool end(bool sleepy) {
        asleep += sleepy ? 1 : 0;
        const rt::BurstEnd end = rt::end_burst(out, in, sleepy);
        if (end.notify)
            other.send();
        return end.news;
    }
    /// The next line to be built; waits for room. Publishes what there is before it waits.
    abi::Item& next() {
        while (out.stopped() && out.refill() != rt::Ring::ready) {
            static_cast<void>(end(false));
            asleep++;
            if (rt::may_wait(out))
                own.park();
        }
        return out.next();
    }
    void put(uint32_t id) { next().id.store_relaxed(id); }
    /// Takes all that is there; calls `take` with each id.
    template <class Take>
    void take_all(Take take) {
        while (!in.stopped() || in.refill() == rt::Ring::ready)
            for (const abi::Item& item : in.take(in.run()))
                take(item.id.load_relaxed());
    }
};

template <unsigned requests, unsigned replies = requests>
struct World {
    Buffer<requests, replies> buffer;
    explore::Notification to_client{"client's interrupt"};
    explore::Notification to_server{"server's interrupt"};
    unsigned client_asleep = 0;
    unsigned server_asleep = 0;

    /// Behind the threads: each time that one said it sleeps, it was notified once at most. If it
    /// found by itself what it was notified of, that was for nothing, and may come twice.
    void check_notifications() const {
        explore::check(to_server.sent() <= server_asleep, "the server is notified once a sleep");
        explore::check(to_client.sent() <= client_asleep, "the client is notified once a sleep");
    }

    Side client() {
        return {{buffer.client.out, buffer.server.in, buffer.requests_lines()},
                {buffer.client.in, buffer.server.out, buffer.replies_lines()},
                to_client,
                to_server,
                client_asleep};
    }
    Side server() {
        return {{buffer.server.out, buffer.client.in, buffer.replies_lines()},
                {buffer.server.in, buffer.client.out, buffer.requests_lines()},
                to_server,
                to_client,
                server_asleep};
    }
};

} // namespace model
