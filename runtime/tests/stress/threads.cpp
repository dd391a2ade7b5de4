// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The two ends of a buffer in two threads, under ThreadSanitizer: first the bare rings, then
/// clients and handlers that sleep when there is nothing to do. A wake-up that is lost is a test
/// that does not end; what is read before it is there is a race.
/// Read next: runtime/status.hpp.
/// @stage{5}
#include "runtime/ipc.hpp"
#include "runtime/tests/memory.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <thread>

namespace {

using abi::Word;
using rt::Frames;
using rt::Task;

constexpr auto seconds = std::chrono::seconds(3);

bool time_is_up(std::chrono::steady_clock::time_point start) {
    return std::chrono::steady_clock::now() - start > seconds;
}

/// A thread that parks: until somebody notifies it.
struct Parking {
    std::atomic<Word> pending = 0;
    std::atomic<unsigned> notifications = 0;

    Word park() {
        pending.wait(0);
        return pending.exchange(0);
    }
    static void notify(void* self) {
        Parking& parking = *static_cast<Parking*>(self);
        parking.notifications++;
        parking.pending.fetch_or(1);
        parking.pending.notify_one();
    }
    rt::Callback callback() { return {notify, this}; }
};

/// One side of the bare rings: sends numbers, and sends back or checks what comes.
struct Thrower {
    rt::Ends ends;
    Parking& own;
    Parking& other;
    Word sent = 0;
    Word received = 0;
    Word wrong = 0;

    /// A burst; true if it may sleep then.
    bool burst(unsigned most, bool more) {
        for (unsigned i = 0; i < most && more; i++) {
            if (ends.out.stopped() && ends.out.refill() != rt::Ring::ready)
                break;
            abi::Item& item = ends.out.next();
            item.id.store_relaxed(static_cast<uint32_t>(sent));
            item.words[0].store_relaxed(sent++);
        }
        while (!ends.in.stopped() || ends.in.refill() == rt::Ring::ready)
            for (const abi::Item& item : ends.in.take(ends.in.run()))
                wrong += item.words[0].load_relaxed() == received++ ? 0 : 1;
        const bool full = ends.out.stopped() && ends.out.refill() != rt::Ring::ready;
        const bool idle = !more || (full && rt::may_wait(ends.out));
        const rt::BurstEnd end = rt::end_burst(ends.out, ends.in, idle);
        if (end.notify)
            Parking::notify(&other);
        return idle && !end.news;
    }
};

} // namespace

TEST_CASE("threads: numbers in both directions, asleep whenever there is no room and no news") {
    Memory memory({16, 16});
    Parking parking[2];
    Thrower throwers[2] = {{memory.buffer.client(), parking[0], parking[1]},
                           {memory.buffer.server(), parking[1], parking[0]}};
    std::atomic<bool> stop = false;
    const auto play = [&stop](Thrower& thrower) {
        for (unsigned round = 0; !stop.load(); round++)
            if (thrower.burst(1 + round % 40, true))
                thrower.own.park();
    };
    std::thread first(play, std::ref(throwers[0]));
    std::thread second(play, std::ref(throwers[1]));
    std::this_thread::sleep_for(seconds);
    stop = true;
    Parking::notify(&parking[0]);
    Parking::notify(&parking[1]);
    first.join();
    second.join();
    for (Thrower& thrower : throwers)
        thrower.burst(0, false);
    for (Thrower& thrower : throwers)
        thrower.burst(0, false);
    CHECK(throwers[0].wrong == 0);
    CHECK(throwers[1].wrong == 0);
    CHECK(throwers[0].received == throwers[1].sent);
    CHECK(throwers[1].received == throwers[0].sent);
    CHECK(throwers[0].sent > 10'000);
}

namespace {

struct Add {
    ipc::Message<1> operator()(const ipc::Request<2>& request) const {
        return ipc::Message{0, request.words[0] + request.words[1]};
    }
};

struct Work {
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    Word calls = 0;
    Word wrong = 0;
    unsigned running = 0;
};

Task<> worker(Frames /*frames*/, ipc::Client* client, Word own, Work* work) {
    for (Word i = 0; i % 256 != 0 || !time_is_up(work->start); i++) {
        const auto reply = co_await ipc::call<1>(*client, ipc::Message{0, own, i});
        work->wrong += reply && reply.words[0] == own + i ? 0 : 1;
        work->calls++;
    }
    work->running--;
}

template <class Handler>
void call_across_threads(Handler handler, unsigned workers, abi::RingLines lines) {
    static std::byte frames[2][256 * 512];
    Memory memory(lines);
    Parking parking[2];
    rt::FramePool pools[2] = {{frames[0], 512}, {frames[1], 512}};
    std::atomic<bool> stop = false;
    Work work;
    std::thread serving([&] {
        rt::Executor executor(pools[1]);
        ipc::Server server(executor, memory.buffer.server(), parking[0].callback(), 8, handler);
        executor.attach(server, 0);
        for (Word vectors = 0; !stop.load(); vectors = parking[1].park())
            executor.run_until_idle(vectors);
    });
    rt::Executor executor(pools[0]);
    ipc::Client client(executor, memory.buffer.client(), parking[1].callback(), 8);
    executor.attach(client, 0);
    for (unsigned i = 0; i < workers; i++, work.running++)
        executor.spawn(worker(pools[0], &client, Word{i} << 32, &work), i % 32);
    executor.run_until_idle();
    while (work.running != 0)
        executor.run_until_idle(parking[0].park());
    stop = true;
    Parking::notify(&parking[1]);
    serving.join();
    CHECK(work.wrong == 0);
    CHECK(work.calls > 10'000);
    MESSAGE(work.calls, " calls, ", parking[0].notifications + parking[1].notifications,
            " notifications");
}

Task<ipc::Message<1>> add_later(Frames /*frames*/, ipc::Request<2> request) {
    co_await rt::yield();
    co_return ipc::Message{0, request.words[0] + request.words[1]};
}

} // namespace

TEST_CASE("threads: one call at a time") { call_across_threads(Add{}, 1, {16, 16}); }

TEST_CASE("threads: more callers than lines") { call_across_threads(Add{}, 60, {16, 16}); }

TEST_CASE("threads: many callers, handlers that suspend") {
    call_across_threads(add_later, 100, {128, 128});
}
