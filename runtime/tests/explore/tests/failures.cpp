// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every kind of failure is found, and said in words that help.
/// Read next: search.cpp.
/// @stage{4}
#include "runtime/shared_word.hpp"
#include "runtime/tests/explore/explore.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using explore::Outcome;
using explore::Verdict;
using rt::SharedWord;

namespace {

/// A thread that does nothing.
void idle() {}

/// Two flags, with which each thread says that it is inside: without fences both may be.
void both_inside() {
    SharedWord<uint32_t> flag[2];
    explore::name(flag[0], "flag A");
    explore::name(flag[1], "flag B");
    bool inside[2] = {};
    const auto enter = [&](unsigned self) {
        flag[self].store_relaxed(1);
        inside[self] = flag[1 - self].load_relaxed() == 0;
    };
    explore::threads({{"A", [&] { enter(0); }}, {"B", [&] { enter(1); }}});
    explore::check(!inside[0] || !inside[1], "only one is inside");
}

void without_end() {
    SharedWord<uint32_t> word;
    explore::name(word, "word");
    explore::threads({{"A",
                       [&] {
                           while (word.load_acquire() != 2) {
                           }
                       }},
                      {"B", [&] { word.store_release(1); }}});
}

} // namespace

TEST_SUITE("explore") {
    TEST_CASE("a check that fails is shown with its execution") {
        const Outcome outcome = explore::all("flags", both_inside);
        CHECK(outcome.verdict == Verdict::check_failed);
        CHECK(outcome.report() == R"(flags: check failed at the end: only one is inside
      A                           B
   1  flag A.store_relaxed(1)
   2  flag B.load_relaxed() = 0
   3                              flag B.store_relaxed(1)
   4                              flag A.load_relaxed() = 0   old: step 1 has not arrived here
In the end flag A = 1, flag B = 1.
To see it again: explore::replay(name, scenario, "A*2 B B-1").
)");
    }

    TEST_CASE("late loads, and stores that arrive out of order") {
        const Outcome late = explore::all("late", [] {
            SharedWord<uint32_t> x, y;
            explore::name(x, "x");
            explore::name(y, "y");
            explore::threads({{"A",
                               [&] {
                                   const uint32_t seen = x.load_relaxed();
                                   y.store_relaxed(1);
                                   explore::check(seen == 0, "x is still 0");
                               }},
                              {"B", [&] {
                                   if (y.load_acquire() == 1)
                                       x.store_relaxed(1);
                               }}});
        });
        CHECK(late.report() == R"(late: check failed in A: x is still 0
      A                      B
   1  x.load_relaxed() = 1                          late: step 4 stores it
   2  y.store_relaxed(1)
   3                         y.load_acquire() = 1
   4                         x.store_relaxed(1)
In the end x = 1, y = 1.
To see it again: explore::replay(name, scenario, "A=1 A B*2").
)");
        const Outcome early = explore::all("early", [] {
            SharedWord<uint32_t> x, y;
            explore::name(x, "x");
            explore::name(y, "y");
            explore::threads({{"A", [&] { x.store_relaxed(1), y.store_relaxed(2); }},
                              {"B", [&] { y.store_relaxed(1), x.store_relaxed(2); }}});
            explore::check(x.load_relaxed() == 2 || y.load_relaxed() == 2, "a 2 is last");
        });
        CHECK(early.report() == R"(early: check failed at the end: a 2 is last
      A                    B
   1  x.store_relaxed(1)
   2  y.store_relaxed(2)
   3                       y.store_relaxed(1)
   4                       x.store_relaxed(2)   arrives before step 1
In the end x = 1, y = 1.
To see it again: explore::replay(name, scenario, "A*2 B B-1").
)");
    }

    TEST_CASE("deadlock: all wait for a notification that nobody sends") {
        const Outcome outcome = explore::all("two bells", [] {
            explore::Notification first("first bell"), second("second bell");
            explore::threads({{"A", [&] { first.park(), second.send(); }},
                              {"B", [&] { second.park(), first.send(); }}});
        });
        CHECK(outcome.verdict == Verdict::deadlock);
        CHECK(outcome.report() == R"(two bells: deadlock: nobody will ever wake A and B
A waits in first bell.park(), and nothing is pending.
B waits in second bell.park(), and nothing is pending.
In the end first bell = 0, second bell = 0.
To see it again: explore::replay(name, scenario, "").
)");
    }

    TEST_CASE("a loop without end") {
        const Outcome outcome = explore::all("loop", without_end);
        CHECK(outcome.verdict == Verdict::endless_loop);
        CHECK(outcome.report().starts_with(
            "loop: endless loop: A has made 500 operations and goes on\n"));
        CHECK(outcome.report().contains("\n      ...\n"));
    }

    TEST_CASE("a loop that waits for another thread has an end") {
        for (const bool pauses : {false, true}) {
            const Outcome outcome = explore::all("waiting", [&] {
                SharedWord<uint32_t> there, back;
                explore::threads({{"A",
                                   [&] {
                                       there.store_release(1);
                                       while (back.load_relaxed() == 0)
                                           pauses ? explore::pause() : idle();
                                   }},
                                  {"B", [&] {
                                       while (there.load_relaxed() == 0)
                                           pauses ? explore::pause() : idle();
                                       back.store_release(1);
                                   }}});
            });
            CHECK_MESSAGE(outcome.passed(), outcome.report());
        }
    }

    TEST_CASE("a loop of exchanges that waits has an end") {
        const Outcome outcome = explore::all("lock", [] {
            SharedWord<uint32_t> lock;
            explore::Plain<uint32_t> count(0);
            const auto increment = [&] {
                while (lock.exchange(1) != 0) {
                }
                count.write(count.read() + 1);
                lock.store_release(0);
            };
            explore::threads({{"A", increment}, {"B", increment}});
            explore::check(count.read() == 2, "both have counted");
        });
        CHECK_MESSAGE(outcome.passed(), outcome.report());
    }

    TEST_CASE("a data race") {
        const Outcome outcome = explore::all("race", [] {
            SharedWord<uint32_t> full;
            explore::Plain<uint32_t> item(0);
            explore::name(item, "item");
            explore::threads({{"A", [&] { item.write(1), full.store_relaxed(1); }},
                              {"B", [&] { (void)(full.load_acquire() == 1 && item.read()); }}});
        });
        CHECK(outcome.verdict == Verdict::data_race);
        CHECK(outcome.report().starts_with("race: data race on item: nothing puts step 1 before"));
    }

    TEST_CASE("an exception") {
        const Outcome thread = explore::all("throws", [] {
            explore::threads({{"A", [] { throw std::runtime_error("not implemented"); }}});
        });
        CHECK(thread.verdict == Verdict::exception);
        CHECK(thread.report().starts_with("throws: exception in A: not implemented\n"));
        const Outcome end = explore::all("throws", [] {
            explore::threads({{"A", idle}});
            throw 1;
        });
        CHECK(end.verdict == Verdict::exception);
    }

    TEST_CASE("more executions than the limit are a failure") {
        const Outcome outcome = explore::all("large",
                                             [] {
                                                 SharedWord<uint32_t> word;
                                                 const auto count = [&] {
                                                     for (unsigned i = 0; i < 20; i++)
                                                         word.fetch_or(i);
                                                 };
                                                 explore::threads({{"A", count}, {"B", count}});
                                             },
                                             {.executions = 1000});
        CHECK(outcome.verdict == Verdict::too_large);
        CHECK(outcome.executions == 1000);
        CHECK(
            outcome.report().starts_with("large: too large: nothing failed in 1000 executions, "));
    }

    TEST_CASE("scenarios that break a rule") {
        CHECK(explore::all("no threads", idle).verdict == Verdict::misuse);
        CHECK(explore::all("twice", [] {
                  explore::threads({{"A", idle}});
                  explore::threads({{"A", idle}});
              }).verdict == Verdict::misuse);
        CHECK(explore::all("five", [] {
                  explore::threads({{"", idle}, {"", idle}, {"", idle}, {"", idle}, {"", idle}});
              }).verdict == Verdict::misuse);
        CHECK(explore::all("words", [] {
                  SharedWord<uint32_t> words[40];
                  explore::threads({{"A", [&] {
                                         for (SharedWord<uint32_t>& word : words)
                                             word.store_relaxed(1);
                                     }}});
              }).verdict == Verdict::misuse);
        unsigned times = 0;
        const Outcome outcome = explore::all("different", [&] {
            SharedWord<uint32_t> x, y;
            const bool odd = times++ % 2 == 1;
            explore::threads({{"A", [&] { (odd ? x : y).exchange(1); }},
                              {"B", [&] { x.exchange(1), y.exchange(2), x.exchange(3); }}});
        });
        CHECK(outcome.verdict == Verdict::misuse);
    }
}
