// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The repositories of the small course in fixture/: what is on their branches, that they only
/// grow, and that starter.git gives nothing away.
#include "autograder/tests/repositories.hpp"

#include <array>
#include <cstdio>
#include <thread>

namespace {

using namespace repositories;
using grade::Appended;
using grade::Git;

std::vector<int> labs(const std::vector<Appended>& appended) {
    std::vector<int> result;
    for (const Appended& each : appended) {
        result.push_back(each.lab);
    }
    return result;
}

/// Puts a line behind the head of a file.
void touch(const SmallCourse& course, const std::string& path, const std::string& line) {
    edit(course.root() / path, "#pragma once\n", "#pragma once\n" + line + "\n");
}

int run_program(const SmallCourse& course, const std::string& before = {}) {
    const auto program = fs::read_symlink("/proc/self/exe").parent_path() / "rel4-grade";
    const std::string command = before + "'" + program.string() + "' branches --root '" +
                                course.root().string() + "' --out '" + (course / "").string() +
                                "' >/dev/null 2>&1";
    return std::system(command.c_str()) >> 8;
}

TEST_CASE("branches: each lab's branch begins at the one before, and HEAD is lab1") {
    const SmallCourse course;
    const auto appended = course.append();
    CHECK(labs(appended) == std::vector{1, 2});
    const Git git = course.starter();
    CHECK(git.run({"symbolic-ref", "HEAD"}) == "refs/heads/lab1");
    CHECK(git.resolve("lab2^") == git.resolve("lab1"));
    CHECK_FALSE(git.resolve("lab1^"));
    CHECK(git.run({"log", "--format=%s", "lab2"}) ==
          "Lab 2, Queue: its starter.\nLab 1, List: its starter.");
    CHECK(git.run({"for-each-ref", "--format=%(refname)"}) == "refs/heads/lab1\nrefs/heads/lab2");
    CHECK(git.read_file("lab2", ".stage.toml")->contains("lab = 2\nkind = \"starter\"\n"));
    CHECK_FALSE(git.read_file("lab1", "kernel/queue.cpp"));
}

TEST_CASE("branches: in a student's lab 2 the exercises of lab 1 are holes too") {
    const SmallCourse course;
    static_cast<void>(course.append());
    const std::string list = *course.starter().read_file("lab2", "kernel/list.cpp");
    for (const char* id : {"1.1", "1.2", "2.3"}) {
        CHECK_MESSAGE(list.contains("lab::todo(\"" + std::string(id) + "\")"), id);
    }
    CHECK(course.starter().read_file("lab2", "kernel/ring.hpp")->contains("and what else?"));
}

TEST_CASE("branches: no object of starter.git has the text of a solution") {
    const SmallCourse course;
    static_cast<void>(course.append("starter.git"));
    static_cast<void>(course.append("solutions.git"));
    touch(course, "kernel/list.hpp", "// mended");
    static_cast<void>(course.append("starter.git"));
    const std::string starter = dense(all_blobs(course.starter()));
    const std::string solutions =
        dense(all_blobs({course / "solutions.git", Git::Config::none, true}));
    for (const std::string body :
         {"{ Node* const second = first_; node.next = second; first_ = &node; }",
          "node != nullptr; node = next_of(node)", "other.insert(*node);", "unsigned head = 0;",
          "list_.reverse();", "la sp, stack_top"}) {
        CAPTURE(body);
        CHECK(solutions.contains(dense(body)));
        CHECK_FALSE(starter.contains(dense(body)));
    }
}

TEST_CASE("branches: nothing changed, nothing appended; the same source gives the same ids") {
    const SmallCourse course;
    const auto first = course.append("starter.git");
    CHECK(course.append("starter.git").empty());
    const auto other = course.append("other/starter.git");
    touch(course, "kernel/list.hpp", "// mended");
    const auto second = course.append("starter.git");
    const auto other_second = course.append("other/starter.git");
    REQUIRE(other.size() == 2);
    REQUIRE(second.size() == 2);
    REQUIRE(other_second.size() == 2);
    for (std::size_t index = 0; index < 2; ++index) {
        CHECK(first[index].commit == other[index].commit);
        CHECK(second[index].commit == other_second[index].commit);
    }
}

TEST_CASE("branches: a change of lab 1 becomes a commit there and merges upwards") {
    const SmallCourse course;
    static_cast<void>(course.append());
    const Git git = course.starter();
    const auto old1 = git.resolve("lab1");
    const auto old2 = git.resolve("lab2");
    touch(course, "kernel/list.hpp", "// mended");
    const auto appended = course.append();
    REQUIRE(labs(appended) == std::vector{1, 2});
    CHECK(appended[0].message == "Lab 1 changes kernel/list.hpp.");
    CHECK(appended[1].message == "Lab 2 takes over what is new in lab 1.");
    CHECK(git.resolve("lab1^") == old1);
    CHECK(git.resolve("lab2^1") == old2);
    CHECK(git.resolve("lab2^2") == git.resolve("lab1"));
    CHECK(git.read_file("lab2", "kernel/list.hpp")->contains("// mended"));
}

TEST_CASE("branches: a change of lab 2 is a commit there alone, with the sentence that was said") {
    const SmallCourse course;
    static_cast<void>(course.append());
    const auto before = course.starter().resolve("lab1");
    touch(course, "kernel/queue.hpp", "// mended");
    const auto appended = course.append("starter.git", "The queue is documented.");
    REQUIRE(labs(appended) == std::vector{2});
    CHECK(appended[0].message == "Lab 2: The queue is documented.");
    CHECK(course.starter().resolve("lab1") == before);
}

TEST_CASE("branches: a student's clone pulls without a merge of its own") {
    const SmallCourse course;
    static_cast<void>(course.append());
    const Clone clone(course / "starter.git", course / "clone");
    touch(course, "kernel/list.hpp", "// mended");
    static_cast<void>(course.append());
    clone.git().run({"pull", "--quiet", "--ff-only"});
    CHECK(content(clone / "kernel/list.hpp").contains("// mended"));
}

TEST_CASE("branches: a file that leaves a lab leaves its branch") {
    const SmallCourse course;
    static_cast<void>(course.append());
    fs::remove(course.root() / "labs/1-list/tests/list.cpp");
    CHECK(labs(course.append()) == std::vector{1, 2});
    CHECK_FALSE(course.starter().read_file("lab1", "labs/1-list/tests/list.cpp"));
}

TEST_CASE("branches: what this command did not make is refused and left as it is") {
    const SmallCourse course;
    put(course / "foreign.git/work", "work");
    CHECK_THROWS_AS(static_cast<void>(course.append("foreign.git")), grade::EnvironmentError);
    CHECK(content(course / "foreign.git/work") == "work");
    static_cast<void>(course.append("solutions.git"));
    const grade::Editions editions = course.editions();
    CHECK_THROWS_AS(grade::append(course / "solutions.git", editions.starter),
                    grade::EnvironmentError);
    CHECK_THROWS_AS(grade::append(course.root() / "kernel/list.cpp", editions.starter),
                    grade::EnvironmentError);
}

TEST_CASE("branches: a source that breaks a rule changes neither repository") {
    const SmallCourse course;
    REQUIRE(run_program(course) == 0);
    const auto before = course.starter().resolve("lab2");
    touch(course, "kernel/list.hpp", "// See kernel/queue.hpp.");
    CHECK(run_program(course) == 2);
    CHECK(course.starter().resolve("lab2") == before);
}

TEST_CASE("branches: a run that is killed leaves each repository as it was or as it shall be") {
    const SmallCourse course;
    REQUIRE(run_program(course) == 0);
    for (const char* seconds : {"0.02", "0.05", "0.1", "0.15"}) {
        CAPTURE(seconds);
        touch(course, "kernel/list.hpp", std::string("// mended after ") + seconds);
        const auto old1 = course.starter().resolve("lab1");
        const auto old2 = course.starter().resolve("lab2");
        static_cast<void>(run_program(course, "timeout -s KILL " + std::string(seconds) + " "));
        const bool is_old = course.starter().resolve("lab1") == old1;
        CHECK((course.starter().resolve("lab2") == old2) == is_old);
        course.starter().run({"fsck", "--no-dangling"});
        CHECK(run_program(course) == 0);
        CHECK(course.starter().resolve("lab1^") == old1);
        CHECK(course.starter().resolve("lab2^1") == old2);
    }
}

TEST_CASE("branches: of two runs at once one waits, and finds nothing to do") {
    const SmallCourse course;
    std::array<int, 3> status{};
    {
        std::vector<std::jthread> runs;
        for (int& each : status) {
            runs.emplace_back([&course, &each] { each = run_program(course); });
        }
    }
    CHECK(status == std::array{0, 0, 0});
    CHECK(course.starter().run({"rev-list", "--count", "lab2"}) == "2");
}

} // namespace
