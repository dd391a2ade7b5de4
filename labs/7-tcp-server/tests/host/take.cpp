// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// 7.1, Virtqueue::take: buffers that come back from a device that the test plays. It may lie about
/// everything that it writes.
#include "labs/7-tcp-server/tests/host/draw.hpp"
#include "labs/lib/alone.hpp"
#include "user/netsrv/virtqueue.hpp"

#include <memory>

namespace {

using virtio::queue_size;
using virtio::QueueMemory;
using virtio::Virtqueue;

constexpr uint32_t buffer_bytes = 100;

/// A queue, and the device's half of its memory.
struct Setting {
    std::unique_ptr<QueueMemory> memory = std::make_unique<QueueMemory>();
    Virtqueue queue{*memory};
    uint16_t given = 0;

    void lend(unsigned id, bool device_writes = true, uint32_t bytes = buffer_bytes) {
        queue.put(id, 0x1000, bytes, device_writes);
        static_cast<void>(queue.publish());
    }
    /// The device says that it is done with a buffer.
    void give(uint32_t id, uint32_t bytes) {
        memory->used.elements[given % queue_size] = {id, bytes};
        memory->used.idx = ++given;
    }
    /// The next one that is taken is this one.
    void expect_taken(const std::string& what, unsigned id, uint32_t bytes) {
        const auto back = queue.take();
        if (!expect(what + ": take() gives a buffer", back.has_value()))
            return;
        expect_equal(what + ": id", id, back->id);
        expect_equal(what + ": bytes that were written", bytes, back->bytes);
    }
    void expect_none(const std::string& what) {
        const auto back = queue.take();
        if (back)
            fail(what + ": take() gives no buffer: expected none, got buffer " +
                 lab::shown(back->id) + " with " + lab::shown(back->bytes) + " bytes");
    }
    /// This was a lie: nothing is believed any more, and the buffers are still the device's.
    void expect_broken(const std::string& what, unsigned in_flight) {
        expect_none(what);
        expect(what + ": the queue is broken, as broken() says", queue.broken());
        expect_equal(what + ": buffers that the device still has", in_flight, queue.in_flight());
    }
};

} // namespace

TEST_CASE("take-order: buffers come back once each, in the order in which the device gives them") {
    alone([] {
        Setting at;
        at.expect_none("the device has nothing");
        for (const unsigned id : {4U, 0U, 255U, 7U})
            at.lend(id);
        at.expect_none("the device has given nothing back");
        at.give(7, 1);
        at.give(255, buffer_bytes);
        at.expect_taken("the first one that was given back", 7, 1);
        at.expect_taken("the second one", 255, buffer_bytes);
        at.expect_none("both were taken");
        expect_equal("buffers that the device still has", 2, at.queue.in_flight());
        expect("a buffer that was taken is not the device's", !at.queue.has(7));
        expect("a buffer that was not given back is the device's", at.queue.has(4));
        at.lend(7);
        at.give(7, 0);
        at.give(4, 2);
        at.expect_taken("one that was lent again", 7, 0);
        at.expect_taken("one that was lent long ago", 4, 2);
        expect("the queue is not broken", !at.queue.broken());
    });
}

TEST_CASE("take-wrap: the ring begins anew after 256 buffers, the index after 65536") {
    alone([] {
        Setting at;
        constexpr unsigned more_than_all = 0x10000 + 2 * queue_size + 3;
        for (unsigned i = 0; i < more_than_all; i++) {
            at.lend(i % queue_size);
            at.give(i % queue_size, i % (buffer_bytes + 1));
            const auto back = at.queue.take();
            if (!expect("buffer " + lab::shown(i) + " since the beginning comes back",
                        back.has_value()) ||
                !expect_equal("its id", i % queue_size, back->id))
                return;
        }
        for (unsigned id = 0; id < queue_size; id++)
            at.lend(id);
        for (unsigned id = 0; id < queue_size; id++)
            at.give(queue_size - 1 - id, id % 2);
        for (unsigned id = 0; id < queue_size; id++)
            at.expect_taken("all 256 at once", queue_size - 1 - id, id % 2);
        at.expect_none("all were taken");
        expect("the queue is not broken", !at.queue.broken());
    });
}

TEST_CASE("take-id: an id that is none, or of a buffer that the device does not have, is a lie") {
    alone([] {
        for (const uint32_t id : {queue_size, queue_size + 5, 0x10005U, ~0U, 6U}) {
            Setting at;
            at.lend(5);
            at.lend(9);
            at.give(id, 1);
            at.expect_broken("a device that gives buffer " + lab::shown(id) + " back", 2);
        }
        for (const bool device_writes : {true, false}) {
            Setting at;
            at.lend(5, device_writes);
            at.lend(6, device_writes);
            at.give(5, 0);
            at.give(5, 0);
            at.expect_taken("a buffer that is given back twice, the first time", 5, 0);
            at.expect_broken("a buffer that is given back twice, the second time", 1);
        }
    });
}

TEST_CASE(
    "take-bytes: a device writes no more than a buffer has, and nothing if it may only read") {
    alone([] {
        for (const uint32_t bytes : {0U, 1U, buffer_bytes}) {
            Setting at;
            at.lend(5);
            at.give(5, bytes);
            at.expect_taken(lab::shown(bytes) + " bytes of 100", 5, bytes);
        }
        for (const uint32_t bytes : {buffer_bytes + 1, 0x10000U, 0x80000001U, ~0U}) {
            Setting at;
            at.lend(5);
            at.give(5, bytes);
            at.expect_broken(lab::shown(bytes) + " bytes of 100", 1);
        }
        Setting empty;
        empty.lend(8, true, 0);
        empty.give(8, 0);
        empty.expect_taken("a buffer of no byte", 8, 0);
        for (const uint32_t said : {0U, 1U, buffer_bytes, buffer_bytes + 1, ~0U}) {
            Setting at;
            at.lend(3, false);
            at.give(3, said);
            at.expect_taken("a device that says " + lab::shown(said) + " of such a buffer", 3, 0);
            expect("the queue is not broken", !at.queue.broken());
        }
    });
}

TEST_CASE("take-index: an index that says that more came back than the device has is a lie") {
    alone([] {
        for (const unsigned idx : {3U, 255U, 256U, 257U, 0x7fffU, 0x8000U, 0xfffeU, 0xffffU}) {
            Setting at;
            at.lend(0);
            at.lend(1);
            at.memory->used.elements[0] = {0, 0};
            at.memory->used.elements[1] = {1, 0};
            at.memory->used.idx = static_cast<uint16_t>(idx);
            at.expect_broken("2 buffers, of which " + lab::shown(idx) + " came back", 2);
        }
        Setting at;
        for (unsigned id = 0; id < 4; id++) {
            at.lend(id);
            at.give(id, 0);
            at.expect_taken("one by one", id, 0);
        }
        at.memory->used.idx = 3;
        at.expect_broken("an index that goes back", 0);
    });
}

TEST_CASE("take-broken: of a device that has lied once nothing is believed") {
    alone([] {
        Setting at;
        at.lend(1);
        at.lend(2);
        at.give(queue_size, 1);
        at.expect_broken("the lie", 2);
        at.memory->used.elements[0] = {1, 1};
        at.expect_broken("the truth in its place", 2);
        at.give(2, 1);
        at.expect_broken("the truth behind it", 2);
    });
}

TEST_CASE("take-random: random traffic, and a lie at its end, give nothing that was not lent") {
    alone([] {
        Draw draw;
        for (unsigned round = 0; round < 100; round++) {
            Setting at;
            uint32_t lent[queue_size] = {}; // bytes, and one; 0: it is not
            std::vector<unsigned> with_device;
            for (unsigned step = 0; step < 300; step++) {
                const unsigned id = static_cast<unsigned>(draw.below(queue_size));
                if (lent[id] == 0) {
                    const uint32_t bytes = static_cast<uint32_t>(draw.below(2000));
                    at.lend(id, true, bytes);
                    lent[id] = bytes + 1;
                    with_device.push_back(id);
                }
                if (draw.below(2) == 0 || with_device.empty())
                    continue;
                const auto which =
                    with_device.begin() + static_cast<ptrdiff_t>(draw.below(with_device.size()));
                const unsigned back = *which;
                with_device.erase(which);
                const uint32_t written = static_cast<uint32_t>(draw.below(lent[back]));
                at.give(back, written);
                at.expect_taken("step " + lab::shown(step), back, written);
                lent[back] = 0;
            }
            const uint32_t id = static_cast<uint32_t>(draw.below(abi::Word{2} * queue_size));
            const uint32_t most = id < queue_size && lent[id] != 0 ? lent[id] : 0;
            const uint32_t bytes = most + static_cast<uint32_t>(draw.below(1000));
            at.give(id, bytes);
            at.expect_broken("round " + lab::shown(round) + ", " + lab::shown(bytes) +
                                 " bytes of buffer " + lab::shown(id) + ", which " +
                                 (most == 0 ? "it does not have" : "has " + lab::shown(most - 1)),
                             static_cast<unsigned>(with_device.size()));
        }
    });
}
