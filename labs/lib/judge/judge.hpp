// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The judge: a root task that has no line of the exercises in it. They run in one or two processes
/// that it starts, and all that comes from there is hostile: it may be wrong, late, or made up. The
/// judge has made the inputs, so it knows what must come out, and every notification goes through
/// it, so it can count them.
///
///     process 0 (client) ──signals──> judge ──signals──> process 1 (server), and back
///
/// A test starts processes, or plays one side by hand with the words of kernel/abi/ring.hpp, and
/// looks on while they run. One that faults, hangs, or comes to a hole fails the test.
/// Always holds: a process cannot read what the judge was told at its start, the nonce among it.
/// One tries before the first test begins; if it can, all tests fail.
/// Read next: judge.cpp, task.hpp; tests/guest/rules.cpp of a lab.
#pragma once

#include "labs/lib/judge/task.hpp"
#include "user/lib/objects.hpp"
#include "user/lib/test.hpp"

namespace judge {

using abi::CPtr;
using abi::Word;
using party::Role;
using party::Task;
using test::Place;

/// Numbers that look drawn by chance; the same for the same seed of the run.
class Draw {
public:
    explicit Draw(Word salt) : state_(test::seed() * 0x9e3779b97f4a7c15 + salt) {}
    Word word() {
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        return state_ ^ state_ >> 29;
    }
    /// Less than `end`.
    Word below(Word end) { return word() % end; }

private:
    Word state_;
};

/// What is a lab's own.
struct Rules {
    Word rights_to_own;   ///< of a process, to its own notification
    bool user_interrupts; ///< may it be a receiver of them?
    /// What is said of a process that ended so, by party::End. Null: its exit code.
    const char* endings[party::ends];
};
extern const Rules rules;

/// Makes what the judge needs of processes. Called once; false if there is no memory.
bool prepare();

/// A process, as the judge sees it.
struct Side {
    Task* task = nullptr;
    Word* input = nullptr;
    const volatile Word* output = nullptr;
    CPtr own = 0;             ///< its notification
    Word notifications = 0;   ///< so often it has notified the other side
    bool may_give_up = false; ///< it does not fail if it says that the other side is wrong
    bool started = false;
    bool ended = false;
    bool gave_up = false;
};

/// A buffer, and up to two processes that share it.
class World {
public:
    explicit World(const Place& place = Place::current());
    /// Ends the processes.
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    struct Orders {
        Role role;
        Word count = 0;
        Word burst = 1;
        Word key = 0;
        Word hart = 0;
    };
    /// Starts process 0 or 1. Its input was written before. False if it cannot be made.
    bool start(unsigned which, const Orders& orders);
    /// Whether a process that tries all it can does not read what the root task was told.
    bool is_shut_in();

    /// Lets the processes run until this holds. False, and the test fails, if it does not come
    /// about: then processes may not be waited for again.
    template <class Condition>
    bool until(const char* what, Condition condition) {
        while (!condition()) {
            if (!look_on(what))
                return false;
        }
        return true;
    }
    /// Lets them run until all have ended as they should.
    bool finish();
    /// Lets them run for a moment.
    bool look_on(const char* what);

    [[nodiscard]] Side& side(unsigned which) { return sides_[which]; }
    [[nodiscard]] abi::BufferHeader& header() const { return *header_; }
    [[nodiscard]] abi::Item* requests() const { return requests_; }
    [[nodiscard]] abi::Item* replies() const { return requests_ + party::ring_lines.requests; }
    /// Stops those that run, so that they change nothing any more.
    void stop();

private:
    CPtr new_frame();
    void make_side(Side& side, unsigned which);
    bool launch(unsigned which, const Orders& orders);
    bool grant_all(unsigned which);
    bool check_end(unsigned which);
    void pass_notifications_on();
    void tell_hang(const char* what);

    struct Frames {
        CPtr task = 0;
        CPtr input[party::data_pages] = {};
        CPtr output[party::data_pages] = {};
    };

    Place place_;
    Word start_time_;
    Side sides_[2];
    Frames frames_[2];
    CPtr buffer_frame_ = 0;
    CPtr heard_ = 0; ///< what processes signal
    abi::BufferHeader* header_ = nullptr;
    abi::Item* requests_ = nullptr;
};

/// Instructions so far: the emulator counts them.
inline Word instructions() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory");
    return count;
}

/// Tells what 100 calls cost. `cost` gives the instructions of a process that makes so many, 0 if
/// it fails; two lengths are tried, so that what is not a call counts for nothing.
template <class Cost>
void tell_cost_of_100_calls(Cost cost) {
    constexpr Word few = 1600;
    constexpr Word many = 17600;
    const Word less = cost(few);
    const Word more = less == 0 ? 0 : cost(many);
    if (more != 0)
        test::value((more - less) * 100 / (many - few));
}

} // namespace judge
