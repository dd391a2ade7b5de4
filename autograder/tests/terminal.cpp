// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a student sees of a result: the exact text, its width, no colour but on a terminal, and
/// what changed since the last run.
#include "autograder/results/terminal.hpp"

#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/scratch.hpp"
#include "autograder/tests/results.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

TEST_CASE("terminal: a result without colour, every line of it") {
    const grade::Result result = fixture_result();
    CHECK(grade::result_text(result, {}, {}) ==
          R"(  pass   4/4      resolve-guard           a guard is compared bit by bit
  part   2.5/6    resolve-depth           a guard is compared bit by bit
        a depth of 12 bits is not enough
        expected: GuardMismatch, 3 bits found
        got:      success
        2 of 4 runs failed, with seed 2, 3
        read   handouts/1-capabilities.md#exercise-1-1
        again  make grade LAB=1 TEST=resolve-depth SEED=7
  crash  0/5      insert-order            a guard is compared bit by bit
        the kernel stopped: mdb::insert wrote to 0x0
        read   handouts/1-capabilities.md#exercise-1-1
        again  make grade LAB=1 TEST=insert-order SEED=7
  skip   0/4      revoke-all              exercise 1.4 is a hole
  fail   0/1      revoke-one              a guard is compared bit by bit
        exercise 1.4 is a hole
        read   handouts/1-capabilities.md#exercise-1-1
        again  make grade LAB=1 TEST=revoke-one SEED=7

Lab 1: 6.5 of 20 points (not all tests were run)

  1.1  cspace::resolve                            6.5/10
  1.2  mdb::insert                                0/5          does not compile
        kernel/cap/mdb.cpp:41: use of undeclared identifier 'nxt'
  1.3  mdb::derive                                0/0          caught up
  1.4  finalise::revoke                           0/5          still a hole
       your whole system, all labs                0/2
        the student's own system does not boot

Warnings:
  kernel/boot/boot.cpp:40 was changed and will not be graded
)");
}

TEST_CASE("terminal: of a run of some tests only what hinders them is told, and no points") {
    const grade::Result result = fixture_result();
    CHECK(grade::summary_of_some(result, std::vector<std::string>{"resolve-guard", "insert-order"},
                                 {}) ==
          R"(  1.2  mdb::insert: does not compile
        kernel/cap/mdb.cpp:41: use of undeclared identifier 'nxt'

Warnings:
  kernel/boot/boot.cpp:40 was changed and will not be graded

1 of 2 tests passed. All of lab 1: make grade LAB=1
)");
}

TEST_CASE("terminal: lines are wrapped at words, titles cut, and escapes never get through") {
    grade::Result result = fixture_result();
    grade::TestResult& test = result.tests[4];
    test.title = std::string(300, 't');
    test.message = "a message of many words " + std::string(250, 'w') + "\x1b[2J\x1b]0;x\x07 end";
    test.details = {std::string(90, 'a') + " " + std::string(90, 'b'), hostile};
    for (const std::size_t width : {100U, 60U}) {
        const std::string text =
            grade::live_line(test, {false, width}) + grade::failure_text(test, {false, width});
        for (const std::string_view line : grade::split_lines(text)) {
            CHECK_MESSAGE(grade::columns(line) <= width, line);
        }
        CHECK_FALSE(text.contains('\x1b'));
        CHECK_FALSE(text.contains('\x07'));
        CHECK(text.contains("        a message of many words\n"));
    }
}

TEST_CASE("terminal: colour paints words, and the text is the same without it") {
    const grade::Result result = fixture_result();
    const std::string painted = grade::result_text(result, {}, {true, 100});
    CHECK(painted.contains("  \x1b[32mpass \x1b[0m"));
    CHECK(grade::safe_text(painted) == grade::result_text(result, {}, {false, 100}));
}

TEST_CASE("terminal: there is colour on a terminal only, and not with NO_COLOR") {
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(terminal >= 0);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    CHECK(grade::terminal_style(terminal).colour);
    setenv("NO_COLOR", "1", 1);
    CHECK_FALSE(grade::terminal_style(terminal).colour);
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    CHECK_FALSE(grade::terminal_style(terminal).colour);
    setenv("TERM", "xterm", 1);
    const int file = open("/dev/null", O_WRONLY);
    CHECK_FALSE(grade::terminal_style(file).colour);
    close(file);
    close(terminal);
}

TEST_CASE("terminal: the history says what changed and what was best") {
    const grade::Scratch scratch;
    const auto path = grade::history_path(scratch.path(), 1);
    CHECK(grade::compare(grade::read_history(path), fixture_result()).better.empty());

    grade::Result run = fixture_result();
    run.tests.erase(run.tests.begin() + 3);
    grade::write_history(grade::with({}, run), path);
    run.tests[0].score = 1;
    run.tests[1].score = 6;
    run.score = 7;
    const grade::History history = grade::read_history(path);
    const grade::Comparison comparison = grade::compare(history, run);
    const std::string text = grade::summary_text(run, comparison, {});
    CHECK(text.starts_with("Lab 1: 7 of 20 points (+0.5 since the last run; the best so far)\n"));
    CHECK(text.contains("\nSince the last run:\n"
                        "  better  resolve-depth 2.5 -> 6\n"
                        "  worse   resolve-guard 4 -> 1\n"));

    const grade::History after = grade::with(history, run);
    run.score = 5;
    CHECK(grade::summary_text(run, grade::compare(after, run), {})
              .starts_with("Lab 1: 5 of 20 points (-2 since the last run; best so far 7)\n"));
    CHECK(grade::with(after, run).best == 7);
}

TEST_CASE("terminal: a run of one test, or of another course, leaves the best score alone") {
    grade::Result run = fixture_result();
    run.tests.erase(run.tests.begin() + 3);
    const grade::History history = grade::with({}, run);
    CHECK(history.best == 6.5);
    grade::Result one = run;
    one.complete = false;
    one.score = 20;
    one.tests[0].score = 2;
    const grade::History after = grade::with(history, one);
    CHECK(after.best == 6.5);
    CHECK(after.tests.at("resolve-guard") == 2);
    one.course = "another";
    CHECK(grade::compare(after, one).worse.empty());
    CHECK_FALSE(grade::compare(after, one).best);
}

TEST_CASE("terminal: a history that is broken is none") {
    const grade::Scratch scratch;
    for (const std::string content : {"", "[]", "{\"tests\": [1], \"best\": \"x\"}", "{\"be"}) {
        grade::write_file(scratch.path() / "history.json", content);
        const grade::History history = grade::read_history(scratch.path() / "history.json");
        CHECK_FALSE(history.best);
        CHECK(history.tests.empty());
    }
}

TEST_CASE("terminal: what was not graded shows the reason and no points") {
    grade::Result result = fixture_result();
    result.status = grade::ResultStatus::env_error;
    result.message = "no emulator; `make emulator` builds it";
    CHECK(grade::summary_text(result, {}, {}) ==
          "Lab 1: not graded\n  no emulator; `make emulator` builds it\n");
}
