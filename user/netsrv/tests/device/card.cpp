// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See card.hpp.
/// @stage{none}
#include "user/netsrv/tests/device/card.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <doctest/doctest.h>
#include <sanitizer/asan_interface.h>

namespace virtio {

uint32_t Registers::load(unsigned at) const {
    return reinterpret_cast<test::Card*>(address_)->load(at);
}
uint8_t Registers::load_byte(unsigned at) const {
    return static_cast<uint8_t>(load(at & ~3U) >> 8 * (at & 3));
}
void Registers::store(unsigned at, uint32_t value) {
    reinterpret_cast<test::Card*>(address_)->store(at, value);
}

} // namespace virtio

namespace test {

namespace {

constexpr Word physical = 0x8'4000'0000; ///< where the area is for the card
constexpr uint32_t features_ok = 8;
constexpr uint32_t needs_reset = 64;
constexpr uint32_t buffer_returned = 1; ///< interrupts
constexpr uint32_t configuration_changed = 2;

} // namespace

Card::Card(Word bytes)
    : area_(static_cast<std::byte*>(std::aligned_alloc(4096, bytes)), std::free), bytes_(bytes) {
    memset(area_.get(), 0, bytes);
}

Card::~Card() { ASAN_UNPOISON_MEMORY_REGION(area_.get(), bytes_); }

virtio::DmaArea Card::area() const { return {area_.get(), physical, bytes_}; }

std::byte* Card::memory(Word paddr, Word bytes) {
    REQUIRE(paddr >= physical);
    REQUIRE(paddr - physical < bytes_);
    REQUIRE(bytes <= bytes_ - (paddr - physical));
    return area_.get() + (paddr - physical);
}

template <class T>
T& Card::at(Word paddr) {
    return *reinterpret_cast<T*>(memory(paddr, sizeof(T)));
}

virtio::Descriptor Card::descriptor(unsigned queue, uint16_t id) {
    return at<virtio::Descriptor>(queues_[queue].descriptors + id * sizeof(virtio::Descriptor));
}

// Registers.

uint32_t Card::load(unsigned at) {
    switch (at) {
    case 0x000:
        return offer.magic;
    case 0x004:
        return offer.version;
    case 0x008:
        return offer.device;
    case 0x010:
        if (offer.writes) {
            auto& shared = this->at<virtio::NetDevice::Memory>(physical);
            shared.receive.used.idx = shared.send.used.idx = 9;
        }
        return static_cast<uint32_t>(offer.features >> (features_select_ == 0 ? 0 : 32));
    case 0x034:
        return selected_ < 2 ? offer.queue_size : 0;
    case 0x044:
        return offer.always_ready || queues_[selected_ % 2].ready ? 1 : 0;
    case 0x060:
        return interrupt_status_;
    case 0x070:
        return offer.agrees ? status_ : status_ & ~features_ok;
    case 0x100:
    case 0x104: {
        uint32_t word = 0;
        memcpy(&word, offer.address.data() + (at - 0x100), at == 0x100 ? 4 : 2);
        return word;
    }
    default:
        FAIL("the driver reads a register that there is not: ", at);
        return 0;
    }
}

void Card::set_address(Word& address, uint32_t value, bool high) const {
    address =
        high ? (address & 0xffff'ffff) | Word{value} << 32 : (address & ~Word{0xffff'ffff}) | value;
}

void Card::store(unsigned at, uint32_t value) {
    switch (at) {
    case 0x014:
        features_select_ = value;
        break;
    case 0x020:
        set_address(agreed_, value, driver_features_select_ != 0);
        CHECK((agreed_ & ~offer.features) == 0);
        break;
    case 0x024:
        driver_features_select_ = value;
        break;
    case 0x030:
        selected_ = value;
        break;
    case 0x038:
        CHECK(value == virtio::queue_size);
        break;
    case 0x050:
        REQUIRE(value < 2);
        if (runs())
            take(value);
        if (runs() && value == send_queue && !keeps)
            send_all();
        break;
    case 0x064:
        interrupt_status_ &= ~value;
        break;
    case 0x070:
        status_ = value;
        if (value == 0)
            reset();
        else if (runs())
            take(receive_queue);
        break;
    default:
        store_queue(queues_[selected_ % 2], at, value);
    }
}

/// Where the selected queue is.
void Card::store_queue(Queue& queue, unsigned at, uint32_t value) {
    switch (at) {
    case 0x044:
        queue.ready = value != 0;
        break;
    case 0x080:
    case 0x084:
        set_address(queue.descriptors, value, at == 0x084);
        break;
    case 0x090:
    case 0x094:
        set_address(queue.available, value, at == 0x094);
        break;
    case 0x0a0:
    case 0x0a4:
        set_address(queue.used, value, at == 0x0a4);
        break;
    default:
        FAIL("the driver writes a register that there is not: ", at);
    }
}

/// Whatever it had is the driver's again.
void Card::reset() {
    ASAN_UNPOISON_MEMORY_REGION(area_.get(), bytes_);
    for (Queue& queue : queues_)
        queue = {};
    interrupt_status_ = 0;
    agreed_ = 0;
    lied_ = false;
}

// Queues.

/// Takes all that is available. Of what is to be received nobody may read anything until then.
void Card::take(unsigned index) {
    Queue& queue = queues_[index];
    const virtio::Available& available = at<virtio::Available>(queue.available);
    while (queue.taken != available.idx) {
        const uint16_t id = available.ids[queue.taken++ % virtio::queue_size];
        REQUIRE(id < virtio::queue_size);
        REQUIRE((lied_ || std::ranges::count(queue.has, id) == 0));
        queue.has.push_back(id);
        const virtio::Descriptor part = descriptor(index, id);
        std::byte* const start = memory(part.paddr, part.bytes);
        CHECK(part.flags == (index == receive_queue ? 2 : 0));
        if (index == receive_queue && !lied_)
            ASAN_POISON_MEMORY_REGION(start, part.bytes);
    }
    at<virtio::Used>(queue.used).avail_event = queue.taken;
}

void Card::interrupt_for(unsigned index) {
    const Queue& queue = queues_[index];
    if (at<virtio::Available>(queue.available).used_event ==
        static_cast<uint16_t>(queue.given - 1)) {
        interrupt_status_ |= buffer_returned;
        interrupts_ = true;
    }
}

void Card::give_back(unsigned index, uint32_t id, uint32_t bytes) {
    Queue& queue = queues_[index];
    virtio::Used& used = at<virtio::Used>(queue.used);
    used.elements[queue.given % virtio::queue_size] = {id, bytes};
    used.idx = ++queue.given;
    interrupt_for(index);
}

void Card::lie() {
    lied_ = true;
    interrupts_ = true;
    ASAN_UNPOISON_MEMORY_REGION(area_.get(), bytes_);
}

void Card::put(unsigned index, uint32_t id, uint32_t bytes) {
    if (!runs())
        return;
    lie();
    give_back(index, id, bytes);
}

bool Card::put_oldest(unsigned index, uint32_t bytes) {
    Queue& queue = queues_[index];
    if (!runs() || queue.has.empty())
        return false;
    const uint16_t id = queue.has.front();
    queue.has.pop_front();
    if (index == receive_queue) {
        const virtio::Descriptor part = descriptor(index, id);
        ASAN_UNPOISON_MEMORY_REGION(memory(part.paddr, part.bytes), std::min(bytes, part.bytes));
    }
    give_back(index, id, bytes);
    return true;
}

void Card::claim(unsigned index, uint16_t idx) {
    if (!runs())
        return;
    lie();
    queues_[index].given = idx;
    at<virtio::Used>(queues_[index].used).idx = idx;
}

void Card::scribble(unsigned index, std::mt19937& random) {
    if (!runs())
        return;
    lie();
    const Word used = queues_[index].used;
    for (Word i = 0; i < sizeof(virtio::Used); i++)
        at<uint8_t>(used + i) = static_cast<uint8_t>(random());
    queues_[index].given = at<virtio::Used>(used).idx;
}

void Card::ask_for_reset() {
    if (!runs())
        return;
    status_ |= needs_reset;
    interrupt_status_ |= configuration_changed;
    interrupts_ = true;
}

bool Card::deliver(const Bytes& frame, uint8_t flags) {
    if (!runs() || queues_[receive_queue].has.empty())
        return false;
    const uint16_t id = queues_[receive_queue].has.front();
    const virtio::Descriptor part = descriptor(receive_queue, id);
    const Word bytes = sizeof(virtio::NetHeader) + frame.size();
    REQUIRE(bytes <= part.bytes);
    std::byte* const start = memory(part.paddr, part.bytes);
    ASAN_UNPOISON_MEMORY_REGION(start, bytes);
    const virtio::NetHeader header{.flags = flags, .buffers = 1};
    memcpy(start, &header, sizeof header);
    memcpy(start + sizeof header, frame.data(), frame.size());
    return put_oldest(receive_queue, static_cast<uint32_t>(bytes));
}

void Card::send_all() {
    Queue& queue = queues_[send_queue];
    while (!queue.has.empty()) {
        const virtio::Descriptor part = descriptor(send_queue, queue.has.front());
        const std::byte* const start = memory(part.paddr, part.bytes);
        REQUIRE(part.bytes > sizeof(virtio::NetHeader));
        sent_.emplace_back(start + sizeof(virtio::NetHeader), start + part.bytes);
        put_oldest(send_queue, 0);
    }
}

} // namespace test
