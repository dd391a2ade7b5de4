// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A word that several threads use at the same time, in one program or in several: counters,
/// status words. Every operation is atomic and says what it orders; the comment where it is
/// used names its partner, the operation on the other side.
///
///     everything before ──> store_release          load_acquire ──> everything behind
///                                  ╰── if it loads ──╯
///                                   what was stored
///
/// What is ordered by nothing may be seen by others in another order. A *relaxed* operation orders
/// only accesses to its own word; nor does a test of its result: compilers may remove it.
/// Always holds: in memory it is its value and nothing else, so zeroed memory is a word of zero.
/// Reference: RISC-V unprivileged specification 20191213, chapter 14 (RVWMO) and table A.6.
/// @cond LAB4
/// Read next: runtime/tests/explore/explore.hpp, which tries all that this allows to happen.
/// @endcond
/// @stage{3}
#pragma once

#ifdef __riscv
#include "runtime/riscv/word_access.hpp"
#else
#include "runtime/host/word_access.hpp"
#endif

#include <stdint.h>
#include <type_traits>

namespace rt {

/// @tparam T uint32_t, uint64_t, or an enum of one of these sizes
template <class T>
class SharedWord {
    static_assert((sizeof(T) == 4 || sizeof(T) == 8) &&
                  (std::is_unsigned_v<T> || std::is_enum_v<T>));

public:
    constexpr SharedWord() = default;
    explicit constexpr SharedWord(T value) : bits_(static_cast<Bits>(value)) {}
    SharedWord(const SharedWord&) = delete;
    SharedWord& operator=(const SharedWord&) = delete;

    /// Orders nothing: for a word that only this thread writes, or before a fence_acquire().
    [[nodiscard]] T load_relaxed() const { return value(machine::load_relaxed(bits_)); }
    /// Comes before every load and store behind it. If it loads what a store_release() or an
    /// exchange stored, then all that came before that is seen.
    [[nodiscard]] T load_acquire() const { return value(machine::load_acquire(bits_)); }

    /// Orders nothing: for a word that announces nothing, or behind a fence_release().
    void store_relaxed(T value) { machine::store_relaxed(bits_, bits(value)); }
    /// Comes behind every load and store before it: whoever acquires it sees them. A load behind it
    /// may still come first; where that must not be, fence_full() stands between.
    void store_release(T value) { machine::store_release(bits_, bits(value)); }

    /// Stores a value and gives the one that it replaces; nothing comes between. Acquire and
    /// release, but no fence_full() for what stands before and behind it.
    T exchange(T desired) { return value(machine::exchange(bits_, bits(desired))); }
    /// Sets bits and gives the value before; likewise.
    T fetch_or(T mask) { return value(machine::fetch_or(bits_, bits(mask))); }
    /// Stores `desired` if the value is `expected`, and says whether it was; likewise. If it was
    /// not, it is only a load_acquire(). It never fails for another reason.
    bool compare_exchange(T expected, T desired) {
        return machine::compare_exchange(bits_, bits(expected), bits(desired)) == bits(expected);
    }

private:
    using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;

    static constexpr Bits bits(T value) { return static_cast<Bits>(value); }
    static constexpr T value(Bits bits) { return static_cast<T>(bits); }

    mutable Bits bits_ = 0; ///< mutable, since std::atomic_ref is not made for what is const
};

static_assert(sizeof(SharedWord<uint32_t>) == 4 && std::is_standard_layout_v<SharedWord<uint32_t>>);
static_assert(sizeof(SharedWord<uint64_t>) == 8 && std::is_standard_layout_v<SharedWord<uint64_t>>);

/// Everything before it comes before everything behind it; a store before a later load too, which
/// nothing else achieves. Two threads that each store, fence and load cannot both miss the other's
/// store.
inline void fence_full() { machine::fence_full(); }
/// Every load before it comes before everything behind it: makes relaxed loads acquire.
inline void fence_acquire() { machine::fence_acquire(); }
/// Everything before it comes before every store behind it: makes relaxed stores release.
inline void fence_release() { machine::fence_release(); }

} // namespace rt
