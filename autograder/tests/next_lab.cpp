// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A student of the small course in fixture/ goes from lab 1 to lab 2: by git, in a folder, with
/// edits that fit and edits that do not, and with a bundle to catch up.
#include "autograder/student/next_lab.hpp"

#include "autograder/course/release.hpp"
#include "autograder/tests/repositories.hpp"

#include <algorithm>

namespace {

using namespace repositories;
using grade::ExerciseId;

const std::string insert_body = "{\n      node.next = first_;   // as I like it: {\n"
                                "      first_=&node ;\n    }";
const std::string helpers = "/* mine */ int twice(int n) { return 2 * n; }\n";
const std::vector<ExerciseId> only_1_1 = {{1, 1}};
const std::vector<ExerciseId> only_1_2 = {{1, 2}};

/// Does exercise 1.1, not 1.2.
void work(const fs::path& tree) {
    edit(tree / "kernel/list.cpp", "{ lab::todo(\"1.1\"); }", insert_body);
    edit(tree / "kernel/list.cpp", "// Your own helpers: begin\n",
         "// Your own helpers: begin\n" + helpers);
}

struct Student {
    Student() {
        static_cast<void>(course.append());
        clone.emplace(course / "starter.git", course / "clone");
    }

    [[nodiscard]] grade::NextLabResult next(grade::NextLabWish wish = {}) const {
        wish.root = clone->folder();
        return grade::next_lab(wish);
    }
    [[nodiscard]] std::string list() const { return content(*clone / "kernel/list.cpp"); }
    [[nodiscard]] std::string refused(const grade::NextLabWish& wish = {}) const {
        const auto before = clone->git().run({"rev-parse", "HEAD"});
        const auto status = clone->git().run({"status", "--porcelain"});
        std::string reason;
        try {
            static_cast<void>(next(wish));
        } catch (const grade::EnvironmentError& error) {
            reason = error.what();
        }
        CHECK(clone->git().run({"rev-parse", "HEAD"}) == before);
        CHECK(clone->git().run({"status", "--porcelain"}) == status);
        return reason;
    }

    SmallCourse course;
    std::optional<Clone> clone;
};

TEST_CASE("next-lab: work is in the next starter to the byte, and what is open stays open") {
    const Student student;
    work(student.clone->folder());
    student.clone->commit();
    const auto result = student.next();
    CHECK(result.carried.done == only_1_1);
    CHECK(result.carried.holes == only_1_2);
    CHECK(result.carried.merged.empty());
    CHECK(result.carried.set_aside.empty());
    CHECK(result.carried.warnings.empty());
    const std::string starter = *student.course.starter().read_file("lab2", "kernel/list.cpp");
    std::string expected = starter;
    const std::string hole = "{ lab::todo(\"1.1\"); }";
    expected.replace(expected.find(hole), hole.size(), insert_body);
    const std::string begin = "// Your own helpers: begin\n";
    expected.insert(expected.find(begin) + begin.size(), helpers);
    CHECK(student.list() == expected);
    CHECK(content(*student.clone / ".stage.toml").contains("lab = 2"));
}

TEST_CASE("next-lab: one commit upon the student's and the starter's, and a tag for the way back") {
    const Student student;
    work(student.clone->folder());
    student.clone->commit();
    const grade::Git& git = student.clone->git();
    const auto mine = git.resolve("HEAD");
    const auto result = student.next();
    CHECK(result.place == "lab2");
    CHECK(result.way_back == "git switch lab1");
    CHECK(git.resolve("HEAD^1") == mine);
    CHECK(git.resolve("HEAD^2") == student.course.starter().resolve("lab2"));
    CHECK(git.resolve("before-lab2") == mine);
    CHECK(git.resolve("lab1") == mine);
    CHECK(git.run({"status", "--porcelain"}).empty());
    CHECK(git.run({"rev-parse", "--abbrev-ref", "lab2@{upstream}"}) == "origin/lab2");
    edit(student.course.root() / "kernel/queue.hpp", "#pragma once\n", "#pragma once\n// mended\n");
    static_cast<void>(student.course.append());
    git.run({"pull", "--quiet", "--no-rebase", "--no-edit"});
    CHECK(content(*student.clone / "kernel/queue.hpp").contains("// mended"));
}

TEST_CASE("next-lab: a branch with a name of the student's own goes on") {
    const Student student;
    student.clone->git().run({"switch", "--quiet", "-c", "mine"});
    const auto result = student.next({.from = "origin"});
    CHECK(result.place == "mine");
    CHECK(result.way_back == "git reset --hard before-lab2");
    CHECK(content(*student.clone / ".stage.toml").contains("lab = 2"));
}

TEST_CASE("next-lab: edits elsewhere are merged, files that were added are kept") {
    const Student student;
    edit(*student.clone / "kernel/list.hpp", "/// A list of nodes.", "/// A list of my nodes.");
    edit(*student.clone / "kernel/list.cpp", "/// The node becomes", "/// My node becomes");
    put(*student.clone / "kernel/mine.cpp", "int mine;\r\n");
    student.clone->git().run({"config", "core.autocrlf", "false"});
    student.clone->commit();
    const auto result = student.next();
    CHECK(result.carried.merged == std::vector<std::string>{"kernel/list.cpp", "kernel/list.hpp"});
    CHECK(result.carried.added == std::vector<std::string>{"kernel/mine.cpp"});
    const std::string list = content(*student.clone / "kernel/list.hpp");
    CHECK(list.contains("/// A list of my nodes."));
    CHECK(list.contains("void reverse();"));
    CHECK(student.list().contains("/// My node becomes"));
    CHECK(student.list().contains("lab::todo(\"2.3\")"));
    CHECK(content(*student.clone / "kernel/mine.cpp") == "int mine;\r\n");
}

TEST_CASE("next-lab: edits that cannot be merged are set aside as a patch, the starter's stand") {
    const Student student;
    work(student.clone->folder());
    edit(*student.clone / "kernel/list.hpp", "    Node* next = nullptr;\n",
         "    Node* next = nullptr;\n    int mine = 0;\n");
    student.clone->commit();
    const auto result = student.next();
    const std::string patch = "set-aside/lab2/kernel/list.hpp.patch";
    CHECK(result.carried.set_aside == std::vector{patch});
    CHECK(content(*student.clone / "kernel/list.hpp") ==
          *student.course.starter().read_file("lab2", "kernel/list.hpp"));
    CHECK(content(*student.clone / patch).contains("+    int mine = 0;\n"));
    CHECK(student.list().contains(insert_body));
    student.clone->git().run({"switch", "--quiet", "--detach", "HEAD^2^"}); // lab 1's starter
    student.clone->git().run({"checkout", "--quiet", "lab2", "--", patch});
    student.clone->git().run({"apply", patch});
}

TEST_CASE("next-lab: an exercise whose mark is gone is missed by name, and nothing is lost") {
    const Student student;
    work(student.clone->folder());
    edit(*student.clone / "kernel/list.cpp", "/// @lab{1.1} link a node into the list\n", "");
    student.clone->commit();
    const auto result = student.next();
    REQUIRE(result.carried.warnings.size() == 1);
    CHECK(result.carried.warnings[0].contains("exercise 1.1 was not found"));
    REQUIRE(result.carried.set_aside.size() == 1);
    CHECK(content(*student.clone / result.carried.set_aside[0]).contains("as I like it"));
    CHECK(student.list().contains("lab::todo(\"1.1\")"));
}

TEST_CASE("next-lab: a copy of an exercise in another file does not take its place") {
    const Student student;
    put(*student.clone / "a/list.cpp", student.list());
    work(student.clone->folder());
    student.clone->commit();
    CHECK(student.next().carried.done == only_1_1);
    CHECK(student.list().contains(insert_body));
}

TEST_CASE("next-lab: what is not committed is named, and nothing happens") {
    const Student student;
    work(student.clone->folder());
    CHECK(student.refused().contains("kernel/list.cpp"));
    student.clone->commit();
    put(*student.clone / "kernel/queue.hpp", "mine, and git does not know it");
    CHECK(student.refused().contains("git add kernel/queue.hpp"));
    CHECK_FALSE(student.clone->git().resolve("before-lab2"));
}

TEST_CASE("next-lab: says what is wrong when there is no starter, or no lab after") {
    const Student student;
    CHECK(student.refused({.from = "../nowhere.git"}).contains("FROM="));
    student.clone->git().run({"remote", "remove", "origin"});
    CHECK(student.refused().contains("FROM="));
    static_cast<void>(student.next({.from = "../starter.git"}));
    CHECK(student.refused({.from = "../starter.git"}).contains("not given out yet"));
    student.clone->git().run({"switch", "--quiet", "--detach"});
    CHECK(student.refused({.from = "../starter.git"}).contains("on no branch"));
}

TEST_CASE("next-lab: an update takes the newest starter of the same lab, once") {
    const Student student;
    work(student.clone->folder());
    student.clone->commit();
    CHECK_FALSE(student.next({.update = true}).is_new);
    edit(student.course.root() / "kernel/list.cpp", "/// The node becomes", "/// This becomes");
    static_cast<void>(student.course.append());
    const auto result = student.next({.update = true});
    CHECK(result.place == "lab1");
    CHECK(student.list().contains("/// This becomes"));
    CHECK(student.list().contains(insert_body));
    CHECK_FALSE(student.next({.update = true}).is_new);
}

/// A derived tree as an archive would give it: no git, line ends of another system.
fs::path unpack(const SmallCourse& course, int lab, const std::string& name, bool has_carriage) {
    const auto starter = course.editions().starter.labs.at(static_cast<std::size_t>(lab - 1));
    for (const grade::SourceFile& file : starter.files) {
        std::string text;
        for (const char letter : file.content) {
            text += letter == '\n' && has_carriage ? "\r\n" : std::string(1, letter);
        }
        put(course / name / file.path, text);
    }
    return course / name;
}

TEST_CASE("next-lab: a folder without git gets the next one beside it, also from CRLF files") {
    const SmallCourse course;
    static_cast<void>(course.append());
    const fs::path folder = unpack(course, 1, "mine-lab1", true);
    edit(folder / "kernel/list.cpp", "{ lab::todo(\"1.1\"); }", "{\r\n  first_ = &node;\r\n}");
    edit(folder / "kernel/list.hpp", "A list of nodes", "A list of my nodes");
    const std::string before = content(folder / "kernel/list.cpp");
    const auto result = grade::next_lab({.root = folder, .from = "../starter.git"});
    CHECK(result.place == (course / "mine-lab2").string());
    CHECK(result.carried.done == only_1_1);
    CHECK(result.carried.merged == std::vector<std::string>{"kernel/list.hpp"});
    CHECK(content(course / "mine-lab2/kernel/list.cpp").contains("{\n  first_ = &node;\n}"));
    CHECK(content(folder / "kernel/list.cpp") == before);
    CHECK_THROWS_AS(static_cast<void>(grade::next_lab({.root = folder, .from = "../starter.git"})),
                    grade::EnvironmentError);
}

TEST_CASE("next-lab: from a derived folder, with and without the old starter at hand") {
    const SmallCourse course;
    const fs::path folder = unpack(course, 1, "mine", false);
    static_cast<void>(unpack(course, 1, "old", false));
    static_cast<void>(unpack(course, 2, "new", false));
    edit(folder / "kernel/list.hpp", "A list of nodes", "A list of my nodes");
    const auto blind = grade::next_lab({.root = folder, .from = "../new"});
    CHECK(std::ranges::count(blind.carried.unknown, "kernel/list.hpp") == 1);
    CHECK(blind.carried.merged.empty());
    const auto seeing = grade::next_lab(
        {.root = folder, .from = "../new", .base = "../old", .out = (course / "out").string()});
    CHECK(seeing.carried.unknown.empty());
    CHECK(seeing.carried.merged == std::vector<std::string>{"kernel/list.hpp"});
}

TEST_CASE(
    "next-lab: in a repository that began with a derived folder its first commit is the base") {
    const SmallCourse course;
    const fs::path folder = unpack(course, 1, "mine", false);
    const grade::Git git(folder, grade::Git::Config::none);
    git.run({"init", "--quiet", "--initial-branch=main"});
    git.run({"config", "user.name", "A student"});
    git.run({"config", "user.email", "student@rel4.invalid"});
    git.run({"add", "."});
    git.run({"commit", "--quiet", "-m", "the starter"});
    edit(folder / "kernel/list.hpp", "A list of nodes", "A list of my nodes");
    git.run({"commit", "--quiet", "-a", "-m", "mine"});
    static_cast<void>(unpack(course, 2, "new", false));
    const auto result = grade::next_lab({.root = folder, .from = "../new"});
    CHECK(result.carried.merged == std::vector<std::string>{"kernel/list.hpp"});
    CHECK(git.run({"rev-list", "--count", "--merges", "HEAD"}) == "1");
}

grade::Bundle bundle_of_lab_1(const SmallCourse& course) {
    grade::Problems problems;
    const auto source = grade::SourceTree::read(course.root());
    return grade::make_bundle(grade::Course(source, problems), 1);
}

TEST_CASE("catch-up: a bundle is read as it was written, and not if it was changed") {
    const SmallCourse course;
    const grade::Bundle bundle = bundle_of_lab_1(course);
    CHECK(bundle.bodies.size() == 2);
    CHECK(grade::Bundle::parse({"b", bundle.text()}).bodies == bundle.bodies);
    const grade::Bundle odd{2, {{{2, 3}, "{ \"\"\"\\n\\\"; }\n\t''' é"}}};
    CHECK(grade::Bundle::parse({"b", odd.text()}).bodies == odd.bodies);
    std::string changed = bundle.text();
    changed.replace(changed.find("node"), 4, "Node");
    for (const std::string& text : {changed, std::string(), std::string("lab = 1\n")}) {
        CHECK_THROWS_AS(static_cast<void>(grade::Bundle::parse({"b", text})),
                        grade::EnvironmentError);
    }
}

TEST_CASE("catch-up: what is open is filled in with the reference's body, and remembered") {
    const Student student;
    work(student.clone->folder());
    student.clone->commit();
    const grade::Bundle bundle = bundle_of_lab_1(student.course);
    put(student.course / "lab1.bundle", bundle.text());
    const auto result = student.next({.bundle = "../lab1.bundle"});
    CHECK(result.caught_up == only_1_2);
    CHECK(result.carried.holes.empty());
    CHECK(student.list().contains(insert_body));
    CHECK(student.list().contains(bundle.bodies.at({1, 2})));
    const auto noted = grade::read_caught_up(
        {{grade::catch_up_path, content(*student.clone / grade::catch_up_path)}});
    CHECK(noted == grade::CaughtUp{{{1, 2}, bundle.digest()}});
}

TEST_CASE("catch-up: an exercise that is named is taken even if it was done; others are refused") {
    const Student student;
    work(student.clone->folder());
    student.clone->commit();
    put(student.course / "lab1.bundle", bundle_of_lab_1(student.course).text());
    const auto wish = [](const char* exercises) {
        return grade::NextLabWish{.bundle = "../lab1.bundle", .exercises = exercises};
    };
    CHECK(student.refused(wish("1.7")).contains("has no exercise 1.7"));
    CHECK(student.refused(wish("2.1")).contains("still before you"));
    CHECK(student.refused(wish("all")).contains("no exercise's number"));
    CHECK(student.next(wish("1.1, 1.2")).caught_up.size() == 2);
    CHECK_FALSE(student.list().contains(insert_body));
    CHECK(student.clone->git().run({"show", "before-lab2:kernel/list.cpp"}).contains(insert_body));
}

} // namespace
