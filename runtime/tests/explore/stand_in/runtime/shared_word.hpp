// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for runtime/shared_word.hpp in programs that explore, by the order of include folders:
/// each operation stops its thread, and the explorer decides what it comes to. The same size and
/// layout, and the value that the word has when no thread runs.
/// Read next: runtime/tests/explore/explore.hpp.
/// @stage{4}
#pragma once

#include "runtime/tests/explore/operation.hpp"

#include <type_traits>

namespace explore {
uint64_t operate(const Operation& operation);
} // namespace explore

namespace rt {

template <class T>
class SharedWord {
    static_assert((sizeof(T) == 4 || sizeof(T) == 8) && std::is_trivially_copyable_v<T>);

public:
    SharedWord() = default;
    explicit constexpr SharedWord(T value) : value_(value) {}
    SharedWord(const SharedWord&) = delete;
    SharedWord& operator=(const SharedWord&) = delete;

    [[nodiscard]] T load_relaxed() const { return value(operate(Action::load_relaxed)); }
    [[nodiscard]] T load_acquire() const { return value(operate(Action::load_acquire)); }
    void store_relaxed(T value) { operate(Action::store_relaxed, bits(value)); }
    void store_release(T value) { operate(Action::store_release, bits(value)); }
    T exchange(T desired) { return value(operate(Action::exchange, bits(desired))); }
    T fetch_or(T mask) { return value(operate(Action::fetch_or, bits(mask))); }
    bool compare_exchange(T expected, T desired) {
        return operate(Action::compare_exchange, bits(desired), bits(expected)) != 0;
    }

private:
    using Action = explore::Action;

    static constexpr uint64_t bits(T value) { return static_cast<uint64_t>(value); }
    static constexpr T value(uint64_t bits) { return static_cast<T>(bits); }

    uint64_t operate(Action action, uint64_t operand = 0, uint64_t expected = 0) const {
        return explore::operate({.action = action,
                                 .size = sizeof(T),
                                 .address = &value_,
                                 .operand = operand,
                                 .expected = expected});
    }

    mutable T value_ = {};
};

inline void fence_full() { explore::operate({.action = explore::Action::fence_full}); }
inline void fence_acquire() { explore::operate({.action = explore::Action::fence_acquire}); }
inline void fence_release() { explore::operate({.action = explore::Action::fence_release}); }

} // namespace rt
