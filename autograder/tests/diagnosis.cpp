// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What explain.py finds, in words: also when it is something that nobody has written it for.
#include "autograder/run/diagnosis.hpp"

#include <doctest/doctest.h>

using namespace grade;

namespace {

using Lines = std::vector<std::string>;

const LineOf ten_further = [](std::string_view file, int line) {
    return file == "kernel/list.cpp" ? line + 10 : line;
};

std::string frame(std::string_view function, std::string_view file, int line) {
    return fmt::format(R"({{"pc":4096,"function":"{}","file":"{}","line":{}}})", function, file,
                       line);
}

std::string hart(std::string_view state, std::string_view function) {
    return fmt::format(R"({{{},"frames":[{},{}]}})", state, frame(function, "kernel/list.cpp", 1),
                       frame("main", "kernel/main.cpp", 5));
}

constexpr std::string_view asleep = R"("asleep":true,"privilege":"S")";
constexpr std::string_view loops = R"("asleep":false,"loops":true,"privilege":"S")";
constexpr std::string_view runs = R"("asleep":false,"loops":false,"privilege":"U")";

std::string machine(std::string_view harts) {
    return fmt::format(R"({{"time":true,"harts":[{}]}})", harts);
}

} // namespace

TEST_SUITE("diagnosis") {
    TEST_CASE("a panic is where it was called, in the lines of the student's file") {
        const auto lines = stop_in_words(fmt::format(R"({{"frames":[{},{},{},{}]}})",
                                                     frame("panic", "kernel/lib/print.cpp", 38),
                                                     frame("require", "kernel/lib/assert.hpp", 21),
                                                     frame("List::pop", "kernel/list.cpp", 7),
                                                     frame("main", "kernel/main.cpp", 3)),
                                         ten_further);
        CHECK(lines == Lines{"the kernel stopped in List::pop (kernel/list.cpp:17)",
                             "  called by main (kernel/main.cpp:3)"});
    }

    TEST_CASE("a trap is where it was taken, and what it was") {
        const auto lines = stop_in_words(
            fmt::format(R"({{"frames":[{}],"trap":{{"cause":"load page fault","value":16,)"
                        R"("frames":[{}]}}}})",
                        frame("panic", "kernel/lib/print.cpp", 38),
                        frame("List::pop", "kernel/list.cpp", 7)),
            ten_further);
        CHECK(lines == Lines{"the kernel itself trapped in List::pop (kernel/list.cpp:17): load "
                             "page fault, address 0x10"});
    }

    TEST_CASE("a trap of a kernel that checks itself: with what it means") {
        const auto lines_of = [](std::string_view cause, std::uint64_t value) {
            return stop_in_words(
                fmt::format(R"({{"frames":[{}],"trap":{{"cause":"{}","value":{},"frames":[{}]}}}})",
                            frame("panic", "kernel/lib/print.cpp", 38), cause, value,
                            frame("List::pop", "kernel/list.cpp", 7)),
                ten_further);
        };
        const auto freed = lines_of("load page fault", 0xdead'f4ee'dead'f4fe + 0x18);
        REQUIRE(freed.size() == 2);
        CHECK(freed[1].contains("an object that is gone"));
        const auto undefined = lines_of("breakpoint", 0);
        REQUIRE(undefined.size() == 2);
        CHECK(undefined[1].contains("C++ leaves undefined"));
        CHECK(lines_of("load page fault", 0x18).size() == 1);
    }

    TEST_CASE("a live lock is told by the hart that says most, then what the others do") {
        const auto lines = hang_in_words(machine(hart(asleep, "idle") + "," + hart(runs, "work") +
                                                 "," + hart(loops, "List::pop")),
                                         ten_further);
        CHECK(lines == Lines{"live lock: hart 2 goes round in List::pop (kernel/list.cpp:11)",
                             "  called by main (kernel/main.cpp:5)",
                             "hart 0 waits for an interrupt, in idle (kernel/list.cpp:11)",
                             "hart 1 runs in user mode, in work (kernel/list.cpp:11)"});
    }

    TEST_CASE("a hart that traps again and again says more than one that goes round") {
        const auto traps = std::string(loops) + R"(,"traps":"illegal instruction")";
        const auto lines =
            hang_in_words(machine(hart(loops, "a") + "," + hart(traps, "b")), ten_further);
        REQUIRE(!lines.empty());
        CHECK(lines[0] == "live lock: hart 1 traps again and again (illegal instruction), at b "
                          "(kernel/list.cpp:11)");
    }

    TEST_CASE("when every hart sleeps it is a dead lock, with or without a clock") {
        const auto ticking = hang_in_words(machine(hart(asleep, "idle")), ten_further);
        CHECK(ticking == Lines{"dead lock: every hart waits for an interrupt, and those that come "
                               "make no thread ready",
                               "hart 0 waits for an interrupt, in idle (kernel/list.cpp:11)"});
        const auto still = hang_in_words(
            fmt::format(R"({{"time":false,"harts":[{}]}})", hart(asleep, "idle")), ten_further);
        REQUIRE(!still.empty());
        CHECK(still[0] == "dead lock: every hart waits for an interrupt, and none will come: no "
                          "timer is set");
    }

    TEST_CASE("what is no such answer says nothing, and what is too much is cut") {
        for (const char* text :
             {"", "{", "[]", "7", "null", R"({"frames":7})", R"({"harts":[]})",
              R"({"frames":[7,[],{"line":"x"}],"trap":[]})", R"({"harts":[7]})"}) {
            CAPTURE(text);
            CHECK(hang_in_words(text, ten_further).empty());
        }
        CHECK(stop_in_words(R"({"frames":[]})", ten_further).empty());
        CHECK(stop_in_words(R"({"frames":[],"trap":{"frames":7}})", ten_further).empty());
        std::string many = frame("f", "kernel/list.cpp", 1);
        for (int i = 0; i < 500; ++i) {
            many += "," + frame(std::string(300, 'f'), "kernel/list.cpp", 1);
        }
        const auto lines = stop_in_words(R"({"frames":[)" + many + "]}", ten_further);
        CHECK(lines.size() == 12);
        CHECK(lines.back().size() < 200);
        CHECK(stop_in_words(std::string(1 << 20, ' ') + "{}", ten_further).empty());
    }

    TEST_CASE("control characters and lines that cannot be are no danger") {
        const auto lines = stop_in_words(
            R"({"frames":[{"function":"a\u001b[31m\nb","file":"x\ny","line":99999999999}]})",
            ten_further);
        REQUIRE(lines.size() == 1);
        CHECK(!lines[0].contains('\n'));
        CHECK(!lines[0].contains('\x1b'));
        CHECK(!lines[0].contains("99999999999"));
    }

    TEST_CASE("an exercise that never ends is given up, whatever the seed") {
        Endless endless;
        const ExerciseId first{2, 1};
        const ExerciseId second{2, 2};
        endless.note(first);
        CHECK(!endless.has_given_up(first));
        endless.note(first);
        CHECK(endless.has_given_up(first));
        CHECK(endless.why(first).contains("tests of exercise 2.1"));
        CHECK(!endless.has_given_up(second));
    }

    TEST_CASE("a system that twice comes to no test is given up") {
        Endless endless;
        endless.note_start();
        CHECK(!endless.has_given_up({2, 1}));
        endless.note_start();
        CHECK(endless.has_given_up({2, 1}));
        CHECK(endless.why({2, 1}).contains("first test"));
    }
}
