// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The memory that threads share, as weak as RISC-V allows it to be. A store adds a version to the
/// history of its word; a load may return any version that is not older than the thread's view.
/// So it does not matter here whether a real store waits in a buffer, or a real load was early:
/// both are a load of something old.
///
///     load            of any version from the view on; the view comes there
///       relaxed       also of one that another thread will only store later (LateLoad)
///       acquire       and takes over the view that the version carries
///     store           puts a version anywhere behind the view: stores need not arrive in order
///       relaxed       it carries the view of the last release fence
///       release       it carries the view of now, all that the thread has seen and done
///     exchange...     loads and stores at neighbouring places; acquire and release
///     fence_acquire   takes over what relaxed loads would have taken over with acquire
///     fence_release   from now on relaxed stores carry this view
///     fence_full      both; and joins its view with that of all full fences before it
///
/// It admits whatever RVWMO admits for these operations; tests/rvwmo.cpp compares the two. It
/// admits more where code would rely on what the operations do not promise, though RISC-V has it:
/// that a store comes behind a load on which it depends (compilers may remove the dependency); that
/// all see the stores of several threads in one order (IRIW and 2+2W, if no full fence prevents
/// it); that an exchange is a full fence. Reference: RISC-V unprivileged specification 20191213,
/// chapter 14 (RVWMO) and table A.6; Kang et al., A Promising Semantics for Relaxed-Memory
/// Concurrency, POPL 2017, sections 3 and 4. Read next: view.hpp, memory.cpp, late_loads.cpp.
/// @stage{4}
#pragma once

#include "runtime/tests/explore/view.hpp"

#include <span>

namespace explore {

class Memory {
public:
    /// What an operation came to.
    struct Result {
        uint64_t value = 0;      ///< what was loaded
        uint32_t source = 0;     ///< the step that stored it; 0: it was there at the start
        uint32_t overlooked = 0; ///< the step that stored the newest, if that was not loaded
        uint32_t overtaken = 0;  ///< the step of the store that a store was put before; or 0
        bool late = false;       ///< the value is not stored yet
        bool wrote = false;
        bool news = false; ///< it loaded something new, or changed something
    };

    /// Forgets all words, and where threads are.
    void clear();

    /// The number of a word; it gets one if it is new. @pre fewer than most_words, or known
    uint16_t number(void* address, uint8_t size);
    [[nodiscard]] bool full(const void* address) const;
    [[nodiscard]] std::span<const Word> words() const { return {words_.data(), count_}; }

    /// In how many ways it can be done now; the first is always the one without reordering. None
    /// for a thread that parks until somebody sends, or that cannot go on without a value which a
    /// late load has promised.
    [[nodiscard]] unsigned ways(unsigned thread, const Operation& operation, uint16_t word) const;
    /// The step that stored what it would load in this way; 0: what was there at the start.
    [[nodiscard]] uint32_t source(const Operation& operation, uint16_t word, unsigned way) const;
    /// Does it in one of these ways, as step `step` of the execution.
    Result perform(unsigned thread, const Operation& operation, uint16_t word, unsigned way,
                   uint32_t step);

    /// Values, of those that are proposed, that a late load may return.
    void late_values(unsigned thread, const Operation& operation, uint16_t word,
                     std::span<const uint64_t> proposed, std::vector<uint64_t>& values) const;
    /// Loads one of them.
    Result load_late(unsigned thread, uint16_t word, uint64_t value, uint32_t step);
    /// Has every late load arrived? Of one thread, of all threads.
    [[nodiscard]] bool all_arrived(unsigned thread) const;
    [[nodiscard]] bool all_arrived() const;

    /// Did an operation of `thread` come before what `other` does now, where it was the
    /// `operation`th?
    [[nodiscard]] bool ordered(unsigned thread, uint16_t operation, unsigned other) const;
    /// Has another value come since the thread last looked at the word?
    [[nodiscard]] bool fresh(unsigned thread, uint16_t word) const;
    [[nodiscard]] const Knowledge& knowledge(unsigned thread) const { return threads_[thread]; }

private:
    static bool allowed(const Operation& operation, const Word& word, Place place);
    static Place chosen(const Operation& operation, const Word& word, unsigned way);
    [[nodiscard]] Place oldest(unsigned thread, const Operation& operation, uint16_t word) const;
    Result load(unsigned thread, uint16_t word, Place place, bool acquire);
    void store(unsigned thread, const Operation& operation, uint16_t word, Place place,
               uint64_t value, uint32_t step);
    void make_room(uint16_t word, Place place);
    void fence(unsigned thread, Action action);
    void deliver(unsigned writer, uint16_t word, Place place);

    std::array<Word, most_words> words_;
    std::array<Knowledge, most_threads> threads_;
    View fenced_; ///< where full fences were
    uint16_t count_ = 0;
};

} // namespace explore
