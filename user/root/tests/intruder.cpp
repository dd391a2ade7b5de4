// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client for the tests of deaths that breaks every rule: when it is connected it writes garbage
/// into all that it shares with the broker and with the server, counters, status words, ids and
/// messages, at any time, and signals both. Nobody else may suffer.
/// Read next: deaths.cpp.
/// @stage{5}
#include "user/lib/async_process.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/lib/random.hpp"

namespace {

using abi::Word;

constexpr Word rounds = 3000;
constexpr Word buffer_words = 4096 / sizeof(Word); ///< of each that is written: its first page

alignas(64) constinit std::byte memory[16 * user::frame_bytes] = {};

rt::Task<> connect(rt::Frames /*frames*/, user::Broker* broker, Word* window, bool* done) {
    const auto server = co_await broker->connect("echo");
    if (server) {
        *window = server.peer.address;
    }
    *done = true;
}

/// Something that has come near, or far from, what is right.
Word garbage(user::Random& random) {
    switch (random.below(4)) {
    case 0:
        return random.next();
    case 1:
        return random.below(64) * abi::line_bytes;
    case 2:
        return random.below(16);
    default:
        return random.next() << 32 | random.below(256);
    }
}

void write_garbage(user::Random& random, Word window) {
    auto* const words = reinterpret_cast<volatile Word*>(window);
    // Mostly the header, which others read most.
    const Word limit = random.one_in(2) ? abi::ring_offset / sizeof(Word) : buffer_words;
    words[random.below(limit)] = garbage(random);
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    const Word broker = user::start_block().peers;
    Word server = broker;
    bool done = false;
    process.spawn(connect(process.pool(), &process.broker(), &server, &done));
    process.run([&] { return done; });
    user::Random random(machine::time());
    for (Word i = 0; i < rounds; i++) {
        write_garbage(random, random.one_in(2) ? broker : server);
        if (random.one_in(16))
            sel4::signal(user::start_block().peer_slots + random.below(3));
        if (random.one_in(64))
            sel4::yield();
    }
    return 0;
}
