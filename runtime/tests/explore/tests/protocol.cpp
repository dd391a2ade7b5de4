// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The status protocol of a ring, right and wrong: a consumer sleeps when the ring is empty, and a
/// producer wakes it, but only if it sleeps. Each wrong one lacks one thing; the explorer must find
/// the execution in which that is missed.
///
///     producer                           consumer, when the ring is empty
///     item; tail, release                status = armed
///     full fence                         full fence
///     if status is not running:          look again: if something came, take `running` back
///         exchange it; send if armed     else park
///
/// Reference: the paper, 2.1.2 (its pseudo-code does not look again).
/// Read next: failures.cpp.
/// @stage{4}
#include "runtime/shared_word.hpp"
#include "runtime/tests/explore/explore.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

enum class Status : uint32_t { running, armed };

/// What is done as it should be.
struct Protocol {
    bool consumer_looks_again = true;
    bool consumer_fences = true;
    bool producer_fences = true;
    bool producer_exchanges = true;
    bool producer_releases = true;
};

class Ring {
public:
    explicit Ring(const Protocol& protocol) : protocol_(protocol) {
        explore::name(tail_, "tail");
        explore::name(status_, "status", {"running", "armed"});
        for (unsigned i = 0; i < items; i++)
            explore::name(item_[i], "item " + std::to_string(i));
    }

    void produce() {
        for (uint32_t tail = 0; tail < items; tail++) {
            item_[tail].write(tail + 1);
            if (protocol_.producer_releases)
                tail_.store_release(tail + 1);
            else
                tail_.store_relaxed(tail + 1);
            if (protocol_.producer_fences)
                rt::fence_full();
            if (status_.load_relaxed() != Status::running)
                wake();
        }
    }

    void consume() {
        for (uint32_t head = 0; head < items;) {
            const uint32_t tail = tail_.load_acquire();
            for (; head < tail; head++)
                explore::check(item_[head].read() == head + 1, "items come whole and in order");
            if (head < items)
                wait(head);
        }
    }

    void end() const {
        explore::check(bell_.sent() == parked_ && !bell_.pending(), "no notification is in vain");
    }

private:
    static constexpr uint32_t items = 2;

    void wake() {
        if (protocol_.producer_exchanges) {
            if (status_.exchange(Status::running) == Status::armed)
                bell_.send();
        } else {
            status_.store_relaxed(Status::running);
            bell_.send();
        }
    }

    void wait(uint32_t head) {
        status_.store_relaxed(Status::armed);
        if (protocol_.consumer_fences)
            rt::fence_full();
        const bool empty = !protocol_.consumer_looks_again || tail_.load_relaxed() == head;
        if (!empty && status_.exchange(Status::running) == Status::armed)
            return;
        parked_++; // a producer that has changed the status is about to send
        bell_.park();
    }

    const Protocol& protocol_;
    rt::SharedWord<uint32_t> tail_;
    rt::SharedWord<Status> status_;
    explore::Plain<uint32_t> item_[items];
    explore::Notification bell_{"bell"};
    unsigned parked_ = 0;
};

explore::Outcome explored(const Protocol& protocol) {
    return explore::all("protocol", [&] {
        Ring ring(protocol);
        explore::threads(
            {{"producer", [&] { ring.produce(); }}, {"consumer", [&] { ring.consume(); }}});
        ring.end();
    });
}

} // namespace

TEST_SUITE("explore") {
    TEST_CASE("status protocol: nothing is lost, and nobody is told twice") {
        const explore::Outcome outcome = explored({});
        CHECK_MESSAGE(outcome.passed(), outcome.report());
        CHECK(outcome.executions > 100);
    }

    TEST_CASE("status protocol: a consumer that does not look again sleeps for ever") {
        const explore::Outcome outcome = explored({.consumer_looks_again = false});
        CHECK(outcome.verdict == explore::Verdict::deadlock);
        CHECK(outcome.report() == R"(protocol: deadlock: nobody will ever wake consumer
      producer                          consumer
   1  item 0 is written
   2  tail.store_release(1)
   3  fence_full()
   4                                    tail.load_acquire() = 1
   5                                    item 0 is read
   6  status.load_relaxed() = running
   7  item 1 is written
   8  tail.store_release(2)
   9  fence_full()
  10  status.load_relaxed() = running
  11                                    status.store_relaxed(armed)
  12                                    fence_full()
consumer waits in bell.park(), and nothing is pending.
In the end tail = 2, status = armed, bell = 0.
To see it again: explore::replay(name, scenario, "A*2 B A*4 B*2").
)");
    }

    TEST_CASE("status protocol: neither fence may be missing") {
        const explore::Outcome consumer = explored({.consumer_fences = false});
        CHECK(consumer.verdict == explore::Verdict::deadlock);
        CHECK(consumer.report().contains("tail.load_relaxed() = 1       old: step 8 has not"));
        const explore::Outcome producer = explored({.producer_fences = false});
        CHECK(producer.verdict == explore::Verdict::deadlock);
        CHECK(producer.report().contains("tail.load_relaxed() = 1       old: step 7 has not"));
    }

    TEST_CASE("status protocol: load and store instead of exchange notify twice") {
        const explore::Outcome outcome = explored({.producer_exchanges = false});
        CHECK(outcome.verdict == explore::Verdict::check_failed);
        CHECK(outcome.report().starts_with(
            "protocol: check failed at the end: no notification is in vain\n"));
    }

    TEST_CASE("status protocol: without release an item is read before it is there") {
        const explore::Outcome outcome = explored({.producer_releases = false});
        CHECK(outcome.verdict == explore::Verdict::data_race);
        CHECK(outcome.report().starts_with(
            "protocol: data race on item 1: nothing puts step 5 before step 11\n"));
    }
}
