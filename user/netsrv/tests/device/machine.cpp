// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See machine.hpp; and what lwIP needs of its surroundings (port/).
/// @stage{none}
#include "user/netsrv/tests/device/machine.hpp"

#include "user/netsrv/start.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <doctest/doctest.h>
#include <initializer_list>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/stats.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <string>

namespace {

constexpr ip4_addr_t own{PP_HTONL(LWIP_MAKEU32(10, 0, 2, 15))};
constexpr ip4_addr_t mask{PP_HTONL(LWIP_MAKEU32(255, 255, 255, 0))};
constexpr ip4_addr_t peer{PP_HTONL(LWIP_MAKEU32(10, 0, 2, 2))};
constexpr uint16_t echo_port = 7;
constexpr uint8_t own_card[] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
constexpr uint8_t peer_card[] = {2, 0, 0, 0, 0, 1};
constexpr uint32_t half_of_all = 1U << 31; ///< sequence numbers
constexpr unsigned ethernet_bytes = 14;
constexpr unsigned ip_bytes = 20;

uint32_t now = 0;

err_t echo(void*, tcp_pcb* pcb, pbuf* data, err_t) {
    if (data == nullptr)
        return tcp_close(pcb);
    tcp_recved(pcb, data->tot_len);
    for (const pbuf* piece = data; piece != nullptr; piece = piece->next)
        static_cast<void>(tcp_write(pcb, piece->payload, piece->len, TCP_WRITE_FLAG_COPY));
    pbuf_free(data);
    return ERR_OK;
}

err_t accept(void*, tcp_pcb* pcb, err_t error) {
    if (error != ERR_OK)
        return error;
    tcp_recv(pcb, echo);
    ip_set_option(pcb, SOF_KEEPALIVE); // else those of whom nothing is heard stay
    return ERR_OK;
}

void listen() {
    tcp_pcb* const pcb = tcp_new();
    REQUIRE(tcp_bind(pcb, IP_ANY_TYPE, echo_port) == ERR_OK);
    tcp_accept(tcp_listen(pcb), accept);
}

template <class T>
void append(test::Bytes& bytes, const T& value) {
    const std::byte* const start = reinterpret_cast<const std::byte*>(&value);
    bytes.insert(bytes.end(), start, start + sizeof value);
}

/// As the network has them.
void append16(test::Bytes& bytes, std::initializer_list<size_t> numbers) {
    for (const size_t number : numbers)
        append(bytes, lwip_htons(static_cast<uint16_t>(number)));
}

void put16(test::Bytes& bytes, size_t at, uint16_t value) {
    memcpy(bytes.data() + at, &value, sizeof value);
}

uint16_t get16(const test::Bytes& bytes, size_t at) {
    uint16_t value = 0;
    memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// An answer to the question of this frame, who we are.
test::Bytes arp_answer() {
    test::Bytes frame;
    append(frame, own_card);
    append(frame, peer_card);
    append16(frame, {0x0806, 1, 0x0800, 0x0604, 2});
    append(frame, peer_card);
    append(frame, peer);
    append(frame, own_card);
    append(frame, own);
    return frame;
}

test::Bytes ping(uint16_t number, bool reply) {
    test::Bytes data;
    append16(data, {reply ? 0U : 0x0800U, 0, 0x1234, number});
    for (unsigned i = 0; i < 200; i++)
        data.push_back(static_cast<std::byte>(i * number));
    put16(data, 2, inet_chksum(data.data(), static_cast<u16_t>(data.size())));
    return data;
}

} // namespace

extern "C" u32_t sys_now() { return now; }

extern "C" unsigned netsrv_random() {
    static std::mt19937 random;
    return static_cast<unsigned>(random());
}

extern "C" unsigned netsrv_first_number(const ip4_addr_t*, u16_t, const ip4_addr_t*, u16_t) {
    return netsrv_random();
}

extern "C" void netsrv_assert(const char* text, const char* file, int line) {
    FAIL(std::string(text), " (", std::string(file), ":", line, ")");
    abort();
}

namespace test {

Machine& Machine::the_one() {
    static Machine machine;
    return machine;
}

Machine::Machine() : card(netsrv::card_memory) {
    REQUIRE(interface.start(card.registers(), card.area()));
    netif_set_addr(&interface.stack(), &own, &mask, &peer);
    listen();
    run();
}

void Machine::run() {
    constexpr unsigned enough = 10'000;
    for (unsigned turn = 0;; turn++) {
        REQUIRE(turn < enough);
        while (interface.poll())
            REQUIRE(++turn < enough);
        if (!interface.arm())
            continue;
        if (!card.take_interrupt())
            return;
        interface.acknowledge();
    }
}

void Machine::pass(unsigned milliseconds) {
    for (unsigned passed = 0; passed < milliseconds; passed += 250) {
        now += 250;
        interface.tidy_up();
        sys_check_timeouts();
        interface.refresh();
        interface.publish();
        run();
    }
}

void Machine::receive(const Bytes& frame, uint8_t flags) {
    static_cast<void>(card.deliver(frame, flags));
    if (card.take_interrupt()) {
        interface.acknowledge();
        run();
    }
}

bool Machine::answers_ping() {
    const uint16_t number = ++pings_;
    const Bytes expected = ping(number, true);
    static_cast<void>(card.take_sent());
    receive(packet(IP_PROTO_ICMP, ping(number, false)));
    for (unsigned turn = 0; turn < 2; turn++) {
        for (const Bytes& frame : card.take_sent()) {
            if (get16(frame, 12) == PP_HTONS(0x0806))
                receive(arp_answer());
            const size_t data = ethernet_bytes + ip_bytes;
            if (frame.size() == data + expected.size() &&
                std::ranges::equal(std::span(frame).subspan(data), expected))
                return true;
        }
    }
    return false;
}

size_t Machine::memory_in_use() { return lwip_stats.mem.used; }

void Machine::check_unused() {
    run();
    CHECK(interface.buffers_in_use() == 0);
    CHECK(card.has(receive_queue) == virtio::queue_size);
    CHECK(tcp_active_pcbs == nullptr);
    CHECK(tcp_tw_pcbs == nullptr);
    REQUIRE(memory_in_use() == 0);
}

Connection::Connection(Machine& machine, uint16_t port, uint16_t size)
    : window(size), machine_(machine), port_(port) {
    REQUIRE(machine.answers_ping()); // it knows our card
    static_cast<void>(machine.card.take_sent());
    segment(TCP_SYN, 0, {});
    static_cast<void>(take_data());
    REQUIRE(acknowledged_ != 0);
    sent_ = 1;
    segment(TCP_ACK, sent_, {});
}

void Connection::segment(uint8_t flags, uint32_t sequence, std::span<const std::byte> data) {
    machine_.receive(tcp({port_, sequence, acknowledged_, flags, window, data}));
}

void Connection::send_at(uint32_t offset, std::span<const std::byte> data) {
    const uint32_t sequence = 1 + offset;
    segment(TCP_ACK | TCP_PSH, sequence, data);
    if (offset < half_of_all)
        sent_ = std::max(sent_, sequence + static_cast<uint32_t>(data.size()));
}

/// Data that was sent to this port, in order and once.
Bytes Connection::take_data() {
    constexpr unsigned tcp_at = ethernet_bytes + ip_bytes;
    Bytes data;
    for (const Bytes& frame : machine_.card.take_sent()) {
        if (frame.size() < tcp_at + TCP_HLEN || get16(frame, tcp_at + 2) != lwip_htons(port_))
            continue;
        tcp_hdr header{};
        memcpy(&header, frame.data() + tcp_at, sizeof header);
        const uint32_t sequence = lwip_ntohl(header.seqno);
        if ((TCPH_FLAGS(&header) & TCP_SYN) != 0)
            acknowledged_ = sequence + 1;
        const size_t start = tcp_at + TCPH_HDRLEN_BYTES(&header);
        const uint32_t had = acknowledged_ - sequence;
        if (start + had >= frame.size())
            continue;
        data.insert(data.end(), frame.begin() + static_cast<ptrdiff_t>(start + had), frame.end());
        acknowledged_ += static_cast<uint32_t>(frame.size() - start - had);
    }
    return data;
}

Bytes Connection::received() {
    Bytes all;
    for (;;) {
        const Bytes more = take_data();
        if (more.empty())
            return all;
        all.insert(all.end(), more.begin(), more.end());
        segment(TCP_ACK, sent_, {});
    }
}

void Connection::reset() { segment(TCP_RST | TCP_ACK, sent_, {}); }

Bytes pattern(size_t length) {
    Bytes bytes(length);
    std::ranges::generate(bytes,
                          [number = 0U]() mutable { return static_cast<std::byte>(number++ * 7); });
    return bytes;
}

Bytes packet(uint8_t protocol, Bytes payload) {
    Bytes frame;
    append(frame, own_card);
    append(frame, peer_card);
    const unsigned time_to_live = 64;
    append16(frame, {0x0800, 0x4500, ip_bytes + payload.size(), 0, 0x4000,
                     time_to_live << 8 | protocol, 0});
    append(frame, peer);
    append(frame, own);
    put16(frame, ethernet_bytes + 10, inet_chksum(frame.data() + ethernet_bytes, ip_bytes));
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

Bytes tcp(const Segment& segment) {
    Bytes data;
    append16(data, {segment.port, echo_port});
    append(data, lwip_htonl(segment.sequence));
    append(data, lwip_htonl(segment.acknowledged));
    append16(data, {0x5000U | segment.flags, segment.window, 0, 0});
    data.insert(data.end(), segment.data.begin(), segment.data.end());
    Bytes summed;
    append(summed, peer);
    append(summed, own);
    append16(summed, {IP_PROTO_TCP, data.size()});
    summed.insert(summed.end(), data.begin(), data.end());
    put16(data, 16, inet_chksum(summed.data(), static_cast<u16_t>(summed.size())));
    return packet(IP_PROTO_TCP, data);
}

} // namespace test
