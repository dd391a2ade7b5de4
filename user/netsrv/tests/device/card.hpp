// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A virtio network card that is played: registers, and queues in memory that it reads and writes
/// by addresses of its own. It keeps the rules, and checks that the driver does; a test makes it
/// lie, by what it offers, and by what it writes into a queue.
///
///     driver ── Registers ──> Card ── area ──> sent, and what is delivered
///
/// What the card has, the driver must not touch: these buffers are poisoned for the sanitizer.
/// Read next: card.cpp, user/netsrv/net_device.hpp.
/// @stage{none}
#pragma once

#include "user/netsrv/net_device.hpp"

#include <array>
#include <deque>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace test {

using abi::Word;
using Bytes = std::vector<std::byte>;

constexpr unsigned receive_queue = 0;
constexpr unsigned send_queue = 1;

class Card {
public:
    /// What it says it is.
    struct Offer {
        uint32_t magic = 0x74726976;
        uint32_t version = 2;
        uint32_t device = 1;
        Word features = virtio::feature_version_1 | virtio::feature_event_index | Word{1} << 5;
        uint32_t queue_size = virtio::queue_size;
        bool agrees = true;        ///< to the features
        bool always_ready = false; ///< the queues, even after a reset
        bool writes = false;       ///< into the queues, even after a reset
        std::array<uint8_t, 6> address = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
    };

    /// @param bytes of memory that card and driver share
    explicit Card(Word bytes);
    ~Card();
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;

    [[nodiscard]] Word registers() const { return reinterpret_cast<Word>(this); }
    [[nodiscard]] virtio::DmaArea area() const;

    // What a good card does.

    /// False if the driver has given it no buffer.
    bool deliver(const Bytes& frame, uint8_t flags = 0);
    /// Frames that were sent since, without their headers.
    std::vector<Bytes> take_sent() { return std::exchange(sent_, {}); }
    /// Does it interrupt? Then it has been seen.
    bool take_interrupt() { return std::exchange(interrupts_, false); }
    /// Does it work: was it started, and not reset since?
    [[nodiscard]] bool runs() const { return (status_ & 4) != 0; }
    /// Buffers that it has.
    [[nodiscard]] size_t has(unsigned queue) const { return queues_[queue].has.size(); }

    // What a bad one does. Until it is reset, nobody is watched after that: who believes it is
    // right.

    Offer offer;
    /// Returns a buffer, whether it has it or not.
    void put(unsigned queue, uint32_t id, uint32_t bytes);
    /// The oldest that it has, with this length.
    bool put_oldest(unsigned queue, uint32_t bytes);
    /// Says that so many were returned.
    void claim(unsigned queue, uint16_t idx);
    [[nodiscard]] uint16_t given(unsigned queue) const { return queues_[queue].given; }
    /// Fills all that it writes with random bytes.
    void scribble(unsigned queue, std::mt19937& random);
    /// Asks to be reset.
    void ask_for_reset();
    /// It returns nothing that is sent.
    bool keeps = false;

    uint32_t load(unsigned at);
    void store(unsigned at, uint32_t value);

private:
    struct Queue {
        bool ready = false;
        Word descriptors = 0;
        Word available = 0;
        Word used = 0;
        uint16_t taken = 0;
        uint16_t given = 0;
        std::deque<uint16_t> has;
    };

    template <class T>
    T& at(Word paddr);
    std::byte* memory(Word paddr, Word bytes);
    virtio::Descriptor descriptor(unsigned queue, uint16_t id);
    void store_queue(Queue& queue, unsigned at, uint32_t value);
    void take(unsigned queue);
    void lie();
    void give_back(unsigned queue, uint32_t id, uint32_t bytes);
    void send_all();
    void interrupt_for(unsigned queue);
    void reset();
    void set_address(Word& address, uint32_t value, bool high) const;

    std::unique_ptr<std::byte[], void (*)(void*)> area_;
    Word bytes_;
    uint32_t status_ = 0;
    uint32_t interrupt_status_ = 0;
    uint32_t features_select_ = 0;
    uint32_t driver_features_select_ = 0;
    Word agreed_ = 0;
    uint32_t selected_ = 0;
    Queue queues_[2];
    bool interrupts_ = false;
    bool lied_ = false;
    std::vector<Bytes> sent_;
};

} // namespace test
