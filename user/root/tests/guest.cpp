// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One of a crowd: as small as a client can be. It connects, waits until all have, and does what
/// its number says. It ends with 2 if an answer is not as it should be. The first of each round
/// sees to the start, and to the limit: if the server has all the peers it can have, a further one
/// is refused. Read next: crowd.hpp.
/// @stage{5}
#include "user/lib/async_process.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/lib/random.hpp"
#include "user/root/tests/crowd.hpp"

namespace {

using abi::Word;
using user::broker::Error;

[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{
    {.memory = 16 * 1024, .slots = 32, .peers = 3, .buffers = 2 * 4096}};

constexpr abi::RingLines lines{.requests = 16, .replies = 16};
constexpr unsigned workers = 3;
constexpr Word calls = 12;
constexpr Word page_words = 4096 / sizeof(Word);
constexpr Word nowhere = 0x1230;

alignas(64) constinit std::byte memory[8 * user::frame_bytes] = {};

struct Guest {
    user::AsyncProcess* process;
    unsigned number = 0;
    ipc::Client* server = nullptr;
    Word window = 0;
    unsigned working = 0;
    unsigned answered = 0;
    bool failed = false;
    bool ended = false;
};

Word pause() { return machine::time() + user::start_block().ticks_per_second / 200; }

rt::Task<> call_often(rt::Frames /*frames*/, Guest* guest, Word value) {
    for (Word i = 0; i < calls; i++, value++) {
        const auto reply =
            co_await ipc::call<1>(*guest->server, ipc::Message(Word{crowd::after}, value));
        guest->failed |= !reply || reply.words[0] != value + 1;
        guest->answered++;
    }
    guest->working--;
}

/// Asks until the answer is yes.
rt::Task<> wait_until(rt::Frames /*frames*/, Guest* guest, Word request) {
    for (;;) {
        const auto reply = co_await ipc::call<1>(*guest->server, ipc::Message(request, 0));
        guest->failed |= !reply;
        if (!reply || reply.words[0] == 1)
            break;
        co_await rt::sleep_until(pause());
    }
}

/// Lets all go when they have come. In the first round the server has no peer left then.
rt::Task<> open_the_door(rt::Frames frames, Guest* guest) {
    const auto came = co_await wait_until(frames, guest, crowd::here);
    user::Broker& broker = guest->process->broker();
    const auto another = co_await broker.connect(crowd::service, {.lines = lines});
    const bool full = guest->number == 0;
    guest->failed |= !came || another.error != (full ? Error::too_many_peers : Error::none);
    if (another) {
        const auto asked =
            co_await ipc::call<1>(*another.client, ipc::Message(Word{crowd::here}, 0));
        guest->failed |= !asked;
        const auto disconnected = co_await broker.disconnect(frames, another.client);
        guest->failed |= !disconnected;
    }
    const auto reply = co_await ipc::call<1>(*guest->server, ipc::Message(Word{crowd::go}, 0));
    guest->failed |= !reply;
}

rt::Task<> visit(rt::Frames frames, Guest* guest) {
    const auto server = co_await guest->process->broker().connect(crowd::service, {.lines = lines});
    guest->failed = !server;
    if (server) {
        guest->server = server.client;
        guest->window = server.peer.address;
        if (guest->number == 0 || guest->number == crowd::first_of_second) {
            const auto opened = co_await open_the_door(frames, guest);
            guest->failed |= !opened;
        }
        const auto open = co_await wait_until(frames, guest, crowd::gone);
        guest->failed |= !open;
        for (unsigned i = 0; i < workers; i++) {
            guest->working++;
            guest->process->spawn(call_often(frames, guest, guest->number * 1000 + i));
        }
    }
    guest->ended = true;
}

/// Anything, and something near to what is right.
void scribble(user::Random& random, Word window) {
    auto* const words = reinterpret_cast<volatile Word*>(window);
    const Word limit = random.one_in(2) ? abi::ring_offset / sizeof(Word) : page_words;
    words[random.below(limit)] = random.one_in(2) ? random.next() : random.below(16) * 64;
}

int scribble(const Guest& guest) {
    user::Random random(guest.number);
    for (unsigned i = 0; i < 200; i++) {
        scribble(random, random.one_in(2) ? user::start_block().peers : guest.window);
        if (random.one_in(16))
            sel4::signal(user::start_block().peer_slots + random.below(2));
        if (random.one_in(64))
            sel4::yield();
    }
    return 0;
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    Guest guest{.process = &process, .number = crowd::number_of(user::start_block().name)};
    process.spawn(visit(process.pool(), &guest));
    process.run([&] { return guest.ended; });
    const crowd::Way way = crowd::way_of(guest.number);
    if (guest.failed)
        return 2;
    if (way == crowd::Way::scribbles)
        return scribble(guest);
    process.run(
        [&] { return guest.working == 0 || (way != crowd::Way::calls && guest.answered > 5); });
    if (way == crowd::Way::faults)
        return static_cast<int>(*reinterpret_cast<volatile Word*>(nowhere));
    return guest.failed || (way == crowd::Way::calls && guest.answered != workers * calls) ? 2 : 0;
}
