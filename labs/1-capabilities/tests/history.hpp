// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A history of operations on capabilities that depends on the seed, and the number to which all
/// that is seen of it comes. The machine carries it out (guest/history.cpp); a model that has
/// nothing of the kernel works out what is right (answers/model.hpp).
///
/// There are `slots` slots, of one CNode. Untyped memory, `memory` bytes, lies outside. The first
/// `untypeds` slots only ever hold untyped memory, the others only objects. Only the standard
/// library is used, so that it compiles for both.
/// Read next: answers/model.cpp.
#pragma once

#include <initializer_list>
#include <stdint.h>

namespace history {

constexpr unsigned radix = 4;
constexpr unsigned slots = 1 << radix;
constexpr unsigned untypeds = 4;
constexpr unsigned memory_bits = 13;
constexpr unsigned steps = 400;

/// What can be made, and its size. The numbers are the script's own.
enum class Kind : uint8_t { untyped, notification, cnode, page };
constexpr unsigned cnode_radix = 2;

constexpr unsigned object_bits(Kind kind, unsigned untyped_bits) {
    switch (kind) {
    case Kind::untyped:
        return untyped_bits;
    case Kind::notification:
        return 5;
    case Kind::cnode:
        return cnode_radix + 5;
    case Kind::page:
        return 12;
    }
    return 0;
}

struct Step {
    enum What : uint8_t { retype, retype_within, copy, mint, move, remove, revoke };
    What what;
    Kind kind;     ///< retype
    uint8_t bits;  ///< retype: of an untyped
    uint8_t count; ///< retype
    uint8_t from;  ///< slot; of the untyped for retype_within
    uint8_t to;    ///< slot, the first one for retype
    uint8_t badge; ///< mint
};

/// Numbers as if drawn by chance (splitmix64).
class Random {
public:
    constexpr explicit Random(uint64_t seed) : state_(seed) {}
    constexpr uint64_t next() {
        uint64_t value = (state_ += 0x9e3779b97f4a7c15);
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
        value = (value ^ value >> 27) * 0x94d049bb133111eb;
        return value ^ value >> 31;
    }
    constexpr uint8_t below(unsigned limit) { return static_cast<uint8_t>((next() >> 16) % limit); }

private:
    uint64_t state_;
};

/// The steps, one after the other.
class Script {
public:
    constexpr explicit Script(uint64_t seed) : random_(seed) {}

    constexpr Step next() {
        constexpr Step::What often[] = {
            Step::retype,        Step::retype, Step::retype_within, Step::retype_within,
            Step::retype_within, Step::copy,   Step::copy,          Step::copy,
            Step::copy,          Step::mint,   Step::mint,          Step::mint,
            Step::move,          Step::move,   Step::remove,        Step::remove,
            Step::revoke,        Step::revoke};
        Step step{};
        step.what = often[random_.below(sizeof often / sizeof often[0])];
        if (step.what == Step::retype || step.what == Step::retype_within)
            choose_objects(step);
        else
            choose_ends(step);
        return step;
    }

private:
    constexpr void choose_objects(Step& step) {
        constexpr Kind kinds[] = {Kind::untyped,      Kind::untyped, Kind::notification,
                                  Kind::notification, Kind::cnode,   Kind::page};
        step.kind = kinds[random_.below(sizeof kinds / sizeof kinds[0])];
        step.bits = static_cast<uint8_t>(5 + random_.below(6));
        step.count = static_cast<uint8_t>(1 + random_.below(3));
        step.from = random_.below(untypeds);
        step.to = slot_of(step.kind == Kind::untyped, step.count);
    }
    constexpr void choose_ends(Step& step) {
        const bool untyped = random_.below(4) == 0;
        step.from = slot_of(untyped, 1);
        step.to = slot_of(untyped, 1);
        step.badge = random_.below(4);
        if (untyped && step.what == Step::mint)
            step.what = Step::copy;
    }
    /// The first of `count` slots for untyped memory, or for other objects.
    constexpr uint8_t slot_of(bool untyped, unsigned count) {
        if (untyped)
            return random_.below(untypeds + 1 - count);
        return static_cast<uint8_t>(untypeds + random_.below(slots - untypeds + 1 - count));
    }

    Random random_;
};

/// What was seen after a step: the error, the bytes that the error says are free, and one bit for
/// each slot that is not empty.
class Digest {
public:
    constexpr void add(uint64_t error, uint64_t free, uint64_t full) {
        for (const uint64_t word : {error, free, full}) {
            number_ ^= word;
            number_ *= 0x100000001b3; // FNV-1a, a word at a time
            number_ ^= number_ >> 29;
        }
    }
    [[nodiscard]] constexpr uint64_t number() const { return number_; }

private:
    uint64_t number_ = 0xcbf29ce484222325;
};

} // namespace history
