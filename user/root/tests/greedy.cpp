// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client that asks the broker for all it can, and for more: every request that cannot be is
/// answered with its error, and whatever was used up is there again when it is given back. Its
/// server is ping-pong's, which answers as before all the time.
/// Read next: user/lib/peers.hpp, user/root/broker.hpp.
/// @stage{5}
#include "user/lib/async_process.hpp"
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/pingpong/pingpong.hpp"

namespace {

using abi::Word;
using user::broker::Error;

alignas(64) constinit std::byte memory[32 * user::frame_bytes] = {};

constexpr unsigned most_peers = user::Needs{}.peers; ///< of this program, and of its server

constexpr abi::RingLines small{.requests = 16, .replies = 16};
constexpr abi::RingLines large{.requests = 512, .replies = 256}; // 13 pages

constexpr unsigned further_peers = most_peers - 2; ///< all but the broker and the first

struct Test {
    user::AsyncProcess* process;
    unsigned checks = 0;
    unsigned failed = 0;
    bool ended = false;

    [[nodiscard]] user::Broker& broker() const { return process->broker(); }
    void expect(const char* what, Word got, Word wanted) {
        checks++;
        if (got == wanted)
            return;
        failed++;
        println("greedy: ", what, ": ", got, " instead of ", wanted, ": FAILED");
    }
    /// There was a frame for a coroutine.
    void ran(const auto& done) { expect("a frame", done ? 1 : 0, 1); }
    void expect(const char* what, Error got, Error wanted) {
        expect(what, static_cast<Word>(got), static_cast<Word>(wanted));
    }
};

rt::Task<> wrong_lines(rt::Frames /*frames*/, Test* test) {
    for (const abi::RingLines lines : {abi::RingLines{.requests = 24, .replies = 16},
                                       {.requests = 16, .replies = 8},
                                       {.requests = 1024, .replies = 16},
                                       {.requests = Word{1} << 63, .replies = Word{1} << 63}}) {
        const auto connected = co_await test->broker().connect(pingpong::service, {.lines = lines});
        test->expect("lines", connected.error, Error::bad_lines);
    }
}

rt::Task<> wrong_names(rt::Frames /*frames*/, Test* test) {
    user::Broker& broker = test->broker();
    const auto unnamed = co_await broker.connect("");
    test->expect("no name", unnamed.error, Error::bad_name);
    const auto nobody = co_await broker.connect("nobody", {.wait = false});
    test->expect("nobody", nobody.error, Error::unknown_name);
    const auto too_early = co_await broker.accept();
    test->expect("accept without a name", too_early.error, Error::unknown_name);
    const auto taken = co_await broker.offer(pingpong::service);
    test->expect("somebody else's name", taken, Error::name_taken);
}

rt::Task<> wrong_peers(rt::Frames /*frames*/, Test* test) {
    user::Broker& broker = test->broker();
    for (const Word peer : {Word{0}, Word{3}, Word{most_peers}, ~Word{0}}) {
        const auto closed = co_await broker.close(peer);
        test->expect("close", closed, Error::bad_peer);
    }
    const auto deaths = co_await broker.deaths();
    test->expect("deaths twice", user::broker::error_of(deaths), Error::already_waiting);
}

rt::Task<> wrong_messages(rt::Frames /*frames*/, Test* test) {
    user::Broker& broker = test->broker();
    const auto unknown = co_await ipc::call(broker.ring(), ipc::Message(99, 1));
    test->expect("a strange request", user::broker::error_of(unknown), Error::unknown_request);
    const auto short_one =
        co_await ipc::call(broker.ring(), ipc::Message(Word(user::broker::Request::connect), 1));
    test->expect("too few words", user::broker::error_of(short_one), Error::unknown_request);
}

/// The server answers, whatever others do.
rt::Task<> ask(rt::Frames /*frames*/, Test* test, ipc::Client* server) {
    const auto reply = co_await ipc::call<1>(*server, ipc::Message(pingpong::ping, 5, 0));
    test->expect("an answer", reply.words[0], pingpong::work(5, 0));
}

struct Connections {
    ipc::Client* clients[most_peers] = {};
    unsigned count = 0;
    Error last = Error::none; ///< why there are not more
};

rt::Task<> connect_all(rt::Frames /*frames*/, Test* test, Connections* all, abi::RingLines lines) {
    for (all->last = Error::none; all->last == Error::none;) {
        const auto connected = co_await test->broker().connect(pingpong::service, {.lines = lines});
        all->last = connected.error;
        if (connected)
            all->clients[all->count++] = connected.client;
    }
}

rt::Task<> disconnect_all(rt::Frames frames, Test* test, Connections* all) {
    while (all->count != 0) {
        const auto disconnected =
            co_await test->broker().disconnect(frames, all->clients[--all->count]);
        test->ran(disconnected);
    }
}

/// As many connections as the memory that can be had is enough for, then as many as there can be.
/// The server has as many peers as this program, so it has none left for others meanwhile.
rt::Task<> use_up(rt::Frames frames, Test* test, ipc::Client* first) {
    unsigned had = 0;
    for (unsigned round = 0; round < 4; round++) {
        Connections all;
        const auto connected_all = co_await connect_all(frames, test, &all, large);
        test->ran(connected_all);
        test->expect("buffers end", all.last, Error::no_memory);
        test->expect("as many as before", all.count, round == 0 ? all.count : had);
        had = all.count;
        const auto asked = co_await ask(frames, test, first);
        test->ran(asked);
        const auto connected_more = co_await connect_all(frames, test, &all, small);
        test->ran(connected_more);
        const bool peers_end = all.last == Error::too_many_peers && all.count == further_peers;
        test->expect("peers end, or memory", peers_end || all.last == Error::no_memory, 1);
        const auto disconnected_all = co_await disconnect_all(frames, test, &all);
        test->ran(disconnected_all);
        const auto connected_small = co_await connect_all(frames, test, &all, small);
        test->ran(connected_small);
        test->expect("peers end", all.last, Error::too_many_peers);
        test->expect("all peers but the broker and the first", all.count, further_peers);
        for (unsigned i = 0; i < all.count; i++) {
            const auto asked_again = co_await ask(frames, test, all.clients[i]);
            test->ran(asked_again);
        }
        const auto disconnected_again = co_await disconnect_all(frames, test, &all);
        test->ran(disconnected_again);
        const auto asked_3 = co_await ask(frames, test, first);
        test->ran(asked_3);
    }
    test->expect("some buffers", had > 1, 1);
}

/// Something of its own lies where the next buffer is to be.
rt::Task<> in_the_way(rt::Frames frames, Test* test) {
    const abi::CPtr frame = user::allocator.make(abi::ObjectType::page);
    const Word next_window = user::start_block().peers + 2 * user::window_bytes;
    const bool mapped = frame != 0 && user::vspace.map(frame, next_window);
    test->expect("it is mapped", mapped, 1);
    const auto refused = co_await test->broker().connect(pingpong::service, {.lines = small});
    test->expect("no access", refused.error, Error::no_access);
    user::allocator.destroy(frame);
    const auto connected = co_await test->broker().connect(pingpong::service, {.lines = small});
    test->expect("access", connected.error, Error::none);
    if (connected) {
        const auto asked = co_await ask(frames, test, connected.client);
        test->ran(asked);
        const auto disconnected = co_await test->broker().disconnect(frames, connected.client);
        test->ran(disconnected);
    }
}

rt::Task<> run(rt::Frames frames, Test* test) {
    const auto first = co_await test->broker().connect(pingpong::service, {.lines = small});
    test->expect("the first connection", first.error, Error::none);
    if (first) {
        const auto lines = co_await wrong_lines(frames, test);
        test->ran(lines);
        const auto names = co_await wrong_names(frames, test);
        test->ran(names);
        const auto peers = co_await wrong_peers(frames, test);
        test->ran(peers);
        const auto messages = co_await wrong_messages(frames, test);
        test->ran(messages);
        const auto used_up = co_await use_up(frames, test, first.client);
        test->ran(used_up);
        const auto tried = co_await in_the_way(frames, test);
        test->ran(tried);
        const auto asked = co_await ask(frames, test, first.client);
        test->ran(asked);
    }
    test->ended = true;
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    Test test{.process = &process};
    process.spawn(run(process.pool(), &test));
    process.run([&] { return test.ended; });
    println("greedy: ", test.checks, " checks, ", test.failed, " failed");
    return test.failed == 0 ? 0 : 1;
}
