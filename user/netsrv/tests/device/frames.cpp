// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Frames that were damaged, from seeds, to the driver and lwIP under sanitizers, most of them with
/// checksums that the card says are right: so they come as far as they can. Then all is as it was.
/// What a whole system makes of such frames shows user/netsrv/tests/fuzz. Read next: machine.hpp.
/// @stage{none}
#include "user/netsrv/tests/device/machine.hpp"

#include <doctest/doctest.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>

namespace {

using test::Bytes;
using test::Machine;

constexpr unsigned seeds = 60;
constexpr unsigned frames_of_each = 400;
constexpr unsigned half_an_hour = 1'800'000; ///< in ms: all retransmissions are over
constexpr size_t ip_at = 14;
constexpr size_t ip_bytes = 20;
constexpr size_t ip_sum_at = ip_at + 10;
constexpr size_t shortest = 14;
constexpr size_t longest = 2030;
constexpr uint16_t first_port = 6000;

class Frames {
public:
    explicit Frames(unsigned seed) : random_(seed) {}

    unsigned below(size_t limit) { return static_cast<unsigned>(random_() % limit); }

    /// One that is good, or was. Those of TCP are for a connection that is there, or close to it.
    Bytes next(uint32_t sequence, uint32_t acknowledged) {
        Bytes frame = good(sequence, acknowledged);
        for (unsigned count = below(4); count != 0; count--)
            damage(frame);
        if (below(4) != 0)
            sum(frame);
        return frame;
    }

private:
    Bytes good(uint32_t sequence, uint32_t acknowledged) {
        const Bytes data = test::pattern(below(4) == 0 ? below(1461) : below(40));
        switch (below(8)) {
        case 0:
            return test::packet(IP_PROTO_ICMP, data);
        case 1:
            return test::packet(IP_PROTO_UDP, data);
        case 2: {
            Bytes frame = data;
            frame.resize(shortest + below(60));
            for (std::byte& byte : frame)
                byte = static_cast<std::byte>(random_());
            frame[12] = std::byte{0x08};
            frame[13] = std::byte{6};
            return frame;
        }
        default:
            const uint8_t flags = static_cast<uint8_t>(below(2) == 0 ? 0x10 : random_());
            return test::tcp({.port = static_cast<uint16_t>(first_port + below(3)),
                              .sequence = sequence + near(),
                              .acknowledged = acknowledged + near(),
                              .flags = flags,
                              .data = data});
        }
    }

    /// A little more or less, the size of a window, or anything.
    uint32_t near() {
        const uint32_t all[] = {0,   0,    0,    1,        ~0U,
                                100, 4379, 4380, 1U << 31, static_cast<uint32_t>(random_())};
        return all[below(std::size(all))];
    }

    void damage(Bytes& frame) {
        const size_t headers = std::min<size_t>(frame.size(), 80);
        switch (below(5)) {
        case 0:
            frame[below(frame.size())] ^= static_cast<std::byte>(1U << below(8));
            break;
        case 1:
            frame[below(headers)] = static_cast<std::byte>(below(2) == 0 ? random_() : 0xff);
            break;
        case 2:
            frame.resize(shortest + below(frame.size()));
            break;
        case 3:
            frame.resize(std::min(longest, frame.size() + below(1500)));
            break;
        default: // lengths and offsets, most of all
            const size_t places[] = {14, 14, 16, 17, 20, 21, 23, 46, 46, 47, 54, 55};
            const size_t at = places[below(std::size(places))];
            if (at < frame.size())
                frame[at] = static_cast<std::byte>(random_());
        }
    }

    /// The IPv4 header has a right checksum.
    static void sum(Bytes& frame) {
        if (frame.size() < ip_at + ip_bytes)
            return;
        const size_t told = (static_cast<size_t>(frame[ip_at]) & 15) * 4;
        const size_t header = std::min(std::max(told, ip_bytes), frame.size() - ip_at);
        frame[ip_sum_at] = frame[ip_sum_at + 1] = std::byte{0};
        const u16_t sum = inet_chksum(frame.data() + ip_at, static_cast<u16_t>(header));
        frame[ip_sum_at] = static_cast<std::byte>(sum);
        frame[ip_sum_at + 1] = static_cast<std::byte>(sum >> 8);
    }

    std::mt19937 random_;
};

} // namespace

TEST_CASE("stack: damaged frames, from seeds; then all is as it was") {
    Machine& machine = Machine::the_one();
    REQUIRE(machine.answers_ping());
    const abi::Word restarts = machine.interface.counts().restarts;
    for (unsigned seed = 0; seed < seeds; seed++) {
        CAPTURE(seed);
        Frames frames(seed);
        test::Connection connection(machine, first_port);
        for (unsigned i = 0; i < frames_of_each; i++) {
            machine.receive(frames.next(connection.sent(), connection.acknowledged()),
                            frames.below(4) == 0 ? 0 : virtio::data_valid);
            if (frames.below(50) == 0)
                machine.pass(frames.below(5000));
        }
        machine.pass(half_an_hour);
        REQUIRE(machine.answers_ping());
        machine.check_unused();
    }
    CHECK(machine.interface.counts().restarts == restarts);
}

TEST_CASE("stack: a byte from the other end of the sequence numbers is not taken") {
    Machine& machine = Machine::the_one();
    test::Connection connection(machine, first_port);
    const Bytes data = test::pattern(2);
    const std::span all(data);
    connection.send_at(1U << 31, all.first(1));
    CHECK(connection.received().empty());
    connection.send_at(0, all);
    CHECK(connection.received() == data);
    connection.reset();
    machine.check_unused();
}

TEST_CASE("stack: a window that opens by little, when there is data for it already") {
    Machine& machine = Machine::the_one();
    for (const uint16_t window : std::initializer_list<uint16_t>{0, 1, 2, 3, 100}) {
        CAPTURE(window);
        test::Connection connection(machine, first_port, 0);
        const Bytes data = test::pattern(200);
        const std::span all(data);
        connection.send_at(0, all.first(100));
        connection.window = window;
        connection.send_at(100, all.subspan(100));
        connection.window = 0xffff;
        machine.pass(10'000);
        CHECK(connection.received() == data);
        connection.reset();
        machine.check_unused();
    }
}
