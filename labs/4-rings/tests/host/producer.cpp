// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 4.1: the long path of a producer. The consumer is played by hand.
/// Read next: consumer.cpp.
#include "labs/4-rings/tests/host/rings.hpp"

using namespace rings;

namespace {

struct Making : Requests {
    rt::Producer<> out = memory.buffer.client().out;

    /// Builds what there is room for, up to so many lines.
    void put(Word count) {
        while (count > 0 && (!out.stopped() || out.refill() == Ring::ready)) {
            out.take(line);
            count--;
        }
    }
    void expect_run(const std::string& when, Word expected_lines) {
        lab::expect_equal(when + ", lines in the run", expected_lines, out.run() / line);
    }
};

/// A consumer that changes its counter to anything, twice, while the other side looks.
void look_at_hostile(Word before, Word after) {
    Shared shared(2);
    explore::threads(
        {{"hostile",
          [&] {
              shared.taking().head.store_relaxed(before);
              shared.taking().head.store_relaxed(after);
          }},
         {"producer", [&] {
              rt::Producer<> out = shared.producer().out;
              for (unsigned i = 0; i < 2; i++) {
                  if (out.refill() == Ring::corrupt)
                      return;
                  explore::check(out.room() <= 2 * line, "room() is at most the capacity");
                  const rt::Run run = out.take(out.run());
                  explore::check(run.first >= shared.request && run.first <= run.last &&
                                     run.last <= shared.request + 2,
                                 "the run lies in the ring");
              }
          }}});
}

} // namespace

TEST_CASE("room-new: all lines of a new ring are free, in one run") {
    Making ring;
    expect_answer("in a new ring", Ring::ready, ring.out.refill());
    ring.expect_run("in a new ring", lines);
    lab::expect_equal("the first line that is built", Word{0},
                      ring.number_of(ring.out.take(line).first));
    lab::expect_equal("room() when one line of 16 is built", capacity - line, ring.out.room());
    lab::expect_equal("tail() when one line is built", line, ring.out.tail());
}

TEST_CASE("room-full: a full ring is blocked until the consumer publishes what it took") {
    Making ring;
    ring.put(lines);
    expect_answer("when all lines are built", Ring::blocked, ring.out.refill());
    lab::expect("a ring without room has stopped()", ring.out.stopped());
    lab::expect_equal("tail() of the full ring", capacity, ring.out.tail());
    ring.head.store_relaxed(3 * line);
    expect_answer("when the consumer has taken 3 lines of a full ring", Ring::ready,
                  ring.out.refill());
    ring.expect_run("when the consumer has taken 3 lines of a full ring", 3);
    lab::expect_equal("room() then", 3 * line, ring.out.room());
    lab::expect_equal("the line that is built anew", Word{0},
                      ring.number_of(ring.out.take(line).first));
    ring.put(2);
    expect_answer("when these 3 are built again", Ring::blocked, ring.out.refill());
}

TEST_CASE("room-wrap: a run ends where the ring begins anew, and the next one starts there") {
    Making ring;
    ring.put(10);
    ring.head.store_relaxed(10 * line);
    expect_answer("when 10 of 16 lines are built and taken", Ring::ready, ring.out.refill());
    ring.expect_run("from line 10 to the end of the ring", 6);
    ring.put(6);
    expect_answer("at the end of the ring", Ring::ready, ring.out.refill());
    ring.expect_run("from line 0 to the lines that are not taken yet", 10);
    lab::expect_equal("the line behind the last one", Word{0},
                      ring.number_of(ring.out.take(line).first));
}

TEST_CASE("room-most: no more room is given than the caller allows") {
    Making ring;
    expect_answer("when 2 lines are allowed", Ring::ready, ring.out.refill(2 * line));
    ring.expect_run("when 2 lines are allowed", 2);
    lab::expect_equal("room(), which has nothing to do with what is allowed", capacity,
                      ring.out.room());
    ring.out.close();
    ring.out.reopen();
    ring.expect_run("when 2 lines are allowed, after close() and reopen()", 2);
    expect_answer("when nothing is allowed", Ring::blocked, ring.out.refill(0));
    lab::expect("nothing is allowed, so it has stopped()", ring.out.stopped());
    expect_answer("when all is allowed again", Ring::ready, ring.out.refill());
    ring.expect_run("when all is allowed again", lines);
}

TEST_CASE("room-steps: steps of any length, around the ring many times") {
    Making ring;
    Draw draw(41);
    Word taken = 0;
    for (unsigned step = 0; step < 2000; step++) {
        taken += draw.below((ring.out.tail() - taken) / line + 1) * line;
        ring.head.store_relaxed(taken);
        const Word tail = ring.out.tail();
        const Word most = draw.below(lines + 4) * line;
        const Word run =
            std::min({capacity - tail % capacity, capacity - (tail - taken), most}) / line;
        INFO("step " << step << ": tail " << tail << ", head " << taken << ", allowed " << most);
        if (!expect_answer("with that", run == 0 ? Ring::blocked : Ring::ready,
                           ring.out.refill(most)))
            return;
        if (!lab::expect_equal("lines in the run", run, ring.out.run() / line) ||
            !lab::expect_equal("tail(), which refill() leaves as it is", tail, ring.out.tail()))
            return;
        const rt::Run built = ring.out.take(draw.below(run + 1) * line);
        if (built.bytes() != 0 &&
            !lab::expect_equal("the first line of the run", tail % capacity / line,
                               ring.number_of(built.first)))
            return;
    }
}

TEST_CASE("room-counter: a consumer's counter that cannot be makes the ring corrupt") {
    struct Case {
        const char* what;
        Word head; ///< 4 lines were built, 2 taken before
    };
    const Case cases[] = {{"past the producer: more is taken than was put in", 5 * line},
                          {"backwards, from 2 lines to 1", 1 * line},
                          {"backwards, to 0", 0},
                          {"between two lines", 2 * line + 8},
                          {"one byte on", 2 * line + 1},
                          {"a capacity further", 2 * line + capacity},
                          {"far away", Word{1} << 63},
                          {"just below 0", ~Word{0} - 63}};
    for (const Case& bad : cases) {
        Making ring;
        ring.put(4);
        ring.head.store_relaxed(2 * line);
        expect_answer("when 2 of 4 lines were taken", Ring::ready, ring.out.refill());
        ring.head.store_relaxed(bad.head);
        expect_answer(std::string("when the consumer's counter is ") + bad.what, Ring::corrupt,
                      ring.out.refill());
        lab::expect("room() stays at most the capacity", ring.out.room() <= capacity);
    }
    Making ring;
    ring.head.store_relaxed(line);
    expect_answer("when a line is taken of a ring into which nothing was put", Ring::corrupt,
                  ring.out.refill());
}

TEST_CASE("room-once: the consumer's counter is read once, and that value is checked") {
    constexpr Word counters[] = {0, line, 2 * line, 3 * line, 8, ~Word{63}};
    for (const Word before : counters) {
        for (const Word after : counters) {
            if (!explored(
                    "A hostile consumer changes its counter while refill() looks at it. Whatever "
                    "it writes, the producer must stay inside the ring: a value that was checked "
                    "and then read again is not the value that was checked.",
                    explore::all("hostile head", [=] { look_at_hostile(before, after); })))
                return;
        }
    }
}

TEST_CASE("room-order: a line is built anew only when the consumer has read it") {
    explored("The producer has overwritten a line before the consumer had read it: the load of "
             "the consumer's counter must be an acquire, which keeps what comes behind it behind.",
             explore::all("a line is built anew", [] {
                 Shared shared(1);
                 rt::Producer<> out = shared.producer().out;
                 static_cast<void>(out.refill());
                 out.take(line);
                 shared.request[0].id.store_relaxed(1);
                 uint32_t read = 0;
                 explore::threads({{"producer",
                                    [&] {
                                        while (out.refill() != Ring::ready)
                                            explore::pause();
                                        out.take(line);
                                        shared.request[0].id.store_relaxed(2);
                                    }},
                                   {"consumer", [&] {
                                        read = shared.request[0].id.load_relaxed();
                                        shared.taking().head.store_release(line);
                                    }}});
                 explore::check(read == 1, "the consumer has read what was put in first");
             }));
}
