// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The first client of the net server and the last: notes what there is in use, waits until all
/// guests have come and gone, and for connections that end in their own time. Then there must be in
/// use what was at first, or it ends with 1.
/// Read next: crowd.hpp.
/// @stage{none}
#include "user/lib/async_process.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/netsrv/tests/crowd/crowd.hpp"

namespace {

using abi::Word;

/// What was sent to somebody who is gone is sent again for some time.
constexpr Word patience_seconds = 150;

alignas(64) constinit std::byte memory[16 * user::frame_bytes] = {};

struct Audit {
    user::AsyncProcess* process;
    unsigned rounds = 0;
    bool right = false;
    bool ended = false;
};

void print(std::string_view when, const net::Counters& c) {
    println("auditor: ", when, ": ", c.clients, " clients, ", c.handles, " handles, ", c.heap_used,
            " bytes, ", c.pcbs, " connections, ", c.segments, " segments, ", c.buffers,
            " buffers; ", c.dropped, " frames dropped");
}

/// Is as much in use?
bool same(const net::Counters& a, const net::Counters& b) {
    return a.clients == b.clients && a.handles == b.handles && a.heap_used == b.heap_used &&
           a.pcbs == b.pcbs && a.segments == b.segments && a.pbufs == b.pbufs &&
           a.buffers == b.buffers && a.free_bytes == b.free_bytes && a.free_slots == b.free_slots;
}

rt::Task<> look(rt::Frames /*frames*/, Audit* audit) {
    const auto connected = co_await audit->process->broker().connect(
        net::service, {.lines = {.requests = 16, .replies = 16}});
    if (connected) {
        const net::Net net(*connected.client);
        net::Counters first = {};
        const auto counted = co_await net.count(first);
        print("at first", first);
        const Word second = user::start_block().ticks_per_second;
        net::Counters now = first;
        bool all_came = false;
        for (Word end = ~Word{0}; counted && machine::time() < end;) {
            co_await rt::sleep_until(machine::time() + second / 50);
            const auto counted_again = co_await net.count(now);
            if (!counted_again)
                break;
            all_came = all_came || now.clients == crowd::clients;
            if (all_came && now.clients == 1) {
                all_came = false;
                audit->rounds++;
                print("all have gone", now);
            }
            if (audit->rounds == crowd::rounds_of_guests) {
                end = std::min(end, machine::time() + patience_seconds * second);
                if (same(first, now))
                    break;
            }
        }
        print("at last", now);
        audit->right =
            audit->rounds == crowd::rounds_of_guests && first.clients == 1 && same(first, now);
    }
    audit->ended = true;
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    Audit audit{.process = &process};
    process.spawn(look(process.pool(), &audit));
    process.run([&] { return audit.ended; });
    println("auditor: ", audit.rounds, " times ", crowd::clients, " clients at once, ",
            audit.right ? "nothing" : "something", " is missing");
    return audit.right ? 0 : 1;
}
