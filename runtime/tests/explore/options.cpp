// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What can happen next in an execution, and what difference the order of two steps makes.
/// @stage{4}
#include "runtime/tests/explore/run.hpp"

#include <bit>

namespace explore {

std::optional<Foreign> Strategy::foreign(unsigned /*thread*/, unsigned /*first_used*/) const {
    return {};
}

void Strategy::follows(uint64_t /*history*/, bool /*no_overtaking*/) {}

bool Strategy::in_vain(uint64_t /*history*/) const { return false; }

std::span<const Decision> Run::options() {
    options_.clear();
    collect(false);
    if (options_.empty())
        collect(true);
    return options_;
}

void Run::collect(bool also_waiting) {
    const unsigned all = actors_[last_].hurries ? 1 : count_;
    // What is nobody else's concern may as well happen now, whatever else can happen.
    for (unsigned turn = 0; limits_.reduce && turn < (bounded() ? 1 : all); turn++) {
        const std::optional<Foreign> others = foreign(in_turn(turn));
        if (others && others->empty() && able(in_turn(turn), false))
            add_ways(in_turn(turn));
        if (!options_.empty())
            return;
    }
    unsigned turns = 0;
    while (turns < all && (options_.empty() || may_preempt())) {
        if (able(in_turn(turns), also_waiting))
            add_ways(in_turn(turns));
        turns++;
    }
    for (unsigned turn = 0; turn < turns; turn++) {
        if (able(in_turn(turn), also_waiting))
            add_late(in_turn(turn));
    }
}

/// The thread that ran last comes first, then the others in the order of the scenario.
unsigned Run::in_turn(unsigned turn) const {
    return turn == 0 ? last_ : turn <= last_ ? turn - 1 : turn;
}

bool Run::able(unsigned thread, bool also_waiting) const {
    return !ended(thread) && !actors_[thread].failed && (also_waiting || !waits(thread));
}

/// Does the thread go round in a loop, waiting for something that has not come?
bool Run::waits(unsigned thread) const {
    const Actor& actor = actors_[thread];
    const Action action = actor.next.action;
    if (actor.idle < 2 * limits_.patience || is_store(action) || is_fence(action))
        return false;
    uint64_t words = actor.idle_words | (has_word(action) ? uint64_t{1} << actor.word : 0);
    for (; words != 0; words &= words - 1) {
        if (memory_.fresh(thread, static_cast<uint16_t>(std::countr_zero(words))))
            return false;
    }
    return true;
}

/// What is known of the word of the thread's next operation.
std::optional<Foreign> Run::foreign(unsigned thread) const {
    const Actor& actor = actors_[thread];
    if (ended(thread) || !has_word(actor.next.action))
        return {};
    const unsigned first = memory_.words()[actor.word].first_used[thread];
    return strategy_->foreign(thread,
                              first != 0 ? first : memory_.knowledge(thread).operations + 1U);
}

void Run::add_ways(unsigned thread) {
    const Actor& actor = actors_[thread];
    unsigned ways = memory_.ways(thread, actor.next, actor.word);
    if (reorderings_ >= limits_.reorderings || (patient(actor) && !is_store(actor.next.action)))
        ways = std::min(ways, 1U);
    for (unsigned way = 0; way < ways; way++)
        options_.push_back(
            {.thread = static_cast<uint8_t>(thread), .way = static_cast<uint16_t>(way)});
}

void Run::add_late(unsigned thread) {
    const Actor& actor = actors_[thread];
    if (actor.next.action != Action::load_relaxed || reorderings_ >= limits_.reorderings)
        return;
    memory_.late_values(thread, actor.next, actor.word, foreign(thread).value_or(Foreign()),
                        values_);
    for (const uint64_t value : values_) {
        if (!strategy_->in_vain(mixed(actor.history, value)))
            options_.push_back(
                {.thread = static_cast<uint8_t>(thread), .late = true, .value = value});
    }
}

bool Run::affected(unsigned thread) const {
    const Step& step = steps_[decided_];
    const Actor& actor = actors_[thread];
    const Action action = actor.next.action;
    if (thread == step.thread || action == Action::pause)
        return true;
    if (action == Action::fence_full)
        return step.operation.action == Action::fence_full;
    if (step.result.wrote && !memory_.all_arrived(thread))
        return true;
    const bool writes = is_store(action) || is_exchange(action);
    return writes && step.word == actor.word && (step.result.wrote || step.result.late);
}

bool Run::loads_since(const Decision& decision, uint32_t step) const {
    const Actor& actor = actors_[decision.thread];
    return decision.late ||
           (is_load(actor.next.action) &&
            (patient(actor) || memory_.source(actor.next, actor.word, decision.way) >= step));
}

} // namespace explore
