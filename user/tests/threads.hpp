// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of threads share: bodies that are lambdas, a trace of who ran when, ways to let
/// less important threads run, and messages that are too short.
/// The thread of a test has priority 200; a thread `above` it runs at once when it can, one `below`
/// it as soon as the test waits.
/// Read next: user/lib/test_threads.hpp, threads.S.
/// @stage{2}
#pragma once

#include "user/lib/test_threads.hpp"
#include "user/tests/suite.hpp"

#include <atomic>

constexpr Word above = 210;
constexpr Word as_test = 200;
constexpr Word below = 100;
constexpr Word lowest = 1;

/// Lets a thread run a lambda, which must live as long as it runs.
template <class Body>
void start(user::Thread& thread, Body& body) {
    thread.start([](Word argument) { (*reinterpret_cast<Body*>(argument))(); },
                 reinterpret_cast<Word>(&body));
}

/// Creates a thread and lets it run a lambda.
template <class Body>
void start(user::Thread& thread, Word priority, Body& body, const Place& place = Place::current()) {
    if (create(thread, priority, place))
        start(thread, body);
}

/// Creates a thread whose faults are told to nobody: for those that are expected to fault.
inline bool create_unwatched(user::Thread& thread, Word priority,
                             const Place& place = Place::current()) {
    const bool created = thread.create(allocator, vspace, priority);
    return test::expect("a thread can be created", created, place);
}

/// Lets every ready thread of this hart run that is less important than the test, until none is
/// ready. One that runs for ever keeps the test from its end.
inline void run_others(const Place& place = Place::current()) {
    user::Thread last;
    const auto ends = [] {};
    start(last, lowest, ends, place);
    last.join();
    last.destroy();
}

/// Lets the threads of a priority run in turn, each `rounds` times until it yields or its slice
/// is over.
inline void run_equals(Word priority, unsigned rounds, const Place& place = Place::current()) {
    user::Thread last;
    const auto yields = [rounds] {
        for (unsigned i = 0; i < rounds; i++)
            yield();
    };
    start(last, priority, yields, place);
    last.join();
    last.destroy();
}

/// What several threads did, in order.
class Trace {
public:
    static constexpr Word most = 64;

    void add(Word what) {
        // Relaxed: an entry is read when its thread has ended or waits, which the kernel orders.
        const Word at = count_.fetch_add(1, std::memory_order_relaxed);
        if (at < most)
            entries_[at] = what;
    }
    [[nodiscard]] Word count() const { return count_.load(std::memory_order_relaxed); }
    [[nodiscard]] Word operator[](Word index) const { return entries_[index]; }

    bool expect(const char* what, std::initializer_list<Word> entries,
                const Place& place = Place::current()) const {
        Word i = 0;
        for (const Word entry : entries) {
            if (i >= count()) {
                test::fail(place, what, ": entry ", i + 1, " of ", entries.size(), ": expected ",
                           test::shown(entry), ", got none");
                return false;
            }
            if (entries_[i] != entry) {
                test::fail(place, what, ": entry ", i + 1, " of ", entries.size(), ": expected ",
                           test::shown(entry), ", got ", test::shown(entries_[i]));
                return false;
            }
            i++;
        }
        return expect_equal(what, entries.size(), count(), place);
    }

private:
    std::atomic<Word> count_ = 0;
    Word entries_[most] = {};
};

/// Every message of an invocation that has too few words, or too few capabilities, is truncated.
template <class I, class... Caps>
void expect_truncated(CPtr object, const I& arguments, Caps... caps) {
    const std::array<CPtr, sizeof...(Caps)> all{CPtr{caps}...};
    const Word label = static_cast<Word>(I::label);
    for (Word length = 0; length < abi::words_of<I>; length++)
        expect_error(
            "too few words", Error::truncated_message,
            invoke_raw(object, MessageInfo::make(label, length, I::caps), words_in(arguments), all),
            {}, Place::current());
    for (Word count = 0; count < I::caps; count++)
        expect_error("too few capabilities", Error::truncated_message,
                     invoke_raw(object, MessageInfo::make(label, abi::words_of<I>, count),
                                words_in(arguments), all));
}

/// Labels of other kinds of objects.
inline void expect_no_other_labels(CPtr object, std::initializer_list<abi::Label> labels,
                                   const Place& place = Place::current()) {
    for (const abi::Label label : labels)
        expect_error("label of another kind", Error::illegal_operation,
                     invoke_raw(object, MessageInfo::make(static_cast<Word>(label), 8)), {}, place);
    expect_error("label 0", Error::illegal_operation, invoke_raw(object, {}), {}, place);
}

/// A copy of a capability to a notification, with a badge.
inline CPtr badged(CPtr notification, Word badge, Word rights = abi::all_rights,
                   const Place& place = Place::current()) {
    const CPtr slot = empty_slot();
    expect_success("a badge is set", cap_mint(notification, slot, rights, badge), place);
    return slot;
}

/// A thread without anything.
inline CPtr bare_thread(const Place& place = Place::current()) {
    return make(ObjectType::tcb, 0, place);
}

/// An untyped that cannot be copied, because an object was made of it.
inline CPtr used_untyped(const Place& place = Place::current()) {
    const CPtr untyped = make(ObjectType::untyped, 12, place);
    expect_success("an untyped is used",
                   untyped_retype(untyped, ObjectType::notification, 0, empty_slot()), place);
    return untyped;
}

/// A frame of a device: the UART's.
CPtr device_frame(const Place& place = Place::current());

/// Registers with a value of its own in each but the pc.
abi::UserContext distinct_registers(Word pc, Word seed = 0xabcd'0000'0000'0000);

/// Do two sets agree, from word `begin` to before word `end`?
bool expect_registers(const char* what, const abi::UserContext& expected,
                      const abi::UserContext& got, unsigned begin = 0,
                      unsigned end = abi::user_context_words,
                      const Place& place = Place::current());

/// Code for threads that have nothing but registers (threads.S). It can be copied elsewhere.
extern "C" {
/// Jumps to itself.
void spin_forever();
/// Adds one to s1 for ever.
void count_forever();
/// Loads s1 from where s0 points, signals s2, waits for s3, and begins again.
void load_and_signal();
/// Waits for s3, and begins again.
void wait_forever();
/// Makes the system call that the registers hold, then the next instruction: adds one to s1, then
/// waits as wait_forever.
void call_once();
extern const char threads_code_start[];
extern const char threads_code_end[];
}

/// The pc of such code.
inline Word pc_of(void (*code)()) { return reinterpret_cast<Word>(code); }
