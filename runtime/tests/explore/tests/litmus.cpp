// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The classical small programs that tell memory models apart, and what RISC-V says of each.
/// Reference: RISC-V unprivileged specification 20191213, appendix A.3; Alglave, Maranget,
/// Tautschnig, Herding Cats, TOPLAS 2014, for the names. Read next: protocol.cpp.
/// @stage{4}
#include "runtime/tests/explore/tests/words.hpp"

TEST_SUITE("explore") {
    TEST_CASE("store buffering: both may miss the other's store") {
        CHECK(outcomes({[](Words& at) { return at.x.store_relaxed(1), at.y.load_relaxed(); },
                        [](Words& at) { return at.y.store_relaxed(1), at.x.load_relaxed(); }}) ==
              Seen{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    }

    TEST_CASE("store buffering: release and acquire do not help") {
        CHECK(outcomes({[](Words& at) { return at.x.store_release(1), at.y.load_acquire(); },
                        [](Words& at) { return at.y.store_release(1), at.x.load_acquire(); }})
                  .contains({0, 0}));
    }

    TEST_CASE("store buffering: two full fences help, one does not") {
        const Body fenced = [](Words& at) {
            at.x.store_relaxed(1);
            rt::fence_full();
            return at.y.load_relaxed();
        };
        CHECK(outcomes({fenced, [](Words& at) {
                            at.y.store_relaxed(1);
                            rt::fence_full();
                            return at.x.load_relaxed();
                        }}) == Seen{{0, 1}, {1, 0}, {1, 1}});
        CHECK(
            outcomes({fenced, [](Words& at) { return at.y.store_relaxed(1), at.x.load_relaxed(); }})
                .contains({0, 0}));
    }

    // The reader's result is the flag, and what it sees of the data.
    constexpr Body relaxed_reader = [](Words& at) {
        const uint32_t flag = at.y.load_relaxed();
        return 10 * flag + at.x.load_relaxed();
    };
    constexpr Body acquiring_reader = [](Words& at) {
        const uint32_t flag = at.y.load_acquire();
        return 10 * flag + at.x.load_relaxed();
    };
    constexpr Body fenced_reader = [](Words& at) {
        const uint32_t flag = at.y.load_relaxed();
        rt::fence_acquire();
        return 10 * flag + at.x.load_relaxed();
    };
    constexpr Body relaxed_writer = [](Words& at) {
        at.x.store_relaxed(1);
        return at.y.store_relaxed(1), 0U;
    };
    constexpr Body releasing_writer = [](Words& at) {
        at.x.store_relaxed(1);
        return at.y.store_release(1), 0U;
    };
    constexpr Body fenced_writer = [](Words& at) {
        at.x.store_relaxed(1);
        rt::fence_release();
        return at.y.store_relaxed(1), 0U;
    };

    TEST_CASE("message passing: the flag may come without the data") {
        CHECK(outcomes({relaxed_writer, relaxed_reader}).contains({0, 10}));
        CHECK(outcomes({releasing_writer, relaxed_reader}).contains({0, 10}));
        CHECK(outcomes({fenced_writer, relaxed_reader}).contains({0, 10}));
        CHECK(outcomes({relaxed_writer, acquiring_reader}).contains({0, 10}));
        CHECK(outcomes({relaxed_writer, fenced_reader}).contains({0, 10}));
    }

    TEST_CASE("message passing: not with release and acquire, as operations or as fences") {
        const Seen good = {{0, 0}, {0, 1}, {0, 11}};
        CHECK(outcomes({releasing_writer, acquiring_reader}) == good);
        CHECK(outcomes({releasing_writer, fenced_reader}) == good);
        CHECK(outcomes({fenced_writer, acquiring_reader}) == good);
        CHECK(outcomes({fenced_writer, fenced_reader}) == good);
    }

    TEST_CASE("message passing by way of a third thread") {
        CHECK_FALSE(outcomes({[](Words& at) { return at.x.store_relaxed(1), 0U; },
                              [](Words& at) {
                                  const uint32_t seen = at.x.load_acquire();
                                  return at.y.store_release(seen), seen;
                              },
                              acquiring_reader})
                        .contains({0, 1, 10}));
    }

    TEST_CASE("load buffering: a load may be late and see what follows from a store behind it") {
        constexpr Body relaxed = [](Words& at) {
            const uint32_t seen = at.x.load_relaxed();
            return at.y.store_relaxed(1), seen;
        };
        constexpr Body acquiring = [](Words& at) {
            const uint32_t seen = at.x.load_acquire();
            return at.y.store_relaxed(1), seen;
        };
        constexpr Body opposite = [](Words& at) {
            const uint32_t seen = at.y.load_relaxed();
            return at.x.store_release(1), seen;
        };
        CHECK(outcomes({relaxed, opposite}).contains({1, 1}));
        CHECK_FALSE(outcomes({acquiring, opposite}).contains({1, 1}));
    }

    TEST_CASE("no value comes out of thin air") {
        CHECK(outcomes({[](Words& at) {
                            const uint32_t seen = at.x.load_relaxed();
                            return at.y.store_relaxed(seen), seen;
                        },
                        [](Words& at) {
                            const uint32_t seen = at.y.load_relaxed();
                            return at.x.store_relaxed(seen), seen;
                        }}) == Seen{{0, 0}});
    }

    TEST_CASE("independent readers of independent writers") {
        constexpr Body write_x = [](Words& at) { return at.x.store_release(1), 0U; };
        constexpr Body write_y = [](Words& at) { return at.y.store_release(1), 0U; };
        constexpr Body read_xy = [](Words& at) {
            const uint32_t first = at.x.load_acquire();
            return 10 * first + at.y.load_acquire();
        };
        constexpr Body read_yx = [](Words& at) {
            const uint32_t first = at.y.load_acquire();
            return 10 * first + at.x.load_acquire();
        };
        // RISC-V has one order of all stores and forbids it. The explorer does not: portable code
        // must not rely on it without full fences.
        CHECK(outcomes({write_x, write_y, read_xy, read_yx}).contains({0, 0, 10, 10}));
        CHECK_FALSE(outcomes({write_x, write_y,
                              [](Words& at) {
                                  const uint32_t first = at.x.load_acquire();
                                  rt::fence_full();
                                  return 10 * first + at.y.load_acquire();
                              },
                              [](Words& at) {
                                  const uint32_t first = at.y.load_acquire();
                                  rt::fence_full();
                                  return 10 * first + at.x.load_acquire();
                              }})
                        .contains({0, 0, 10, 10}));
    }

    TEST_CASE("coherence: one word has one order, for loads and stores alike") {
        constexpr Body write = [](Words& at) {
            at.x.store_relaxed(1);
            return at.x.store_relaxed(2), 0U;
        };
        constexpr Body read = [](Words& at) {
            const uint32_t first = at.x.load_relaxed();
            return 10 * first + at.x.load_relaxed();
        };
        CHECK(outcomes_and_ends({write, read}) == Seen{{0, 0, 2, 0},
                                                       {0, 1, 2, 0},
                                                       {0, 2, 2, 0},
                                                       {0, 11, 2, 0},
                                                       {0, 12, 2, 0},
                                                       {0, 22, 2, 0}});
        // Nobody loads something older than what it has stored, or stores before what it has
        // loaded.
        CHECK(
            outcomes_and_ends({[](Words& at) { return at.x.store_relaxed(1), at.x.load_relaxed(); },
                               [](Words& at) { return at.x.store_relaxed(2), 0U; }}) ==
            Seen{{1, 0, 1, 0}, {1, 0, 2, 0}, {2, 0, 2, 0}});
        CHECK_FALSE(outcomes_and_ends({[](Words& at) {
                                           const uint32_t seen = at.x.load_relaxed();
                                           return at.x.store_relaxed(1), seen;
                                       },
                                       [](Words& at) { return at.x.store_relaxed(2), 0U; }})
                        .contains({2, 0, 2, 0}));
    }

    TEST_CASE("two threads store to two words: stores need not arrive in order") {
        constexpr Body relaxed = [](Words& at) {
            at.x.store_relaxed(1);
            return at.y.store_relaxed(2), 0U;
        };
        constexpr Body opposite = [](Words& at) {
            at.y.store_relaxed(1);
            return at.x.store_relaxed(2), 0U;
        };
        CHECK(outcomes_and_ends({relaxed, opposite}) ==
              Seen{{0, 0, 1, 1}, {0, 0, 1, 2}, {0, 0, 2, 1}, {0, 0, 2, 2}});
        CHECK_FALSE(outcomes_and_ends({[](Words& at) {
                                           at.x.store_relaxed(1);
                                           rt::fence_full();
                                           return at.y.store_relaxed(2), 0U;
                                       },
                                       [](Words& at) {
                                           at.y.store_relaxed(1);
                                           rt::fence_full();
                                           return at.x.store_relaxed(2), 0U;
                                       }})
                        .contains({0, 0, 1, 1}));
    }

    TEST_CASE("exchange, fetch_or and compare_exchange let nothing come between") {
        CHECK(outcomes_and_ends({[](Words& at) { return at.x.exchange(1); },
                                 [](Words& at) { return at.x.exchange(2); }}) ==
              Seen{{0, 1, 2, 0}, {2, 0, 1, 0}});
        CHECK(outcomes_and_ends({[](Words& at) { return at.x.fetch_or(1); },
                                 [](Words& at) { return at.x.fetch_or(2); },
                                 [](Words& at) { return at.x.fetch_or(4); }}) ==
              Seen{{0, 1, 3, 7, 0},
                   {0, 5, 1, 7, 0},
                   {2, 0, 3, 7, 0},
                   {6, 0, 2, 7, 0},
                   {4, 5, 0, 7, 0},
                   {6, 4, 0, 7, 0}});
        CHECK(outcomes({[](Words& at) { return at.x.compare_exchange(0, 1) ? 1U : 0U; },
                        [](Words& at) { return at.x.compare_exchange(0, 2) ? 1U : 0U; }}) ==
              Seen{{0, 1}, {1, 0}});
    }

    TEST_CASE("an exchange releases and acquires") {
        CHECK_FALSE(outcomes({[](Words& at) {
                                  at.x.store_relaxed(1);
                                  return at.y.exchange(1);
                              },
                              [](Words& at) {
                                  const uint32_t flag = at.y.fetch_or(2);
                                  return 10 * flag + at.x.load_relaxed();
                              }})
                        .contains({0, 10}));
    }
}
