// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is tried: how many executions, which ones within a bound, the same ones each time.
/// Read next: rvwmo.cpp.
/// @stage{4}
#include "runtime/tests/explore/tests/words.hpp"

using explore::Outcome;

namespace {

constexpr Body two_of_x = [](Words& at) { return at.x.exchange(1), at.x.exchange(2); };
constexpr Body x_then_y = [](Words& at) { return at.x.store_relaxed(1), at.y.load_relaxed(); };
constexpr Body y_then_x = [](Words& at) { return at.y.store_relaxed(1), at.x.load_relaxed(); };

/// Fails in one execution of many: a message that is read before it is there.
void message() {
    Words at;
    explore::threads({{"A",
                       [&] {
                           for (uint32_t i = 1; i <= 3; i++)
                               at.z.exchange(i);
                           at.x.store_relaxed(1);
                           at.y.store_relaxed(1);
                       }},
                      {"B", [&] {
                           for (uint32_t i = 1; i <= 3; i++)
                               at.z.fetch_or(i);
                           explore::check(at.y.load_acquire() == 0 || at.x.load_relaxed() == 1,
                                          "the message is there");
                       }}});
}

} // namespace

TEST_SUITE("explore") {
    TEST_CASE("interleavings are counted right") {
        constexpr Body private_x = [](Words& at) { return at.x.store_relaxed(1), 0U; };
        constexpr Body private_y = [](Words& at) { return at.y.store_relaxed(1), 0U; };
        constexpr Body private_z = [](Words& at) { return at.z.store_relaxed(1), 0U; };
        constexpr explore::Limits every = {.reduce = false};
        CHECK(executions({private_x, private_y}, every) == 2);
        CHECK(executions({private_x, private_y, private_z}, every) == 6);
        constexpr Body twice_x = [](Words& at) { return at.x.exchange(1), at.x.exchange(2); };
        constexpr Body twice_y = [](Words& at) { return at.y.exchange(1), at.y.exchange(2); };
        CHECK(executions({twice_x, twice_y}, every) == 6);
        CHECK(executions({two_of_x, two_of_x}, every) == 6);
    }

    TEST_CASE("equal executions are tried once") {
        constexpr Body twice_x = [](Words& at) { return at.x.exchange(1), at.x.exchange(2); };
        constexpr Body twice_y = [](Words& at) { return at.y.exchange(1), at.y.exchange(2); };
        CHECK(executions({twice_x, twice_y}) == 1);
        CHECK(executions({two_of_x, two_of_x}) == 6); // each order counts
        CHECK(executions({x_then_y, y_then_x}) == 4); // each sees the other's store, or not
    }

    TEST_CASE("preemptions and reorderings are bounded") {
        constexpr auto bound = [](unsigned preemptions) {
            return explore::Limits{.preemptions = preemptions};
        };
        CHECK(executions({two_of_x, two_of_x}, bound(0)) == 2);
        CHECK(executions({two_of_x, two_of_x}, bound(1)) == 4);
        CHECK(executions({two_of_x, two_of_x}, bound(2)) == 6);
        const Seen in_order = outcomes({x_then_y, y_then_x}, {.reorderings = 0});
        CHECK(in_order == Seen{{0, 1}, {1, 0}, {1, 1}});
        CHECK(outcomes({x_then_y, y_then_x}, {.reorderings = 1}).contains({0, 0}));
    }

    TEST_CASE("a failure can be seen again") {
        const Outcome outcome = explore::all("message", message);
        CHECK(outcome.verdict == explore::Verdict::check_failed);
        const Outcome again = explore::replay("message", message, outcome.schedule);
        CHECK(again.verdict == explore::Verdict::check_failed);
        CHECK(again.report() == outcome.report());
        CHECK(again.schedule == outcome.schedule);
    }

    TEST_CASE("a schedule that does not fit is refused") {
        CHECK(explore::replay("message", message, "A*100").verdict == explore::Verdict::misuse);
        CHECK(explore::replay("message", message, "C").verdict == explore::Verdict::misuse);
        CHECK(explore::replay("message", message, "A-7").verdict == explore::Verdict::misuse);
        for (const char* text : {"E", "A*", "A*x", "A+1", "a"})
            CHECK(explore::replay("message", message, text).report() ==
                  "message: this is no schedule: " + std::string(text));
    }

    TEST_CASE("the same is tried each time") {
        const Outcome first = explore::all("message", message);
        const Outcome second = explore::all("message", message);
        CHECK(first.report() == second.report());
        CHECK(first.executions == second.executions);
        CHECK(first.redundant == second.redundant);
    }

    TEST_CASE("random executions find it too, and a seed makes the same one") {
        const Outcome outcome = explore::random("message", message, 1, 10'000);
        CHECK(outcome.verdict == explore::Verdict::check_failed);
        const Outcome again = explore::random("message", message, outcome.seed, 1);
        CHECK(again.report() == outcome.report());
        CHECK(explore::replay("message", message, outcome.schedule).verdict == outcome.verdict);
        const Outcome passed = explore::random(
            "nothing", [] { explore::threads({{"A", [] {}}, {"B", [] {}}}); }, 5, 3);
        CHECK(passed.report() == "nothing: passed: 3 random executions, with seeds 5 to 7");
    }

    TEST_CASE("notifications are counted") {
        const Outcome outcome = explore::all("bell", [] {
            explore::Notification bell("bell");
            Words at;
            uint64_t taken = 0;
            explore::threads({{"A",
                               [&] {
                                   at.x.store_relaxed(1);
                                   bell.send(0);
                                   bell.send(5);
                                   bell.send(5);
                               }},
                              {"B", [&] {
                                   while ((taken & 1U << 5) == 0)
                                       taken |= bell.park();
                                   explore::check(at.x.load_relaxed() == 1, "x came before");
                               }}});
            explore::check(bell.sent() == 3, "three are sent");
            explore::check((bell.sent_twice() == 1) != bell.pending(), "the last came or not");
            explore::check((taken & 1) != 0, "the first came");
        });
        CHECK_MESSAGE(outcome.passed(), outcome.report());
    }

    TEST_CASE("outside of threads, words are plain variables") {
        rt::SharedWord<uint32_t> word{7};
        CHECK(word.exchange(8) == 7);
        CHECK(word.fetch_or(1) == 8);
        CHECK(word.compare_exchange(9, 1));
        CHECK_FALSE(word.compare_exchange(9, 2));
        word.store_release(3);
        CHECK(word.load_acquire() == 3);
    }
}
