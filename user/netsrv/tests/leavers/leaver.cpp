// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client of the net server that leaves without a word. By its name it opens some sockets and
/// lets threads wait at them, and then exits or faults; or opens all that it gets; or says what the
/// net server has. Read next: root.cpp.
/// @stage{none}
#include "user/lib/console.hpp"
#include "user/lib/needs.hpp"
#include "user/lib/own_array.hpp"
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"
#include "user/lib/thread.hpp"
#include "user/net/net.hpp"

namespace {

using abi::Word;
using net::Request;

[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{{.memory = 1024 * 1024, .slots = 4096}};

constexpr uint16_t tcp_port = 1000;
constexpr uint16_t udp_port = 2000;
constexpr Word here = net::Endpoint{0x7f000001, tcp_port}.word();
constexpr unsigned sent = 300; ///< bytes
/// Threads and handles that nobody but us wants, at least.
constexpr unsigned many_threads = 512;
constexpr unsigned many_handles = 400;

[[noreturn]] void fail(std::string_view what) {
    println("leaver: ", what, ": FAILED");
    user::exit(2);
}

net::Line& opened(net::Line& line) {
    if (!line.open(user::granted(net::service)))
        fail("a line");
    return line;
}

/// The handle, of what is to be had.
Word handle(net::Line& line, Request request, Word first, Word second) {
    const net::Answer answer = line.call(request, first, second, 0);
    if (!answer)
        fail(net::text(answer.error));
    return answer.handle;
}

/// A thread with a request that is never answered, as far as it depends on others.
struct Waiter {
    net::Line line;
    user::Thread thread;
    Request request = Request::accept;
    Word handle = 0;

    void start(Request what, Word of) {
        opened(line);
        request = what;
        handle = of;
        if (!thread.create(user::allocator, user::vspace, user::start_block().priority))
            fail("a thread");
        thread.start(
            [](Word self) {
                Waiter& waiter = *reinterpret_cast<Waiter*>(self);
                waiter.line.call(waiter.request, waiter.handle, 0, 0);
            },
            reinterpret_cast<Word>(this));
    }
};

/// All that a client can have at the moment that it ends: who waits in each way, a connection to
/// itself with data that nobody has taken, one that nobody has accepted.
void leave_much() {
    static net::Line line;
    const std::span<Waiter> waiters = user::own_array<Waiter>(4); // stay as long as it runs
    const Word listener = handle(opened(line), Request::listen, tcp_port, 4);
    waiters[0].start(Request::receive_from, handle(line, Request::open_udp, udp_port, 0));
    const Word one = handle(line, Request::connect, here, 0);
    const Word other = handle(line, Request::accept, listener, 0);
    waiters[1].start(Request::receive, one);
    const net::Answer done = line.call(Request::send, one, sent, 0);
    if (!done || one == other)
        fail("sending");
    static_cast<void>(handle(line, Request::connect, here, 0));
    waiters[2].start(Request::receive, handle(line, Request::connect, here, 0));
    static_cast<void>(handle(line, Request::accept, listener, 0));
    static_cast<void>(handle(line, Request::accept, listener, 0));
    waiters[3].start(Request::accept, listener);
    for (const Waiter& waiter : waiters) {
        while (waiter.line.traps() < 2) // until it waits
            sel4::yield();
    }
}

void take_all() {
    static net::Line line;
    opened(line);
    unsigned lines = 0;
    for (bool more = true; more; lines++)
        more = net::Line().open(user::granted(net::service));
    unsigned handles = 0;
    while (line.call(Request::open_udp, 0, 0, 0))
        handles++;
    if (lines < many_threads || handles < many_handles)
        fail("many threads and handles");
}

void say() {
    net::Line line;
    net::Counters counters = {};
    static_cast<void>(net::Net(opened(line)).count(counters));
    println("auditor: clients ", counters.clients, ", handles ", counters.handles, ", connections ",
            counters.pcbs, ", segments ", counters.segments, ", packets ", counters.pbufs,
            ", heap ", counters.heap_used, ", slots ", counters.free_slots, ", bytes ",
            counters.free_bytes);
}

} // namespace

int main() {
    const std::string_view role = user::start_block().name;
    if (role == "auditor")
        say();
    else if (role == "greedy")
        take_all();
    else
        leave_much();
    if (role == "faults")
        *reinterpret_cast<volatile Word*>(Word{0x1230}) = 0;
    return 0;
}
