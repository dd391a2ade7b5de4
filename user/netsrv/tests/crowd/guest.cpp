// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A guest that talks, and what all guests have in common: each listens, waits until all are here,
/// and does what its number says.
/// Read next: guest.hpp, hostile.cpp.
/// @stage{none}
#include "user/netsrv/tests/crowd/guest.hpp"

#include "user/lib/console.hpp"
#include "user/lib/program.hpp"

namespace crowd {

namespace {

[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{
    {.memory = 32 * 1024, .slots = 32, .peers = 3, .buffers = 4 * 4096}};

constexpr abi::RingLines lines{.requests = 64, .replies = 64};
constexpr Word nowhere = 0x1230;

alignas(64) constinit std::byte memory[96 * user::frame_bytes] = {};
alignas(64) constinit std::byte guest_place[sizeof(Guest)] = {};
constinit net::Packet packets[6] = {};
enum PacketOf : uint8_t { talking, in_datagrams, serving }; ///< the last ones are of connections
constexpr unsigned most_served = 4;
static_assert(serving + most_served == std::size(packets));

void put_pattern(net::Packet& packet, Word seed, Word position, Word bytes) {
    for (Word i = 0; i < bytes; i++)
        packet.data()[i] = pattern(seed, position + i);
}

bool has_pattern(net::Packet& packet, Word seed, Word position, Word bytes) {
    for (Word i = 0; i < bytes; i++)
        if (packet.data()[i] != pattern(seed, position + i))
            return false;
    return true;
}

/// Sends back what comes, to the end.
rt::Task<> echo(rt::Frames /*frames*/, Guest* guest, Word handle, net::Packet* packet) {
    auto got = co_await guest->net.receive(handle, *packet);
    while (got && got.bytes != 0) {
        const auto next = co_await guest->net.exchange(handle, *packet, got.bytes);
        got = next;
    }
    const auto closed = co_await guest->net.close(handle);
    guest->expect(got && closed, "a connection is served to its end");
    guest->served++;
    guest->working--;
}

rt::Task<> serve(rt::Frames frames, Guest* guest) {
    for (unsigned i = 0; i < most_served; i++) {
        const auto made = co_await guest->net.accept(guest->listener);
        if (!made)
            break;
        guest->spawn(echo(frames, guest, made.handle, &packets[serving + i]));
    }
}

rt::Task<> serve_datagrams(rt::Frames /*frames*/, Guest* guest) {
    net::Packet& packet = packets[in_datagrams];
    for (;;) {
        const auto got = co_await guest->net.receive_from(guest->datagrams, packet);
        if (!got)
            break;
        const auto sent =
            co_await guest->net.send_to(guest->datagrams, got.from, packet, got.bytes);
        guest->expect(bool(sent), "a datagram is sent back");
    }
}

/// By which the guest talks to another one.
uint32_t address_of(const Guest& guest) {
    return guest.number % 2 == 0 ? loopback : static_cast<uint32_t>(guest.addresses.machine);
}

/// A request, and all of its answer.
rt::Task<bool> ask(rt::Frames /*frames*/, Guest* guest, Word handle, unsigned round) {
    net::Packet& packet = packets[talking];
    const Word seed = guest->number * rounds + round;
    const Word bytes = bytes_of(guest->number, round);
    put_pattern(packet, seed, 0, bytes);
    const Word asked = machine::time();
    auto got = co_await guest->net.exchange(handle, packet, bytes);
    Word done = 0;
    while (got && got.bytes != 0 && has_pattern(packet, seed, done, got.bytes)) {
        done += got.bytes;
        if (done == bytes)
            break;
        const auto more = co_await guest->net.receive(handle, packet);
        got = more;
    }
    guest->worst = std::max(guest->worst, machine::time() - asked);
    co_return done == bytes;
}

rt::Task<> talk_over_tcp(rt::Frames frames, Guest* guest) {
    const net::Endpoint other{address_of(*guest), tcp_port(next_to(guest->number))};
    const auto made = co_await guest->net.connect(other);
    guest->expect(bool(made), net::text(made.error));
    if (!made)
        co_return;
    bool right = true;
    for (unsigned round = 0; right && round < rounds; round++) {
        const auto answered = co_await ask(frames, guest, made.handle, round);
        right = answered && *answered;
    }
    guest->expect(right, "every byte comes back");
    const auto finished = co_await guest->net.finish(made.handle);
    const auto end = co_await guest->net.receive(made.handle, packets[talking]);
    guest->expect(finished && end && end.bytes == 0, "the other end ends it too");
    const auto closed = co_await guest->net.close(made.handle);
    guest->expect(bool(closed), "it is closed");
}

/// A datagram there, and another one back.
rt::Task<> ask_by_datagram(rt::Frames /*frames*/, Guest* guest, Word handle, net::Endpoint to,
                           Word seed, Word seed_back) {
    net::Packet& packet = packets[talking];
    const Word bytes = bytes_of(guest->number, 0);
    put_pattern(packet, seed, 0, bytes);
    const auto sent = co_await guest->net.send_to(handle, to, packet, bytes);
    const auto got = co_await guest->net.receive_from(handle, packet);
    guest->expect(sent && got && got.bytes == bytes && got.from.port == to.port &&
                      has_pattern(packet, seed_back, 0, bytes),
                  "a datagram comes back");
}

rt::Task<> talk_over_udp(rt::Frames frames, Guest* guest) {
    const auto made = co_await guest->net.open_udp(0);
    guest->expect(bool(made), net::text(made.error));
    if (!made)
        co_return;
    const net::Endpoint other{address_of(*guest), udp_port(next_to(guest->number))};
    for (Word round = 0; round < 4; round++) {
        const auto asked =
            co_await ask_by_datagram(frames, guest, made.handle, other, round, round);
        guest->expect(bool(asked), "a frame");
    }
    if (is_visited(guest->number)) {
        const Word seed = guest->number;
        const auto told =
            co_await ask_by_datagram(frames, guest, made.handle, outside, seed, seed + guests);
        guest->expect(bool(told), "a frame");
    }
    const auto closed = co_await guest->net.close(made.handle);
    guest->expect(bool(closed), "it is closed");
}

/// Until all clients are there, or fewer than before: then all were.
rt::Task<> wait_for_all(rt::Frames /*frames*/, Guest* guest) {
    net::Counters counters = {};
    for (Word most = 0; counters.clients != clients && counters.clients >= most;) {
        most = counters.clients;
        co_await rt::sleep_until(soon(20));
        const auto counted = co_await guest->net.count(counters);
        guest->expect(bool(counted), "it is counted");
        if (!counted)
            break;
    }
    guest->all_here = true;
}

rt::Task<> begin(rt::Frames frames, Guest* guest) {
    const auto looked = co_await guest->net.look(guest->addresses);
    const auto listening = co_await guest->net.listen(tcp_port(guest->number), 8);
    const auto opened = co_await guest->net.open_udp(udp_port(guest->number));
    guest->expect(looked && listening && opened, "it listens");
    guest->listener = listening.handle;
    guest->datagrams = opened.handle;
    const auto came = co_await wait_for_all(frames, guest);
    guest->expect(bool(came), "a frame");
}

/// Connects, as `guest`.
rt::Task<> come(rt::Frames frames, user::AsyncProcess* process, Guest** guest, bool* ended) {
    const auto connected = co_await process->broker().connect(net::service, {.lines = lines});
    if (connected) {
        *guest = new (guest_place) Guest{.process = process,
                                         .number = number_of(user::start_block().name),
                                         .client = *connected.client,
                                         .net = net::Net(*connected.client),
                                         .window = connected.peer.address};
        const auto begun = co_await begin(frames, *guest);
        (*guest)->expect(bool(begun), "a frame");
    }
    *ended = true;
}

} // namespace

void Guest::expect(bool holds, const char* what) {
    if (!holds)
        println(user::start_block().name, ": ", what, ": FAILED");
    failed |= !holds;
}

void Guest::spawn(rt::Task<> task) {
    working++;
    expect(process->spawn(std::move(task)), "a frame");
}

rt::Task<> talk(rt::Frames frames, Guest* guest) {
    co_await rt::sleep_until(soon(10)); // all have begun to listen
    guest->process->spawn(serve(frames, guest));
    guest->process->spawn(serve_datagrams(frames, guest));
    const auto first = co_await talk_over_tcp(frames, guest);
    while (guest->served == 0) {
        co_await rt::sleep_until(soon(1));
    }
    const auto second = co_await talk_over_udp(frames, guest);
    while (is_visited(guest->number) && guest->served == 1) {
        co_await rt::sleep_until(soon(1));
    }
    guest->expect(first && second, "a frame");
    guest->expect(guest->worst < user::start_block().ticks_per_second, "it is answered soon");
    guest->working--;
}

namespace {

/// Does what the guest's number says; answers the exit code.
int go(user::AsyncProcess& process, Guest& guest) {
    const Way way = way_of(guest.number);
    const Word end = soon(stay_milliseconds);
    bool stayed = false;
    constexpr auto wait = [](rt::Frames /*frames*/, Word until, bool* done) -> rt::Task<> {
        co_await rt::sleep_until(until);
        *done = true;
    };
    process.spawn(wait(process.pool(), end, &stayed));
    if (way == Way::talks)
        guest.spawn(talk(process.pool(), &guest));
    else if (way == Way::babbles)
        guest.spawn(babble(process.pool(), &guest));
    else if (way == Way::takes)
        guest.spawn(take_all(process.pool(), &guest));
    else
        guest.spawn(be_busy(process.pool(), &guest));
    process.run([&] { return stayed && (way != Way::talks || guest.working == 0); });
    if (way == Way::scribbles)
        scribble(guest);
    if (way == Way::faults)
        return static_cast<int>(*reinterpret_cast<volatile Word*>(nowhere));
    return guest.failed ? 2 : 0;
}

} // namespace

} // namespace crowd

int main() {
    user::AsyncProcess process(crowd::memory);
    crowd::Guest* guest = nullptr;
    bool ended = false;
    process.spawn(crowd::come(process.pool(), &process, &guest, &ended));
    process.run([&] { return ended; });
    return guest == nullptr || !guest->all_here ? 3 : crowd::go(process, *guest);
}
