// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tries *every* execution of a few threads that share words: all interleavings, and all the
/// reorderings of loads and stores that RISC-V allows. The code is real code, compiled with the
/// stand-in of runtime/shared_word.hpp in front; a scenario is a function, run once an execution.
///
///     const explore::Outcome outcome = explore::all("message", [] {
///         rt::SharedWord<uint32_t> data, full;                       // new in each execution
///         explore::name(data, "data");
///         explore::name(full, "full");
///         explore::threads({{"writer", [&] { data.store_relaxed(7), full.store_release(1); }},
///                           {"reader", [&] { if (full.load_acquire() == 1)
///                                 explore::check(data.load_relaxed() == 7, "data is there"); }}});
///     });                                                            // here all have ended
///     CHECK_MESSAGE(outcome.passed(), outcome.report());
///
/// A failure is reported with its schedule, step by step, and a string that replays it.
///
/// Always holds: what passed has no other execution, if these rules are kept. A scenario does the
/// same whenever its words have the same values. What threads share is SharedWord, Notification or
/// Plain; other memory is handed over by these (two threads that count in a plain variable make
/// executions that look alike and are tried only once). What a thread owns is on its stack.
/// Read next: tests/litmus.cpp, tests/protocol.cpp for examples; memory.hpp for the model.
/// @stage{4}
#pragma once

#include "runtime/tests/explore/operation.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace explore {

enum class Verdict : uint8_t {
    passed,
    check_failed,
    deadlock,     ///< threads wait that nobody will wake
    endless_loop, ///< a thread made more operations than Limits allow
    data_race,    ///< plain memory, accessed by two threads in no order
    exception,    ///< the scenario threw one
    too_large,    ///< there are more executions than Limits allow: nothing is known
    misuse,       ///< the scenario breaks a rule of the explorer
};

struct Limits {
    static constexpr unsigned any = ~0U;

    uint64_t executions = 1'000'000; ///< all together
    unsigned operations = 500;       ///< of one thread in an execution; less than 60,000
    unsigned preemptions = any;      ///< of an execution: switches from a thread that could go on
    unsigned reorderings = any;      ///< of an execution: operations that are early or late
    /// So many operations in a row that bring a thread nothing new are a waiting loop: it then sees
    /// the newest values, and after as many more lets others go first.
    unsigned patience = 4;
    /// Leaves out executions that differ from others only in the order of steps which do not affect
    /// each other.
    bool reduce = true;
};

struct Outcome {
    Verdict verdict = Verdict::passed;
    std::string text;     ///< what report() gives
    std::string schedule; ///< of the failure, for replay()
    uint64_t seed = 0;    ///< of the failure, for random()
    uint64_t executions = 0;
    uint64_t redundant = 0; ///< of these, those that turned out to be equal to another
    uint64_t refuted = 0;   ///< and those with a late load whose value never came

    [[nodiscard]] bool passed() const { return verdict == Verdict::passed; }
    /// What was tried, or what failed, for people.
    [[nodiscard]] const std::string& report() const { return text; }
};

/// Tries all executions; with Limits::preemptions, all that have no more. One that fails is shown
/// with as few preemptions as possible.
[[nodiscard]] Outcome all(const char* name, const std::function<void()>& scenario,
                          const Limits& limits = {});

/// Tries `executions` random ones, for scenarios that are too large. `seed` is that of the first,
/// the next one has the next; a failure says which it was.
[[nodiscard]] Outcome random(const char* name, const std::function<void()>& scenario, uint64_t seed,
                             uint64_t executions, const Limits& limits = {});

/// Makes the execution that a report names.
[[nodiscard]] Outcome replay(const char* name, const std::function<void()>& scenario,
                             std::string_view schedule, const Limits& limits = {});

// What follows is for scenarios.

struct Thread {
    const char* name;
    std::function<void()> body;
};

/// Runs up to four threads until all have ended. Once in a scenario. Words that are used before it
/// or behind it have one value, as if there were no threads.
void threads(std::span<const Thread> list);
inline void threads(std::initializer_list<Thread> list) {
    threads(std::span(list.begin(), list.size()));
}

/// What must hold, here. In a thread, or behind threads().
void check(bool holds, const char* text);

/// In a waiting loop without end: goes on when another thread has stored something.
void pause();

/// The name of a word, notification or plain object in reports, and those of its values from 0 on.
void name_object(const void* object, std::string text, std::initializer_list<const char*> values);
template <class Object>
void name(const Object& object, std::string text, std::initializer_list<const char*> values = {}) {
    name_object(&object, std::move(text), values);
}

/// An interrupt for one thread: uipi.send with a fence before it, and waiting for it. Vectors that
/// are sent while they are pending arrive once.
class Notification {
public:
    explicit Notification(std::string text) { name(*this, std::move(text)); }

    /// What came before is seen by whoever takes it.
    void send(unsigned vector = 0);
    /// Waits until a vector is pending; takes all that are, as a mask.
    uint64_t park();

    [[nodiscard]] unsigned sent() const { return sent_; }
    /// Sent although it was pending already: in vain.
    [[nodiscard]] unsigned sent_twice() const { return sent_twice_; }
    [[nodiscard]] bool pending() const { return pending_ != 0; }

private:
    uint64_t pending_ = 0;
    unsigned sent_ = 0;
    unsigned sent_twice_ = 0;
};

/// As long as it lives, real code is wrong: it leaves a kind of fence out, or does without the
/// order of acquire or release. What passes all the same is not proved by the scenario.
class Weakened {
public:
    explicit Weakened(Action action);
    ~Weakened();
    Weakened(const Weakened&) = delete;
    Weakened& operator=(const Weakened&) = delete;

    /// What is done; nothing if it is left out.
    static std::optional<Action> instead_of(Action action);

private:
    static constexpr unsigned bit(Action action) { return 1U << static_cast<unsigned>(action); }
    inline static unsigned now = 0;
};

/// Says that plain memory is read or written here; `object` is its start. Two accesses of which one
/// writes, by threads that nothing puts in an order, are a failure.
void reads(const void* object);
void writes(const void* object);

/// A plain variable that says so itself.
template <class T>
class Plain {
public:
    explicit Plain(T value = {}) : value_(value) {}
    [[nodiscard]] T read() const { return reads(this), value_; }
    void write(T value) { writes(this), value_ = value; }

private:
    T value_;
};

} // namespace explore
