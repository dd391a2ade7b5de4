// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Slots are found by looking through the records, untypeds by size in lists.
/// @stage{1}
#include "user/lib/allocator.hpp"

#include "kernel/abi/object.hpp"

#include <algorithm>

namespace user {

using State = Allocator::Record::State;

namespace {

/// @pre bits is that of a page at least.
Word pages(unsigned bits) { return Word{1} << (bits - abi::page_bits); }

} // namespace

Allocator::Record& Allocator::record(Index index) const { return records_[index - 1]; }

void Allocator::take_slots(abi::SlotRegion region) {
    first_ = region.start;
    used_ = region.end - region.start;
    if (used_ > records_.size())
        used_ = records_.size();
}

void Allocator::take_more_slots(std::span<Record> records, CPtr end) {
    std::copy_n(records_.begin(), used_, records.begin());
    records_ = records;
    used_ = std::min<Word>(end - first_, records.size());
}

bool Allocator::take_untyped(CPtr untyped, unsigned bits) {
    const Index index = add_untyped(untyped, bits);
    if (index == 0)
        return false;
    push(index);
    return true;
}

bool Allocator::take_device_untyped(CPtr untyped, unsigned bits, Word paddr) {
    const Index index = add_untyped(untyped, bits);
    if (index == 0)
        return false;
    record(index).state = State::free_device;
    record(index).device = true;
    record(index).page = static_cast<uint32_t>(paddr >> abi::page_bits);
    return true;
}

/// All of an untyped from outside becomes one untyped in a slot of the region, so that it has a
/// record like all others.
Allocator::Index Allocator::add_untyped(CPtr untyped, unsigned bits) {
    const CPtr slot = this->slot();
    if (slot == 0)
        return 0;
    if (!sel4::untyped_retype(untyped, ObjectType::untyped, bits, slot)) {
        release_slot(slot);
        return 0;
    }
    const Index index = index_of(slot);
    record(index) = {.state = State::used_untyped, .bits = static_cast<uint8_t>(bits)};
    return index;
}

CPtr Allocator::slot(Word count) {
    Word run = 0;
    while (full_ < used_ && records_[full_].state != State::free)
        full_++;
    for (Word i = full_; i < used_; i++) {
        run = records_[i].state == State::free ? run + 1 : 0;
        if (run < count)
            continue;
        for (Word k = i + 1 - count; k <= i; k++)
            records_[k] = {.state = State::lent};
        return first_ + i + 1 - count;
    }
    return 0;
}

void Allocator::release_slot(CPtr first, Word count) {
    for (CPtr slot = first; slot < first + count; slot++) {
        sel4::cap_delete(slot);
        clear(index_of(slot));
    }
}

CPtr Allocator::make(ObjectType type, unsigned size_bits) {
    const Word bits = abi::object_bits(type, size_bits);
    if (bits < abi::least_untyped_bits || bits > abi::greatest_untyped_bits)
        return 0;
    const Index memory = take(static_cast<unsigned>(bits));
    if (memory == 0 || type == ObjectType::untyped)
        return memory == 0 ? 0 : slot_of(memory);
    return object_in(memory, type, size_bits);
}

/// The object that fills an untyped.
CPtr Allocator::object_in(Index memory, ObjectType type, unsigned size_bits) {
    const CPtr slot = this->slot();
    if (slot == 0 || !sel4::untyped_retype(slot_of(memory), type, size_bits, slot)) {
        if (slot != 0)
            release_slot(slot);
        give_back(memory);
        return 0;
    }
    record(index_of(slot)) = {.parent = memory, .state = State::object};
    return slot;
}

CPtr Allocator::device_untyped(Word paddr, unsigned bits) {
    const Word page = paddr >> abi::page_bits;
    for (Index i = 1; i <= used_; i++) {
        const Record& device = record(i);
        if (device.state != State::free_device || device.bits < bits ||
            page - device.page >= pages(device.bits))
            continue;
        Index memory = i;
        while (memory != 0 && record(memory).bits > bits) {
            memory = split(memory);
            if (memory != 0 && page >= record(memory + 1).page)
                memory++;
        }
        if (memory == 0)
            return 0;
        record(memory).state = State::used_untyped;
        return slot_of(memory);
    }
    return 0;
}

CPtr Allocator::device_frame(Word paddr) {
    const CPtr untyped = device_untyped(paddr);
    return untyped == 0 ? 0 : object_in(index_of(untyped), ObjectType::page, 0);
}

void Allocator::destroy(CPtr object) {
    Index index = index_of(object);
    if (record(index).state == State::object) {
        const Index memory = record(index).parent;
        clear(index);
        index = memory;
    }
    sel4::cap_revoke(slot_of(index));
    give_back(index);
}

/// A free untyped of this size, out of its list; 0 if there is none.
Allocator::Index Allocator::take(unsigned bits) {
    unsigned larger = bits;
    while (larger <= abi::greatest_untyped_bits && free_[larger] == 0)
        larger++;
    if (larger > abi::greatest_untyped_bits)
        return 0;
    Index index = free_[larger];
    remove(index);
    record(index).state = State::used_untyped;
    for (; larger > bits; larger--) {
        const Index half = split(index);
        if (half == 0) {
            give_back(index);
            return 0;
        }
        push(half + 1);
        index = half;
    }
    return index;
}

/// Makes two halves of an untyped that is in no list; they are neighbours. Answers the first.
Allocator::Index Allocator::split(Index index) {
    const Record whole = record(index);
    const CPtr slots = slot(2);
    const uint8_t bits = static_cast<uint8_t>(whole.bits - 1U);
    if (slots == 0)
        return 0;
    if (!sel4::untyped_retype(slot_of(index), ObjectType::untyped, bits, slots, 2)) {
        release_slot(slots, 2);
        return 0;
    }
    const Index first = index_of(slots);
    const State state = whole.device ? State::free_device : State::used_untyped;
    record(index).state = State::split_untyped;
    Record half = {
        .parent = index, .state = state, .bits = bits, .device = whole.device, .page = whole.page};
    record(first) = half;
    half.second = true;
    if (whole.device)
        half.page += static_cast<uint32_t>(pages(bits));
    record(first + 1) = half;
    return first;
}

/// Takes an untyped without children back, and joins it with its other half if that is free too.
void Allocator::give_back(Index index) {
    for (;;) {
        const Record freed = record(index);
        const State free = freed.device ? State::free_device : State::free_untyped;
        const Index other = freed.second ? index - 1 : index + 1;
        if (freed.parent == 0 || record(other).state != free)
            break;
        if (!freed.device)
            remove(other);
        sel4::cap_revoke(slot_of(freed.parent));
        clear(index);
        clear(other);
        index = freed.parent;
    }
    if (record(index).device)
        record(index).state = State::free_device;
    else
        push(index);
}

/// The slot is free.
void Allocator::clear(Index index) {
    record(index) = {};
    full_ = std::min<Word>(full_, index - 1);
}

void Allocator::push(Index index) {
    Record& freed = record(index);
    freed.state = State::free_untyped;
    freed.next = free_[freed.bits];
    free_[freed.bits] = index;
}

void Allocator::remove(Index index) {
    Index* link = &free_[record(index).bits];
    while (*link != index)
        link = &record(*link).next;
    *link = record(index).next;
}

void Allocator::reset() {
    for (Record& each : records_)
        each = {};
    full_ = 0;
    for (Index& list : free_)
        list = 0;
}

Word Allocator::free_slots() const {
    Word count = 0;
    for (Word i = 0; i < used_; i++)
        count += records_[i].state == State::free ? 1 : 0;
    return count;
}

Word Allocator::free_bytes() const {
    Word bytes = 0;
    for (Word i = 0; i < used_; i++)
        if (records_[i].state == State::free_untyped)
            bytes += Word{1} << records_[i].bits;
    return bytes;
}

} // namespace user
