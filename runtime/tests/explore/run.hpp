// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One execution of a scenario. Threads are fibers; each stops before every operation, and the
/// strategy decides which goes on, and in which of the ways that the memory allows.
///
///     fiber      ... code, operate(operation) ─┐              ┌─> code ...
///     run_threads()          options ─> strategy ─> perform ──┘
///
/// Code between two operations runs with the first of them. Acquire and release fences concern
/// nobody else: they are done at once.
/// Always holds: the same decisions give the same execution.
/// Read next: search.hpp for the strategies, report.cpp for how it is told.
/// @stage{4}
#pragma once

#include "runtime/tests/explore/explore.hpp"
#include "runtime/tests/explore/fiber.hpp"
#include "runtime/tests/explore/memory.hpp"

#include <optional>
#include <span>
#include <vector>

namespace explore {

class Run;

/// What happens next: a thread does its operation.
struct Decision {
    uint8_t thread = 0;
    bool late = false; ///< as a late load that returns `value`
    uint16_t way = 0;  ///< else: in this way
    uint64_t value = 0;
};

/// What happened.
struct Step {
    Operation operation;
    uint8_t thread;
    uint16_t word;
    Memory::Result result;
};

/// Values that other threads store to a word; none: the word is the thread's alone.
using Foreign = std::span<const uint64_t>;

class Strategy {
public:
    virtual ~Strategy() = default;
    /// One of run.options(); nothing if there are none.
    virtual std::optional<Decision> decide(Run& run) = 0;
    /// What is known of the word that this thread first uses in this operation of it.
    [[nodiscard]] virtual std::optional<Foreign> foreign(unsigned thread,
                                                         unsigned first_used) const;
    /// Behind a relaxed load that gave a thread this history comes an operation which the load may,
    /// or may not, be later than.
    virtual void follows(uint64_t history, bool no_overtaking);
    /// Would a load that gives a thread this history be late in vain?
    [[nodiscard]] virtual bool in_vain(uint64_t history) const;
};

class Run {
public:
    explicit Run(const Limits& limits);

    /// Runs the scenario once.
    void execute(const std::function<void()>& scenario, Strategy& strategy);

    /// The run whose scenario this is; null outside of all.
    static Run* current() { return current_run; }

    // For strategies and reports.

    /// Are some executions left out, for a bound on what may happen in one? Then the others must
    /// all be tried, since of two equal ones one can be within the bound and the other not.
    [[nodiscard]] bool bounded() const {
        return limits_.preemptions != Limits::any || limits_.reorderings != Limits::any;
    }
    /// What can happen next. First come the ways of the thread that ran last, and of each thread
    /// those without reordering.
    [[nodiscard]] std::span<const Decision> options();
    /// Does the thread's next operation come to something else if it happens before the last step?
    [[nodiscard]] bool affected(unsigned thread) const;
    /// Would this decision load something that was stored in step `step` or later?
    [[nodiscard]] bool loads_since(const Decision& decision, uint32_t step) const;
    /// Did it end with a late load that has not arrived? Then it cannot happen.
    [[nodiscard]] bool refuted() const { return refuted_; }
    [[nodiscard]] Verdict verdict() const { return verdict_; }
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] unsigned preemptions() const { return preemptions_; }
    [[nodiscard]] unsigned reorderings() const { return reorderings_; }
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] const Memory& memory() const { return memory_; }
    [[nodiscard]] const std::vector<Decision>& decisions() const { return decisions_; }
    [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

    // For scenarios.

    void run_threads(std::span<const Thread> list);
    uint64_t operate(const Operation& operation);
    void access(const void* object, Action action);
    void name(const void* object, std::string&& text, std::initializer_list<const char*> values);
    void fail(Verdict verdict, std::string&& text);
    /// The name of the thread that runs.
    [[nodiscard]] std::string where() const;

    /// What a report calls an object, and its values.
    struct Name {
        const void* object;
        std::string text;
        std::vector<std::string> values;
    };
    [[nodiscard]] const Name* name_of(const void* object) const;
    [[nodiscard]] std::string text_of(const void* object) const;

    struct Actor {
        const char* name = "";
        const std::function<void()>* body = nullptr;
        Operation next = {};     ///< it stands before this one
        bool done = false;       ///< or behind it
        uint16_t word = 0;       ///< of that one
        bool failed = false;     ///< it goes no further
        bool hurries = false;    ///< it has a late load, which no store has overtaken yet
        uint64_t result = 0;     ///< of the last one
        uint64_t history = 0;    ///< a hash of all results
        unsigned idle = 0;       ///< operations in a row that brought nothing new
        uint64_t idle_words = 0; ///< that it has loaded with patience, as bits
    };
    [[nodiscard]] std::span<const Actor> actors() const { return {actors_.data(), count_}; }
    [[nodiscard]] bool ended(unsigned thread) const { return fibers_[thread].ended(); }

private:
    /// Leaves the scenario when its execution is over.
    struct Stop {};

    struct Access {
        uint16_t operations = 0; ///< of the thread until then, and one; 0: there was no access
        uint32_t step = 0;
    };

    /// The last accesses to a plain object, by thread.
    struct Cell {
        const void* object;
        std::array<Access, most_threads> read = {};
        std::array<Access, most_threads> written = {};
    };

    void reset();
    static std::string thrown_by(const std::function<void()>& function);
    [[nodiscard]] std::string exception_text(const std::string& thrown) const;
    void run_body(unsigned thread);
    void arrive(unsigned thread, bool no_overtaking);
    void finish();
    void collect(bool also_waiting);
    void add_ways(unsigned thread);
    void add_late(unsigned thread);
    [[nodiscard]] unsigned in_turn(unsigned turn) const;
    [[nodiscard]] bool able(unsigned thread, bool also_waiting) const;
    [[nodiscard]] bool waits(unsigned thread) const;
    [[nodiscard]] bool patient(const Actor& actor) const { return actor.idle >= limits_.patience; }
    [[nodiscard]] std::optional<Foreign> foreign(unsigned thread) const;
    /// May another thread than the last one go on, though that could? Before all, there was none.
    [[nodiscard]] bool may_preempt() const {
        return preemptions_ < limits_.preemptions || decisions_.empty();
    }
    [[nodiscard]] bool possible(const Decision& decision) const;
    std::optional<Decision> next_decision();
    void go_on(unsigned thread);
    void take(const Decision& decision);
    void perform(unsigned thread, const Decision& decision);
    void check_order(const Access& earlier, unsigned by, const void* object);
    void note_news(Actor& actor, const Memory::Result& result) const;

    static inline Run* current_run = nullptr;

    Limits limits_;
    Strategy* strategy_ = nullptr; ///< while it executes
    Memory memory_;
    std::array<Fiber, most_threads> fibers_;
    std::array<std::function<void()>, most_threads> bodies_;
    std::array<Actor, most_threads> actors_;
    unsigned count_ = 0;
    unsigned last_ = 0;      ///< the thread that ran last
    bool in_thread_ = false; ///< and runs now
    bool refuted_ = false;
    unsigned preemptions_ = 0;
    unsigned reorderings_ = 0;
    Verdict verdict_ = Verdict::passed;
    std::string failure_;
    std::vector<Step> steps_;
    std::size_t decided_ = 0; ///< the last of them that was decided, as an index
    std::vector<Decision> decisions_;
    std::optional<Decision> next_; ///< what comes next,
    bool has_decided_ = false;     ///< if this is known already
    std::vector<Decision> options_;
    std::vector<uint64_t> values_;
    std::vector<Cell> cells_;
    std::vector<Name> names_;
    std::size_t named_ = 0;
};

/// Done by the thread of a scenario that runs; outside of threads, by nobody else.
uint64_t operate(const Operation& operation);

} // namespace explore
