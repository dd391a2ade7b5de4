// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two sides with rings of their own between them, as small as a scenario wants: the real rings and
/// the real status words, with one line a message.
/// Read next: sleep.cpp.
/// @stage{4}
#pragma once

#include "runtime/buffer.hpp"
#include "runtime/status.hpp"
#include "runtime/tests/explore/explore.hpp"

#include <string>

namespace model {

using abi::Word;

/// What both share. Lines in each ring: a power of two, fewer than real ones must have.
template <unsigned requests, unsigned replies = requests>
struct Buffer {
    abi::BufferHeader header;
    abi::Item request[requests];
    abi::Item reply[replies];

    Buffer() {
        name(header.client, "client's");
        name(header.server, "server's");
    }
    rt::SharedBuffer shared() { return {&header, {.requests = requests, .replies = replies}}; }

private:
    static void name(const abi::SideWords& side, const std::string& whose) {
        explore::name(side.out.tail, whose + " tail");
        explore::name(side.out.state, whose + " out", {"flowing", "waiting"});
        explore::name(side.in.head, whose + " head");
        explore::name(side.in.state, whose + " in", {"running", "armed"});
    }
};

/// One side, with what interrupts it and the other one.
struct Side {
    rt::Ends ends;
    explore::Notification& own;
    explore::Notification& other;
    unsigned& asleep; ///< how often it said that it sleeps, or waits for room

    /// Ends a burst; true if something has come meanwhile, though it is `sleepy`.
    bool end(bool sleepy) {
        asleep += sleepy ? 1 : 0;
        const rt::BurstEnd end = rt::end_burst(ends.out, ends.in, sleepy);
        if (end.notify)
            other.send();
        return end.news;
    }
    /// The next line to be built; waits for room. Publishes what there is before it waits.
    abi::Item& next() {
        while (ends.out.stopped() && ends.out.refill() != rt::Ring::ready) {
            static_cast<void>(end(false));
            asleep++;
            if (rt::may_wait(ends.out))
                own.park();
        }
        return ends.out.next();
    }
    void put(uint32_t id) { next().id.store_relaxed(id); }
    /// Takes all that is there; calls `take` with each id.
    template <class Take>
    void take_all(Take take) {
        while (!ends.in.stopped() || ends.in.refill() == rt::Ring::ready)
            for (const abi::Item& item : ends.in.take(ends.in.run()))
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

    Side client() { return {buffer.shared().client(), to_client, to_server, client_asleep}; }
    Side server() { return {buffer.shared().server(), to_server, to_client, server_asleep}; }
};

} // namespace model
