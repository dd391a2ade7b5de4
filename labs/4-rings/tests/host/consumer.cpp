// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 4.2: the long path of a consumer. The producer is played by hand.
/// Read next: sleep.cpp.
#include "labs/4-rings/tests/host/rings.hpp"

using namespace rings;

namespace {

struct Taking : Requests {
    rt::Consumer<> in = memory.buffer.server().in;

    /// Takes all that is there, up to so many lines.
    void take(Word count) {
        while (count > 0 && (!in.stopped() || in.refill() == Ring::ready)) {
            in.take(line);
            count--;
        }
    }
    void expect_run(const std::string& when, Word expected_lines) {
        lab::expect_equal(when + ", lines in the run", expected_lines, in.run() / line);
    }
};

/// A producer that changes its counter to anything, twice, while the other side looks.
void look_at_hostile(Word before, Word after) {
    Shared shared(2);
    explore::threads(
        {{"hostile",
          [&] {
              shared.making().tail.store_relaxed(before);
              shared.making().tail.store_relaxed(after);
          }},
         {"consumer", [&] {
              rt::Consumer<> in = shared.consumer().in;
              for (unsigned i = 0; i < 2; i++) {
                  if (in.refill() == Ring::corrupt)
                      return;
                  explore::check(in.available() <= 2 * line, "available() is at most the capacity");
                  const rt::Run run = in.take(in.run());
                  explore::check(run.first == run.last ||
                                     (run.first >= shared.request && run.first < run.last &&
                                      run.last <= shared.request + 2),
                                 "the run lies in the ring");
              }
          }}});
}

} // namespace

TEST_CASE("news-new: nothing is there until the producer publishes it") {
    Taking ring;
    expect_answer("in a new ring", Ring::blocked, ring.in.refill());
    lab::expect("a ring without news has stopped()", ring.in.stopped());
    ring.tail.store_relaxed(3 * line);
    expect_answer("when 3 lines are published", Ring::ready, ring.in.refill());
    ring.expect_run("when 3 lines are published", 3);
    lab::expect_equal("the line that is read first", Word{0},
                      ring.number_of(ring.in.take(line).first));
    lab::expect_equal("head() when one line is taken", line, ring.in.head());
    lab::expect_equal("available() when 2 lines are left", 2 * line, ring.in.available());
    ring.take(2);
    expect_answer("when all 3 are taken", Ring::blocked, ring.in.refill());
    lab::expect_equal("head() then", 3 * line, ring.in.head());
    ring.tail.store_relaxed(5 * line);
    expect_answer("when 2 more are published", Ring::ready, ring.in.refill());
    ring.expect_run("when 2 more are published", 2);
    lab::expect_equal("the line that is read next", Word{3},
                      ring.number_of(ring.in.take(line).first));
}

TEST_CASE("news-full: a whole ring is read, and the next one") {
    Taking ring;
    for (Word round = 1; round <= 3; round++) {
        ring.tail.store_relaxed(round * capacity);
        expect_answer("when 16 lines of 16 are published", Ring::ready, ring.in.refill());
        ring.expect_run("when 16 lines of 16 are published", lines);
        lab::expect_equal("the line that is read first", Word{0},
                          ring.number_of(ring.in.take(capacity).first));
        expect_answer("when all 16 are taken", Ring::blocked, ring.in.refill());
    }
}

TEST_CASE("news-wrap: lines that were seen behind the end of the ring come next") {
    Taking ring;
    ring.tail.store_relaxed(12 * line);
    ring.take(12);
    ring.tail.store_relaxed(22 * line);
    expect_answer("when lines 12 to 15 and 0 to 5 are published", Ring::ready, ring.in.refill());
    ring.expect_run("from line 12 to the end of the ring", 4);
    ring.take(4);
    expect_answer("at the end of the ring, with 6 lines seen", Ring::ready, ring.in.refill());
    ring.expect_run("from line 0 on", 6);
    lab::expect_equal("available() then", 6 * line, ring.in.available());
    lab::expect_equal("the line behind the last one", Word{0},
                      ring.number_of(ring.in.take(line).first));
    ring.take(5);
    expect_answer("when these are taken too", Ring::blocked, ring.in.refill());
}

TEST_CASE("news-steps: steps of any length, around the ring many times") {
    Taking ring;
    Draw draw(42);
    Word published = 0;
    for (unsigned step = 0; step < 2000; step++) {
        const Word head = ring.in.head();
        published += draw.below((capacity - (published - head)) / line + 1) * line;
        ring.tail.store_relaxed(published);
        INFO("step " << step << ": head " << head << ", tail " << published);
        if (ring.in.stopped()) {
            if (!expect_answer("with that", published == head ? Ring::blocked : Ring::ready,
                               ring.in.refill()))
                return;
        }
        const Word most = std::min(capacity - head % capacity, published - head);
        if (!lab::expect("a run does not go past what is published, nor the ring's end",
                         ring.in.run() <= most) ||
            !lab::expect("there is a run if something is published",
                         published == head || ring.in.run() > 0) ||
            !lab::expect_equal("head(), which refill() leaves as it is", head, ring.in.head()))
            return;
        const rt::Run taken = ring.in.take(draw.below(ring.in.run() / line + 1) * line);
        if (taken.bytes() != 0 &&
            !lab::expect_equal("the first line of the run", head % capacity / line,
                               ring.number_of(taken.first)))
            return;
    }
}

TEST_CASE("news-counter: a producer's counter that cannot be makes the ring corrupt") {
    struct Case {
        const char* what;
        Word tail; ///< 4 lines were published and taken before
    };
    const Case cases[] = {{"a line more than a capacity further", 5 * line + capacity},
                          {"backwards, from 4 lines to 3", 3 * line},
                          {"backwards, to 0", 0},
                          {"between two lines", 4 * line + 8},
                          {"one byte on", 4 * line + 1},
                          {"far away", Word{1} << 63},
                          {"just below 0", ~Word{0} - 63}};
    for (const Case& bad : cases) {
        Taking ring;
        ring.tail.store_relaxed(4 * line);
        ring.take(4);
        ring.tail.store_relaxed(bad.tail);
        expect_answer(std::string("when the producer's counter is ") + bad.what, Ring::corrupt,
                      ring.in.refill());
    }
    Taking ring;
    ring.tail.store_relaxed(4 * line);
    ring.take(4);
    ring.tail.store_relaxed(4 * line + capacity);
    expect_answer("when it is exactly a capacity further, which is possible", Ring::ready,
                  ring.in.refill());
}

TEST_CASE("news-once: the producer's counter is read once, and that value is checked") {
    constexpr Word counters[] = {0, line, 2 * line, 3 * line, 8, ~Word{63}};
    for (const Word before : counters) {
        for (const Word after : counters) {
            if (!explored(
                    "A hostile producer changes its counter while refill() looks at it. Whatever "
                    "it writes, the consumer must stay inside the ring: a value that was checked "
                    "and then read again is not the value that was checked.",
                    explore::all("hostile tail", [=] { look_at_hostile(before, after); })))
                return;
        }
    }
}

TEST_CASE("news-order: what is read is what was put in, never something older") {
    explored("The consumer has seen the counter, and read the line as it was before: the lines "
             "must be read behind the counter, which takes an acquire.",
             explore::all("a line is read", [] {
                 Shared shared(2);
                 explore::threads({{"producer",
                                    [&] {
                                        shared.request[0].id.store_relaxed(1);
                                        shared.request[1].id.store_relaxed(2);
                                        shared.making().tail.store_release(2 * line);
                                    }},
                                   {"consumer", [&] {
                                        rt::Consumer<> in = shared.consumer().in;
                                        if (in.refill() != Ring::ready)
                                            return;
                                        uint32_t id = 1;
                                        for (const abi::Item& item : in.take(in.run()))
                                            explore::check(item.id.load_relaxed() == id++,
                                                           "the line has what was put in");
                                    }}});
             }));
}
