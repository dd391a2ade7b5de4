// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The fuzzer's root task, which supervises: builds a world, lets fuzz threads loose in it, starts
/// them again when they wait or have faulted, takes everything back, looks whether anything else
/// was touched, and begins anew, until enough calls are made.
///
///     supervisor  255  #     #     #       wakes up by an alarm clock, every so many instructions
///     fuzzers  0..100   #####  ####  #
///
/// Command line: seed=N calls=N. Exit code 0: nothing was found.
/// Read next: world.hpp, run.py.
/// @stage{none}
#include "user/bench/alarm.hpp"
#include "user/fuzz/canary.hpp"
#include "user/fuzz/world.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"

namespace {

using abi::Word;

/// Between two looks of the supervisor, in nanoseconds: instructions, where they are counted.
constexpr Word period = 1'000'000;
/// Looks at one world.
constexpr unsigned looks = 40;

constexpr int found_something = 1;

constinit fuzz::World world;
constinit fuzz::Canary canary;
constinit bench::Alarm alarm;
constinit fuzz::Faults faults;
constinit fuzz::Count totals[fuzz::shape_count] = {};
constinit Word all_calls = 0;
constinit unsigned restarts = 0;
constinit unsigned fault_count = 0;

/// Until the next look; threads that fault meanwhile are started again.
void watch(fuzz::Random& random) {
    alarm.set(alarm.now() + period);
    for (;;) {
        const Word events = faults.wait();
        for (unsigned i = 0; i < fuzz::threads; i++) {
            if ((events & fuzz::fault_of(i)) == 0)
                continue;
            world.start(i, random);
            fault_count++;
        }
        if ((events & fuzz::alarm_event) != 0)
            break;
    }
    alarm.acknowledge();
}

/// A thread whose registers another one has set may write anywhere in the pages of all of them, the
/// counts included: what cannot be true is left out.
bool believable(const fuzz::State& state) {
    constexpr Word most_calls = 1'000'000;
    for (const fuzz::Count& count : state.shapes)
        if (count.successes > count.calls || count.calls > state.calls)
            return false;
    return state.calls < most_calls;
}

void add_counts() {
    for (unsigned thread = 0; thread < fuzz::threads; thread++) {
        const fuzz::State& state = world.state(thread);
        if (!believable(state))
            continue;
        all_calls += state.calls;
        for (unsigned i = 0; i < fuzz::shape_count; i++) {
            totals[i].calls += state.shapes[i].calls;
            totals[i].successes += state.shapes[i].successes;
        }
    }
}

/// One world from its beginning to its end. Null, or what is wrong.
const char* live(fuzz::Random& random) {
    if (const char* missing = world.create(random))
        return missing;
    for (unsigned i = 0; i < looks; i++) {
        watch(random);
        restarts += world.restart_idle(random);
    }
    add_counts();
    if (const char* left = world.destroy())
        return left;
    return canary.changed();
}

void show_counts(unsigned worlds) {
    println("fuzz: ", all_calls, " calls, ", worlds, " worlds, ", fault_count, " faults, ",
            restarts, " restarts of threads that waited");
    for (unsigned i = 0; i < fuzz::shape_count; i++)
        println("fuzz: ", fuzz::text(fuzz::shapes[i].object), ": ", fuzz::shapes[i].name, ": ",
                totals[i].calls, " tried, ", totals[i].successes, " done");
}

bool create() {
    return faults.begin() && alarm.create(faults.alarm()) && world.reserve(faults) &&
           canary.create();
}

} // namespace

int main() {
    const Word calls = user::boot_number("calls=", 100'000);
    fuzz::Random random(user::boot_number("seed=", 1));
    if (!create()) {
        println("fuzz: FAILED: the supervisor cannot begin");
        return found_something;
    }
    unsigned worlds = 0;
    while (all_calls < calls) {
        if (const char* wrong = live(random)) {
            println("fuzz: FAILED: in world ", worlds, ": ", wrong);
            return found_something;
        }
        worlds++;
    }
    show_counts(worlds);
    println("fuzz: end");
    return 0;
}
