// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What memory is made of: each word keeps every value that it had, and a view says how far in
/// each word's history somebody has come.
///
///     history of tail     0 ────── 1 ────── 2         each store adds a version
///     view of producer                      ^         it stored 2
///     view of consumer    ^                           it may still load 0, 1 or 2
///
/// Read next: memory.hpp, which moves views.
/// @stage{4}
#pragma once

#include "runtime/tests/explore/operation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace explore {

/// Words of a scenario, notifications among them, at most.
constexpr unsigned most_words = 32;

using Place = uint16_t; ///< in a history: 0 is the value that a word had at the start

struct View {
    std::array<Place, most_words> place = {};      ///< by word: nothing older can be loaded
    std::array<uint16_t, most_threads> clock = {}; ///< by thread: operations that came before

    /// Comes as far as `other` has come, in the first `words` words.
    void join(const View& other, unsigned words) {
        for (unsigned word = 0; word < words; word++)
            place[word] = std::max(place[word], other.place[word]);
        for (unsigned thread = 0; thread < most_threads; thread++)
            clock[thread] = std::max(clock[thread], other.clock[thread]);
    }
};

/// A value that a word has, or had.
struct Version {
    static constexpr uint8_t nobody = most_threads;

    uint64_t value;
    View view;                ///< whoever acquires the value comes as far
    uint32_t step = 0;        ///< of the execution, that stored it; 0: it was there at the start
    uint8_t writer = nobody;  ///< the thread
    bool inseparable = false; ///< from the version before, which an exchange replaced by it
};

struct Word {
    std::byte* address = nullptr;
    uint8_t size = 0;                                   ///< in bytes
    std::vector<Version> history;                       ///< from the oldest to the newest
    std::array<uint16_t, most_threads> first_used = {}; ///< by which operation of a thread; 0: none

    [[nodiscard]] Place newest() const { return static_cast<Place>(history.size() - 1); }
};

/// A relaxed load that has returned a value which is not stored yet: the load is late, and an
/// operation behind it came first. It is an assumption, until another thread stores the value.
struct LateLoad {
    static constexpr Place never = 0xffff;

    uint16_t word;
    Place after;          ///< the place that it will read lies behind this one,
    Place before = never; ///< and before that one, the loader's next store to the word
    bool arrived = false;
    uint64_t value;
    uint32_t step;       ///< of the load
    uint32_t source = 0; ///< of the store, when it has arrived
};

/// How far a thread has come.
struct Knowledge {
    View now;
    View loaded;   ///< `now`, and what relaxed loads would have brought with acquire
    View released; ///< `now` at the last release fence: it goes with relaxed stores
    std::vector<LateLoad> late;
    uint16_t operations = 0;
};

/// One step of a hash.
[[nodiscard]] constexpr uint64_t mixed(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15;
    return hash ^ hash >> 32;
}

} // namespace explore
