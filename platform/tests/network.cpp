// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Answers frames for ever, without a memory of any: 10.0.2.15 is here, echoes pings, and echoes
/// UDP and TCP. What it does wrong on purpose is chosen by the port that it is spoken to:
///
///     7 echoes          8 with a wrong checksum      9 says nothing       10 after a millisecond
///     11 echoes twice   12 in segments of 100 bytes  13 tells the header's flags
///     14 with a wrong checksum of IPv4               15 looks at nothing more for 10 ms
///     16 ends the machine, with the exit code of the first byte
///
/// A TCP connection's first number is its client's port. Waits in wfi, or, with wait=poll, never;
/// with sums=card, the card sums what is sent, and may leave out the sums of what it gives.
/// Prints `info features 0x..`. For the tests of network scripts (peer.py).

#include "platform/tests/lib/clock.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/environment.hpp"
#include "platform/tests/lib/virtio_net.hpp"

namespace {

constexpr uint32_t ethernet_bytes = 14;
constexpr uint32_t ip = ethernet_bytes;
constexpr uint32_t transport = ip + 20;
constexpr uint32_t udp_data = transport + 8;
constexpr uint32_t tcp_data = transport + 20;
constexpr uint32_t own_address = 0x0A00'020F;
constexpr uint8_t own_card[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
constexpr uint8_t icmp_number = 1;
constexpr uint8_t tcp_number = 6;
constexpr uint8_t udp_number = 17;

enum TcpFlag : uint8_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16 };

enum Port : uint32_t {
    bad_sum = 8,
    nothing = 9,
    late = 10,
    twice = 11,
    segments = 12,
    flags = 13,
    bad_ip_sum = 14,
    pause = 15,
    finish = 16,
};

constinit virtio::Queue receive_queue = {};
constinit virtio::Queue send_queue = {};
constinit virtio::NetworkCard card;

uint32_t number(const uint8_t* at, unsigned bytes) {
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

void put(uint8_t* at, unsigned bytes, uint32_t value) {
    for (unsigned i = 0; i < bytes; i++)
        at[i] = static_cast<uint8_t>(value >> 8 * (bytes - 1 - i));
}

void copy(uint8_t* to, const uint8_t* from, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++)
        to[i] = from[i];
}

/// Sum of 16-bit words, to be folded.
uint32_t sum(const uint8_t* data, uint32_t bytes) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < bytes; i++)
        total += i % 2 == 0 ? uint32_t{data[i]} << 8 : data[i];
    return total;
}

uint32_t fold(uint32_t total) {
    while (total > 0xFFFF)
        total = (total & 0xFFFF) + (total >> 16);
    return total;
}

void wait_ticks(uint64_t count) {
    const uint64_t start = csr::read<csr::time>();
    while (csr::read<csr::time>() - start < count) {
    }
}

/// A packet to the sender of `request`: `bytes` of it stand behind the IPv4 header. What is at
/// `sum_offset` from there is its checksum.
void send(const uint8_t* request, virtio::Buffer& buffer, uint32_t bytes, uint32_t sum_offset,
          uint32_t port) {
    uint8_t* const frame = buffer.frame;
    uint8_t* const packet = frame + transport;
    copy(frame, request + 6, 6);
    copy(frame + 6, own_card, 6);
    copy(frame + 12, request + 12, 22);
    put(frame + ip + 2, 2, 20 + bytes);
    put(frame + ip + 10, 2, 0);
    copy(frame + ip + 12, request + ip + 16, 4);
    copy(frame + ip + 16, request + ip + 12, 4);
    put(frame + ip + 10, 2, ~fold(sum(frame + ip, 20)) ^ (port == bad_ip_sum ? 0x101 : 0));
    const bool has_pseudo_header = frame[ip + 9] != icmp_number;
    const uint32_t pseudo = has_pseudo_header ? sum(frame + ip + 12, 8) + frame[ip + 9] + bytes : 0;
    put(packet + sum_offset, 2, 0);
    if (has_pseudo_header && (card.features() & virtio::feature_sums) != 0) {
        buffer.header.flags = virtio::needs_sum;
        buffer.header.sum_start = transport;
        buffer.header.sum_offset = static_cast<uint16_t>(sum_offset);
        put(packet + sum_offset, 2, fold(pseudo) ^ (port == bad_sum ? 0x101 : 0));
    } else {
        const uint32_t right = ~fold(sum(packet, bytes) + pseudo) & 0xFFFF;
        put(packet + sum_offset, 2, (right == 0 ? 0xFFFF : right) ^ (port == bad_sum ? 0x101 : 0));
    }
    card.send(transport + bytes);
}

void answer_arp(const uint8_t* request) {
    if (number(request + 20, 2) != 1 || number(request + 38, 4) != own_address)
        return;
    virtio::Buffer& buffer = card.room();
    copy(buffer.frame, request + 6, 6);
    copy(buffer.frame + 6, own_card, 6);
    copy(buffer.frame + 12, request + 12, 8);
    put(buffer.frame + 20, 2, 2);
    copy(buffer.frame + 22, own_card, 6);
    put(buffer.frame + 28, 4, own_address);
    copy(buffer.frame + 32, request + 22, 10);
    card.send(42);
}

void answer_ping(const uint8_t* request, uint32_t bytes) {
    virtio::Buffer& buffer = card.room();
    copy(buffer.frame + transport, request + transport, bytes);
    buffer.frame[transport] = 0;
    send(request, buffer, bytes, 2, 0);
}

void answer_udp(const virtio::Buffer& received, uint32_t bytes, uint32_t port) {
    const uint8_t* const request = received.frame;
    for (int copies = port == twice ? 2 : 1; copies > 0; copies--) {
        virtio::Buffer& buffer = card.room();
        uint8_t* const packet = buffer.frame + transport;
        copy(packet, request + transport + 2, 2);
        copy(packet + 2, request + transport, 2);
        put(packet + 4, 2, bytes);
        copy(packet + 8, request + udp_data, bytes - 8);
        if (port == flags)
            packet[8] = received.header.flags;
        send(request, buffer, bytes, 6, port);
    }
}

struct Segment {
    uint8_t flags;
    uint32_t sequence;
    uint32_t acknowledged;
    const uint8_t* data;
    uint32_t bytes;
};

void send_segment(const uint8_t* request, const Segment& segment, uint32_t port) {
    virtio::Buffer& buffer = card.room();
    uint8_t* const packet = buffer.frame + transport;
    copy(packet, request + transport + 2, 2);
    copy(packet + 2, request + transport, 2);
    put(packet + 4, 4, segment.sequence);
    put(packet + 8, 4, segment.acknowledged);
    packet[12] = 5 << 4;
    packet[13] = segment.flags;
    put(packet + 14, 2, 0xFFFF);
    put(packet + 18, 2, 0);
    copy(packet + 20, segment.data, segment.bytes);
    send(request, buffer, 20 + segment.bytes, 16, port);
}

/// What was acknowledged to us says where we are.
void answer_tcp(const uint8_t* request, uint32_t bytes, uint32_t port) {
    const uint8_t got = request[transport + 13];
    const uint32_t header = uint32_t{request[transport + 12]} / 16 * 4;
    const uint32_t sequence = number(request + transport + 4, 4);
    const uint32_t own = number(request + transport + 8, 4);
    const uint32_t length = bytes - header;
    const uint8_t* const data = request + transport + header;
    if ((got & rst) != 0)
        return;
    if ((got & syn) != 0) {
        const uint32_t first = number(request + transport, 2);
        send_segment(request, {syn | ack, first, sequence + 1, data, 0}, port);
        return;
    }
    const uint32_t step = port == segments ? 100 : 1400;
    if (length != 0)
        send_segment(request, {ack, own, sequence + length, data, 0}, port);
    for (uint32_t at = 0; at < length; at += step) {
        const uint32_t part = length - at < step ? length - at : step;
        send_segment(request, {psh | ack, own + at, sequence + length, data + at, part}, port);
    }
    if ((got & fin) != 0)
        send_segment(request, {fin | ack, own + length, sequence + length + 1, data, 0}, port);
}

void answer(const virtio::Buffer& received, uint32_t frame_bytes) {
    const uint8_t* const request = received.frame;
    if (number(request + 12, 2) == 0x806)
        answer_arp(request);
    if (number(request + 12, 2) != 0x800 || frame_bytes < udp_data)
        return;
    const uint32_t bytes = number(request + ip + 2, 2) - 20;
    const uint8_t protocol = request[ip + 9];
    const uint32_t port = number(request + transport + 2, 2);
    if (protocol == icmp_number)
        answer_ping(request, bytes);
    if (protocol == icmp_number || port == nothing)
        return;
    if (port == finish)
        end_machine(request[udp_data]);
    if (port == late)
        wait_ticks(ticks(1) / 1000);
    if (port == pause)
        wait_ticks(ticks(1) / 100);
    if (protocol == udp_number)
        answer_udp(received, bytes, port);
    if (protocol == tcp_number && frame_bytes >= tcp_data)
        answer_tcp(request, bytes, port);
}

void sleep_until_interrupt() {
    asm volatile("wfi");
    card.acknowledge();
    board.plic.complete(this_hart().id, board.plic.claim(this_hart().id));
}

} // namespace

void guest_main() {
    const uint64_t features =
        board.argument_is("sums", "card") ? virtio::feature_sums | virtio::feature_guest_sums : 0;
    if (!card.start(receive_queue, send_queue, features)) {
        console::write("FAIL network-card: there is none\nend 1\n");
        end_machine(1);
    }
    console::print("info features ", console::Hex{card.features()}, "\n");
    const bool poll = board.argument_is("wait", "poll");
    board.plic.enable_only(this_hart().id, card.interrupt());
    csr::set<csr::sie>(bit(irq::supervisor_external));
    for (;;) {
        while (!card.has_frame())
            if (!poll)
                sleep_until_interrupt();
        uint32_t bytes = 0;
        const virtio::Buffer& received = card.frame(bytes);
        answer(received, bytes);
        card.give_back();
    }
}
