// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Strategies: which executions are tried.
///
/// Exhaustive goes through the tree of decisions, depth first. It keeps nothing but the path to
/// where it is, and makes each execution from the start:
///
///     path     A A B(2nd of 3) A ...        next: the last node with an option left takes it
///
/// Executions that differ only in the order of steps which do not affect each other are the same.
/// Most of those are left out, by two reductions:
///   - What a thread does to a word that no other ever writes happens at once.
///   - A thread whose options were all tried at a node *sleeps* in what is tried there afterwards,
///     until a step affects its operation: before that it would only come to what was tried. A load
///     sleeps for the versions that were there; each new one wakes it. (Godefroid, Partial-Order
///     Methods for the Verification of Concurrent Systems, 1996, chapters 4 and 5.)
/// Where all sleep, the execution is brought to its end, but gives no nodes.
/// Read next: explore.cpp.
/// @stage{4}
#pragma once

#include "runtime/tests/explore/run.hpp"

#include <random>
#include <unordered_set>
#include <utility>

namespace explore {

/// What executions so far have shown.
class Experience {
public:
    /// What others store to a word. It is named by a thread and the operation of it that first uses
    /// the word, which is the same in nearly every execution.
    [[nodiscard]] Foreign of(unsigned thread, unsigned first_used) const;
    /// Looks through an execution. True if there was something new.
    bool learn(const Run& run);

private:
    bool add(unsigned thread, unsigned first_used, uint64_t value);

    std::array<std::vector<std::vector<uint64_t>>, most_threads> values_;
};

class Exhaustive final : public Strategy {
public:
    explicit Exhaustive(const Experience& experience) : experience_(experience) {}

    std::optional<Decision> decide(Run& run) override;
    [[nodiscard]] std::optional<Foreign> foreign(unsigned thread,
                                                 unsigned first_used) const override {
        return experience_.of(thread, first_used);
    }
    void follows(uint64_t history, bool no_overtaking) override;
    [[nodiscard]] bool in_vain(uint64_t history) const override {
        return in_vain_.contains(history);
    }

    /// Goes to the next execution. False if there is none left.
    bool next();

    /// Did all sleep before the end of the execution?
    [[nodiscard]] bool redundant() const { return redundant_; }

private:
    /// By thread: since before which step it sleeps; 0: it is awake.
    using Sleep = std::array<uint32_t, most_threads>;

    struct Node {
        std::vector<Decision> options;
        std::size_t option = 0; ///< the one that is taken
        uint32_t step = 0;      ///< the number of the step that it becomes
        uint64_t operation = 0; ///< a hash of what it does
        Sleep sleep = {};
    };

    static uint64_t operation(const Run& run, const Decision& decision);
    [[nodiscard]] Sleep sleep_now(const Run& run) const;

    const Experience& experience_;
    std::vector<Node> path_;
    std::size_t depth_ = 0;
    bool redundant_ = false;
    std::unordered_set<uint64_t> in_vain_; ///< histories of threads behind which no load is late
};

class Random final : public Strategy {
public:
    /// Late loads come from the experience, if there is one.
    explicit Random(uint64_t seed, const Experience* experience = nullptr)
        : random_(seed), experience_(experience) {}
    std::optional<Decision> decide(Run& run) override;
    [[nodiscard]] std::optional<Foreign> foreign(unsigned thread,
                                                 unsigned first_used) const override;

private:
    std::mt19937_64 random_;
    const Experience* experience_;
};

/// Takes the decisions of a schedule; behind its end, the first of all options.
class Replay final : public Strategy {
public:
    explicit Replay(std::vector<Decision> decisions) : decisions_(std::move(decisions)) {}
    std::optional<Decision> decide(Run& run) override;

private:
    std::vector<Decision> decisions_;
    std::size_t depth_ = 0;
};

/// Decisions as text: `A*3 B-1 B C=5` is three steps of the first thread, one of the second in its
/// second way (way 1), another one of it, and a late load of 5 by the third. `B-1*2` is `B-1 B-1`.
[[nodiscard]] std::string schedule_text(std::span<const Decision> decisions);
/// Nothing if the text is not a schedule.
[[nodiscard]] std::optional<std::vector<Decision>> parsed_schedule(std::string_view text);

} // namespace explore
