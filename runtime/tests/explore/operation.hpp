// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a thread of a scenario can do to what it shares: the letters that executions are written
/// in. The stand-in of rt::SharedWord, explore::Notification and explore::Plain make operations,
/// the memory gives them meaning, and a report spells them as their source does.
/// Read next: memory.hpp.
/// @stage{4}
#pragma once

#include <cstdint>
#include <string_view>

namespace explore {

/// Threads of a scenario, at most.
constexpr unsigned most_threads = 4;

enum class Action : uint8_t {
    load_relaxed,
    load_acquire,
    store_relaxed,
    store_release,
    exchange,
    fetch_or,
    compare_exchange,
    fence_acquire,
    fence_release,
    fence_full,
    send,  ///< sets bits of a notification: fetch_or with release
    park,  ///< waits until one is set and takes them all: exchange with acquire
    pause, ///< "I wait for another thread"
    read,  ///< of plain memory
    write, ///< to plain memory
};

/// As code spells it.
[[nodiscard]] constexpr std::string_view spelled(Action action) {
    constexpr std::string_view names[] = {"load_relaxed",
                                          "load_acquire",
                                          "store_relaxed",
                                          "store_release",
                                          "exchange",
                                          "fetch_or",
                                          "compare_exchange",
                                          "fence_acquire",
                                          "fence_release",
                                          "fence_full",
                                          "send",
                                          "park",
                                          "pause",
                                          "read",
                                          "write"};
    return names[static_cast<unsigned>(action)];
}

struct Operation {
    Action action;
    uint8_t size = 0; ///< of the word, in bytes: 4 or 8
    void* address = nullptr;
    uint64_t operand = 0;  ///< what is stored, or or-ed
    uint64_t expected = 0; ///< by compare_exchange
};

[[nodiscard]] constexpr bool is_load(Action action) {
    return action == Action::load_relaxed || action == Action::load_acquire;
}

[[nodiscard]] constexpr bool is_store(Action action) {
    return action == Action::store_relaxed || action == Action::store_release;
}

/// Reads a word and writes it with nothing in between.
[[nodiscard]] constexpr bool is_exchange(Action action) {
    return action == Action::exchange || action == Action::fetch_or ||
           action == Action::compare_exchange || action == Action::send || action == Action::park;
}

[[nodiscard]] constexpr bool is_fence(Action action) {
    return action == Action::fence_acquire || action == Action::fence_release ||
           action == Action::fence_full;
}

/// Concerns a word that has a history.
[[nodiscard]] constexpr bool has_word(Action action) {
    return is_load(action) || is_store(action) || is_exchange(action);
}

[[nodiscard]] constexpr bool acquires(Action action) {
    return action == Action::load_acquire || (is_exchange(action) && action != Action::send);
}

[[nodiscard]] constexpr bool releases(Action action) {
    return action == Action::store_release || (is_exchange(action) && action != Action::park);
}

/// Comes after all loads before it, so none of these can still be on its way.
[[nodiscard]] constexpr bool waits_for_loads(Action action) {
    return releases(action) || is_fence(action);
}

/// Does it, on a word that has the value `old`, write?
[[nodiscard]] constexpr bool writes(const Operation& operation, uint64_t old) {
    return is_store(operation.action) ||
           (is_exchange(operation.action) &&
            (operation.action != Action::compare_exchange || old == operation.expected));
}

/// What it writes then.
[[nodiscard]] constexpr uint64_t written(const Operation& operation, uint64_t old) {
    switch (operation.action) {
    case Action::fetch_or:
    case Action::send:
        return old | operation.operand;
    case Action::park:
        return 0;
    default:
        return operation.operand;
    }
}

} // namespace explore
