// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A card that lies, to the whole driver and the stack above it: nothing is touched that is the
/// card's (the sanitizer watches), nothing runs for ever, nothing is lost; and with a good card it
/// works again.
/// Read next: machine.hpp.
/// @stage{none}
#include "user/netsrv/tests/device/machine.hpp"

#include <doctest/doctest.h>

namespace {

using test::Bytes;
using test::Card;
using test::Machine;
using test::receive_queue;
using test::send_queue;
using virtio::queue_size;

constexpr unsigned seeds = 300;
constexpr unsigned lies_of_each = 30;
constexpr unsigned retry = 500; ///< ms in which the driver tries again for sure

/// With a good card all works, and the machine has what it had.
void check_recovery(Machine& machine) {
    machine.card.offer = {};
    machine.card.keeps = false;
    machine.pass(retry);
    REQUIRE(machine.card.runs());
    CHECK(machine.answers_ping());
    CHECK(machine.answers_ping());
    machine.check_unused();
}

/// One lie is told; the card is started anew, once.
template <class Lie>
void check_restart(Lie lie) {
    Machine& machine = Machine::the_one();
    check_recovery(machine);
    const abi::Word before = machine.interface.counts().restarts;
    lie(machine.card);
    machine.card.claim(receive_queue, machine.card.given(receive_queue)); // interrupts
    machine.pass(retry);
    CHECK(machine.interface.counts().restarts == before + 1);
    check_recovery(machine);
    CHECK(machine.interface.counts().restarts == before + 1);
}

/// Any lie.
void lie(Card& card, std::mt19937& random) {
    const unsigned queue = random() % 2;
    const auto choose = [&](auto... values) {
        const uint32_t all[] = {static_cast<uint32_t>(values)...};
        return all[random() % std::size(all)];
    };
    switch (random() % 9) {
    case 0:
        card.put(queue, choose(0, 1, 255, 256, 0x10001, ~0U, random()),
                 choose(0, 11, 12, 25, 26, 2042, 2043, ~0U, random()));
        break;
    case 1:
        card.put_oldest(queue, choose(0, 1, 11, 12, 25, 26, 60, 2042, 2043, 65535, ~0U));
        break;
    case 2:
        card.claim(queue, static_cast<uint16_t>(card.given(queue) +
                                                choose(1, 2, 255, 256, 257, 0x8000, 0xffff)));
        break;
    case 3:
        card.scribble(queue, random);
        break;
    case 4:
        card.ask_for_reset();
        break;
    case 5:
        card.keeps = random() % 2 == 0;
        break;
    case 6: // for the next time
        card.offer.features ^= abi::Word{1} << random() % 40;
        break;
    case 7:
        card.offer.agrees = random() % 4 != 0;
        card.offer.always_ready = random() % 4 == 0;
        card.offer.queue_size = choose(0, 1, 128, 256, 256, 256, ~0U);
        break;
    default:
        card.offer = {};
        card.offer.address[random() % 6] = static_cast<uint8_t>(random());
    }
}

} // namespace

TEST_CASE("card: a good one works, whether it sums or not") {
    Machine& machine = Machine::the_one();
    for (const abi::Word sums : {0UL, 1UL, 2UL, 3UL}) {
        machine.card.offer.features |= sums;
        machine.card.ask_for_reset(); // it is looked at anew
        machine.pass(retry);
        CHECK(machine.answers_ping());
        check_recovery(machine);
    }
}

TEST_CASE("card: one lie, and it is started anew") {
    for (const unsigned queue : {receive_queue, send_queue}) {
        CAPTURE(queue);
        check_restart([&](Card& card) { card.put(queue, queue_size, 60); });
        check_restart([&](Card& card) { card.put(queue, ~0U, 60); });
        check_restart([&](Card& card) {
            card.claim(queue, static_cast<uint16_t>(card.given(queue) + 0x8000));
        });
    }
    check_restart([](Card& card) { card.put(send_queue, 5, 0); }); // it was not sent
    check_restart([](Card& card) { card.put_oldest(receive_queue, 2043); });
    check_restart([](Card& card) { card.put_oldest(receive_queue, ~0U); });
}

TEST_CASE("card: one that asks to be reset is reset") {
    check_restart([](Card& card) { card.ask_for_reset(); });
}

TEST_CASE("card: one that does not start again is tried until it does") {
    Machine& machine = Machine::the_one();
    const auto check_refusal = [&](auto refuse) {
        refuse(machine.card.offer);
        machine.card.ask_for_reset();
        machine.pass(60 * retry);
        CHECK(!machine.card.runs());
        CHECK(!machine.answers_ping());
        check_recovery(machine);
    };
    check_refusal([](Card::Offer& offer) { offer.features = 0; });
    check_refusal([](Card::Offer& offer) {
        offer.agrees = false;
        offer.writes = true;
    });
    check_refusal([](Card::Offer& offer) { offer.features &= ~virtio::feature_version_1; });
    check_refusal([](Card::Offer& offer) { offer.agrees = false; });
    check_refusal([](Card::Offer& offer) { offer.queue_size = 0; });
    check_refusal([](Card::Offer& offer) { offer.queue_size = queue_size / 2; });
    check_refusal([](Card::Offer& offer) { offer.always_ready = true; });
}

TEST_CASE("card: frames that are too short are none") {
    Machine& machine = Machine::the_one();
    check_recovery(machine);
    const auto& counts = machine.interface.counts();
    const abi::Word dropped = counts.dropped_in;
    const abi::Word restarts = counts.restarts;
    constexpr uint32_t shortest = sizeof(virtio::NetHeader) + 14 + 28; // Ethernet, ARP
    for (uint32_t bytes = 0; bytes < shortest; bytes++) {
        CHECK(machine.card.put_oldest(receive_queue, bytes));
        machine.run();
    }
    CHECK(counts.dropped_in == dropped + shortest);
    CHECK(counts.restarts == restarts);
    check_recovery(machine);
}

TEST_CASE("card: others have a turn, however many frames come that are too short") {
    Machine& machine = Machine::the_one();
    check_recovery(machine);
    while (machine.card.put_oldest(receive_queue, 0)) {
    }
    CHECK(machine.interface.poll());
    machine.run();
    check_recovery(machine);
}

TEST_CASE("card: frames that it never returns are dropped, and come back with a restart") {
    Machine& machine = Machine::the_one();
    check_recovery(machine);
    machine.card.keeps = true;
    for (unsigned i = 0; i < 2 * queue_size; i++)
        CHECK(!machine.answers_ping());
    CHECK(machine.interface.counts().dropped_out >= queue_size);
    CHECK(Machine::memory_in_use() > 0);
    machine.card.ask_for_reset();
    check_recovery(machine);
}

TEST_CASE("card: what the stack keeps of a frame stays its own over a restart") {
    Machine& machine = Machine::the_one();
    check_recovery(machine);
    test::Connection connection(machine, 5000);
    const Bytes data = test::pattern(1000);
    const std::span all(data);
    connection.send_at(400, all.subspan(400)); // before what it follows
    CHECK(machine.interface.buffers_in_use() == 1);
    machine.card.ask_for_reset();
    machine.pass(retry);
    CHECK(machine.card.runs());
    CHECK(machine.card.has(receive_queue) == queue_size - 1);
    CHECK(machine.answers_ping());
    connection.send_at(0, all.first(400));
    CHECK(connection.received() == data);
    connection.reset();
    check_recovery(machine);
}

TEST_CASE("card: any lies, one after the other, from seeds") {
    Machine& machine = Machine::the_one();
    for (unsigned seed = 0; seed < seeds; seed++) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        for (unsigned i = 0; i < lies_of_each; i++) {
            if (random() % 2 == 0)
                static_cast<void>(machine.answers_ping());
            lie(machine.card, random);
            if (random() % 2 == 0)
                machine.run();
            if (random() % 4 == 0)
                machine.pass(250);
        }
        machine.card.offer = {};
        machine.card.ask_for_reset(); // what it was given it may have lost
        check_recovery(machine);
    }
}
