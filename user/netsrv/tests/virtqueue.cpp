// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The driver's half of a queue with a device that is played here: one that keeps the rules, and
/// one that lies about everything it writes.
/// Read next: user/netsrv/virtqueue.hpp.
/// @stage{7}
#include "user/netsrv/virtqueue.hpp"

#include <deque>
#include <doctest/doctest.h>
#include <memory>
#include <random>

namespace {

using virtio::queue_size;
using virtio::QueueMemory;
using virtio::Virtqueue;

/// A device's half.
class Device {
public:
    explicit Device(QueueMemory& memory) : memory_(memory) {}

    /// Takes everything that is available.
    void take() {
        while (taken_ != memory_.available.idx)
            has_.push_back(memory_.available.ids[taken_++ % queue_size]);
        memory_.used.avail_event = taken_;
    }
    /// Gives the oldest back. True if the driver wants an interrupt for it.
    bool give(uint32_t bytes) {
        const uint16_t id = has_.front();
        has_.pop_front();
        return put(id, bytes);
    }
    bool put(uint32_t id, uint32_t bytes) {
        memory_.used.elements[given_ % queue_size] = {id, bytes};
        memory_.used.idx = ++given_;
        return memory_.available.used_event == static_cast<uint16_t>(given_ - 1);
    }
    void claim(uint16_t idx) { memory_.used.idx = given_ = idx; }
    [[nodiscard]] size_t has() const { return has_.size(); }

private:
    QueueMemory& memory_;
    std::deque<uint16_t> has_;
    uint16_t taken_ = 0;
    uint16_t given_ = 0;
};

struct Both {
    std::unique_ptr<QueueMemory> memory = std::make_unique<QueueMemory>();
    Virtqueue queue{*memory};
    Device device{*memory};
};

} // namespace

TEST_CASE(
    "virtqueue: buffers come back once, in the device's order, for longer than indices last") {
    Both both;
    for (unsigned round = 0; round < 1000; round++) {
        for (unsigned id = 0; id < queue_size; id++)
            both.queue.put(id, 0x1000 + id, 100, true);
        CHECK(both.queue.publish());
        both.device.take();
        REQUIRE(both.device.has() == queue_size);
        for (unsigned id = 0; id < queue_size; id++) {
            both.device.give(id % 101);
            const auto back = both.queue.take();
            REQUIRE(back == Virtqueue::Returned{.id = id, .bytes = id % 101});
        }
        CHECK(!both.queue.take());
        CHECK(both.queue.in_flight() == 0);
    }
    CHECK(!both.queue.broken());
}

TEST_CASE("virtqueue: a device that is busy is not notified") {
    Both both;
    both.queue.put(0, 0, 1, false);
    CHECK(both.queue.publish());
    CHECK(!both.queue.publish());
    both.queue.put(1, 0, 1, false);
    CHECK(!both.queue.publish()); // it has not looked since
    both.device.take();
    both.queue.put(2, 0, 1, false);
    CHECK(both.queue.publish());
}

TEST_CASE("virtqueue: armed, the next buffer interrupts; disarmed, none does") {
    Both both;
    for (unsigned id = 0; id < 8; id++)
        both.queue.put(id, 0, 16, true);
    CHECK(both.queue.publish());
    both.device.take();
    both.queue.disarm();
    CHECK(!both.device.give(1));
    CHECK(!both.queue.arm()); // something is there
    CHECK(both.queue.take());
    CHECK(both.queue.arm());
    CHECK(both.device.give(1));
    CHECK(!both.device.give(1)); // once
}

TEST_CASE("virtqueue: a read-only buffer comes back with no bytes, whatever the device says") {
    for (const uint32_t bytes : {0U, 1U, 1500U, ~0U}) {
        Both both;
        both.queue.put(3, 0, 60, false);
        CHECK(both.queue.publish());
        both.device.put(3, bytes);
        const auto back = both.queue.take();
        CHECK(back == Virtqueue::Returned{.id = 3, .bytes = 0});
    }
}

TEST_CASE("virtqueue: what the device cannot say breaks the queue, and nothing comes of it") {
    const auto broken_by = [](auto lie) {
        Both both;
        both.queue.put(5, 0, 100, true);
        both.queue.put(6, 0, 100, false);
        CHECK(both.queue.publish());
        lie(both);
        const auto back = both.queue.take();
        CHECK(!back);
        CHECK(both.queue.broken());
        CHECK(!both.queue.take());
        return both.queue.in_flight() == 2;
    };
    CHECK(broken_by([](Both& both) { both.device.put(queue_size, 1); }));
    CHECK(broken_by([](Both& both) { both.device.put(~0U, 1); }));
    CHECK(broken_by([](Both& both) { both.device.put(7, 1); }));   // it does not have it
    CHECK(broken_by([](Both& both) { both.device.put(5, 101); })); // one more than there is
    CHECK(broken_by([](Both& both) { both.device.put(5, ~0U); }));
    CHECK(broken_by([](Both& both) { both.device.put(0x10005, 1); }));
}

TEST_CASE("virtqueue: the same buffer twice breaks it") {
    Both both;
    both.queue.put(5, 0, 100, true);
    both.queue.put(6, 0, 100, true);
    CHECK(both.queue.publish());
    both.device.put(5, 10);
    both.device.put(5, 10);
    CHECK(both.queue.take());
    CHECK(!both.queue.take());
    CHECK(both.queue.broken());
}

TEST_CASE("virtqueue: an index that goes anywhere gives no more buffers than are in flight") {
    for (uint32_t idx = 1; idx < 0x10000; idx += 97) {
        Both both;
        for (unsigned id = 0; id < 10; id++)
            both.queue.put(id, 0, 100, true);
        CHECK(both.queue.publish());
        both.device.claim(static_cast<uint16_t>(idx)); // all elements are id 0, 0 bytes
        unsigned came = 0;
        while (both.queue.take())
            came++;
        CHECK(came <= (idx <= 10 ? 1 : 0));
        CHECK(both.queue.broken() == (idx != 1));
    }
}

TEST_CASE("virtqueue: random traffic with random lies never gives what was not lent") {
    for (unsigned seed = 0; seed < 200; seed++) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        Both both;
        uint32_t lent[queue_size] = {}; // bytes and one; 0: not
        for (unsigned step = 0; step < 2000 && !both.queue.broken(); step++) {
            const unsigned id = static_cast<unsigned>(random() % queue_size);
            if (lent[id] == 0) {
                const uint32_t bytes = static_cast<uint32_t>(random() % 2048);
                both.queue.put(id, 0, bytes, true);
                lent[id] = bytes + 1;
            }
            if (random() % 3 == 0)
                static_cast<void>(both.queue.publish());
            both.device.take();
            if (both.device.has() != 0 && random() % 2 == 0) {
                if (random() % 400 == 0)
                    both.device.put(static_cast<uint32_t>(random()),
                                    static_cast<uint32_t>(random()));
                else
                    both.device.give(static_cast<uint32_t>(random() % 40));
            }
            while (const auto back = both.queue.take()) {
                REQUIRE(back->id < queue_size);
                REQUIRE(back->bytes < lent[back->id]);
                lent[back->id] = 0;
            }
        }
    }
}
