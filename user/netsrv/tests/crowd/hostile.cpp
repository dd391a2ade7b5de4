// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Guests whom nobody would invite: those that have much in progress when they die, that write
/// garbage into the ring, that ask for what makes no sense, and that take all they can get.
/// Read next: guest.hpp.
/// @stage{none}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/lib/random.hpp"
#include "user/netsrv/tests/crowd/guest.hpp"

namespace crowd {

namespace {

constexpr unsigned ports_to_take = 20'000;
constexpr Word ports_of_nobody = 34'000;
constexpr unsigned most_pairs = 24; ///< of connections whose queues are filled

/// What is in them does not matter, to nobody.
constinit net::Packet packet = {};
constinit net::Packet request = {};
constinit Word handles[1024] = {};

rt::Task<> send_for_ever(rt::Frames /*frames*/, Guest* guest, Word handle) {
    for (bool open = true; open;) {
        const auto sent = co_await guest->net.send(handle, packet, net::most_data);
        open = bool(sent);
    }
}

rt::Task<> receive_once(rt::Frames /*frames*/, Guest* guest, Word handle) {
    const auto got = co_await guest->net.receive(handle, packet);
    static_cast<void>(got);
}

rt::Task<> accept_for_ever(rt::Frames /*frames*/, Guest* guest) {
    for (bool open = true; open;) {
        const auto made = co_await guest->net.accept(guest->listener);
        open = bool(made);
    }
}

rt::Task<> receive_datagram(rt::Frames /*frames*/, Guest* guest) {
    const auto got = co_await guest->net.receive_from(guest->datagrams, packet);
    static_cast<void>(got);
}

/// A request that means nothing, or something by chance. Ports are such as nobody has.
rt::Task<> babble_once(rt::Frames /*frames*/, Guest* guest, user::Random* random) {
    const Word label = random->one_in(8) ? random->next() : random->below(16);
    const Word address = random->one_in(2) ? loopback : guest->addresses.machine;
    const Word endpoint = address << 16 | (ports_of_nobody + random->below(1000));
    for (Word& word : request.words)
        word = random->one_in(4) ? random->next() : random->below(8);
    if (label == static_cast<Word>(net::Request::connect))
        request.words[0] = endpoint;
    request.words[2] = endpoint;
    const std::span<const Word> words(request.words, random->below(abi::message_words + 1));
    const auto reply =
        co_await ipc::call(guest->client, ipc::LongMessage(label, words, packet.words));
    static_cast<void>(reply);
}

} // namespace

rt::Task<> be_busy(rt::Frames frames, Guest* guest) {
    user::AsyncProcess& process = *guest->process;
    process.spawn(accept_for_ever(frames, guest));
    process.spawn(receive_datagram(frames, guest));
    for (unsigned i = 0; i < 2; i++) {
        const auto made = co_await guest->net.connect({loopback, tcp_port(guest->number)});
        if (!made)
            break;
        process.spawn(receive_once(frames, guest, made.handle));
        process.spawn(send_for_ever(frames, guest, made.handle));
    }
}

rt::Task<> babble(rt::Frames frames, Guest* guest) {
    user::Random random(guest->number);
    for (unsigned i = 0; i < 400; i++) {
        if (!guest->process->spawn(babble_once(frames, guest, &random)))
            break;
        if (random.one_in(4)) {
            co_await rt::yield();
        }
    }
    co_await rt::sleep_until(soon(stay_milliseconds)); // coroutines use what is here
}

rt::Task<> take_all(rt::Frames frames, Guest* guest) {
    const unsigned first_port = ports_to_take + guest->number * 64;
    net::Error error = net::Error::none;
    unsigned taken = 0;
    while (error == net::Error::none && taken < std::size(handles)) {
        const auto made = co_await guest->net.listen(static_cast<uint16_t>(first_port + taken), 1);
        error = made.error;
        if (made)
            handles[taken++] = made.handle;
    }
    guest->expect(error == net::Error::no_memory, "handles end");
    while (taken != 0) {
        const auto closed = co_await guest->net.close(handles[--taken]);
        guest->expect(bool(closed), "what was taken can be given back");
    }
    user::AsyncProcess& process = *guest->process;
    process.spawn(accept_for_ever(frames, guest));
    for (unsigned i = 0; i < most_pairs; i++) {
        const auto pair = co_await guest->net.connect({loopback, tcp_port(guest->number)});
        if (!pair)
            break;
        process.spawn(send_for_ever(frames, guest, pair.handle));
    }
}

/// Anything, and something near to what is right.
void scribble(const Guest& guest) {
    constexpr Word pages = 3;
    constexpr Word words = pages * 4096 / sizeof(Word);
    user::Random random(guest.number);
    auto* const window = reinterpret_cast<volatile Word*>(guest.window);
    for (unsigned i = 0; i < 2000; i++) {
        const Word limit = random.one_in(2) ? abi::ring_offset / sizeof(Word) : words;
        window[random.below(limit)] = random.one_in(2) ? random.next() : random.below(16) * 64;
        if (random.one_in(16))
            sel4::signal(user::start_block().peer_slots + 1);
        if (random.one_in(64))
            sel4::yield();
    }
}

} // namespace crowd
