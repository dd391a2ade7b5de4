// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a student of the small course in fixture/ hands in, and what she is told of it.
#include "autograder/student/submit.hpp"

#include "autograder/student/archive.hpp"
#include "autograder/tests/repositories.hpp"

#include <algorithm>

namespace {

using namespace repositories;

/// The fixture's manifests are the staff's; in a course students have them.
struct Student {
    Student() {
        edit(course.root() / "labs/stages.toml", "\"labs/1-list/tests/\" = 1\n",
             "\"labs/1-list/tests/\" = 1\n\"labs/1-list/manifest.toml\" = 1\n"
             "\"labs/2-queue/manifest.toml\" = 2\n");
        static_cast<void>(course.append());
        clone.emplace(course / "starter.git", course / "clone");
    }

    [[nodiscard]] grade::Package collect(int lab = 0) const {
        return grade::collect(clone->folder(), lab);
    }

    SmallCourse course;
    std::optional<Clone> clone;
};

bool says(const grade::Package& submission, const std::string& text) {
    return std::ranges::any_of(submission.warnings,
                               [&](const std::string& warning) { return warning.contains(text); });
}

std::vector<std::string> paths(const grade::Package& submission) {
    std::vector<std::string> result;
    for (const grade::SourceFile& file : submission.files) {
        result.push_back(file.path);
    }
    return result;
}

TEST_CASE("submit: the files of exercises, answers and what they belong to; nothing else") {
    const Student student;
    put(*student.clone / "answers-lab1.md", "42\n");
    put(*student.clone / "answers-lab2.md", "not of this lab\n");
    put(*student.clone / ".catch-up.toml", "[[exercise]]\nid = \"1.2\"\nbundle = \"0\"\n");
    put(*student.clone / "kernel/mine.cpp", "int mine;\n");
    const auto submission = student.collect(1);
    CHECK(submission.lab == 1);
    CHECK(submission.problems.empty());
    CHECK(paths(submission) == std::vector<std::string>{".catch-up.toml", ".stage.toml",
                                                        "answers-lab1.md", "kernel/list.cpp"});
    CHECK_FALSE(says(submission, "answers-lab1.md"));
}

TEST_CASE("submit: warns of exercises that are open, of missing answers, and of edits elsewhere") {
    const Student student;
    edit(*student.clone / "kernel/list.cpp", "lab::todo(\"1.1\");", "// done\n    first_ = &node;");
    edit(*student.clone / "kernel/list.cpp", "/// @pre there is a node", "/// @pre there is one");
    edit(*student.clone / "kernel/list.hpp", "    Node* next = nullptr;", "    Node* next;");
    put(*student.clone / "kernel/mine.cpp", "int mine;\n");
    student.clone->git().run({"add", "kernel/mine.cpp"});
    fs::remove(*student.clone / "README.md");
    const auto submission = student.collect();
    CHECK(submission.problems.empty());
    for (const char* text :
         {"not done yet: 1.2", "there is no answers-lab1.md", "README.md was deleted",
          "kernel/list.cpp:14 was changed and will not be graded",
          "kernel/list.hpp:8 was changed and will not be graded",
          "kernel/mine.cpp was added and will not be graded"}) {
        CHECK_MESSAGE(says(submission, text), text);
    }
    CHECK(submission.warnings.size() == 6);
}

TEST_CASE("submit: an exercise that cannot be found, and a file that is gone, are problems") {
    const Student student;
    edit(*student.clone / "kernel/list.cpp", "/// @lab{1.2} count the nodes\n", "");
    auto submission = student.collect();
    REQUIRE(submission.problems.all().size() == 1);
    CHECK(submission.problems.all().begin()->text.contains("has no exercise 1.2 any more"));
    fs::remove(*student.clone / "kernel/list.cpp");
    submission = student.collect();
    CHECK(submission.problems.all().size() == 2);
    CHECK(submission.problems.all().begin()->text.contains("is missing"));
}

TEST_CASE("submit: what the grader would refuse is a problem, with its place, before handing in") {
    const Student student;
    edit(*student.clone / "kernel/list.cpp", "lab::todo(\"1.1\");",
         "\n#define first_ second_\n    first_ = &node;\n");
    edit(*student.clone / "kernel/list.cpp", "// Your own helpers: begin\n",
         "// Your own helpers: begin\nasm(\".globl x\");\n");
    const auto submission = student.collect();
    REQUIRE(submission.problems.all().size() == 2);
    const auto first = submission.problems.all().begin();
    CHECK(first->path == "kernel/list.cpp");
    CHECK(first->text.starts_with("your own helpers: "));
    CHECK(first->line == 12);
    CHECK(std::next(first)->text.starts_with("exercise 1.1: "));
    CHECK(std::next(first)->line > 12);
}

TEST_CASE("submit: braces that do not balance are told as the grader tells them") {
    const Student student;
    edit(*student.clone / "kernel/list.cpp", "lab::todo(\"1.1\");",
         "if (first_) { first_ = &node;");
    const auto submission = student.collect();
    CHECK_FALSE(submission.problems.empty());
}

TEST_CASE("submit: another lab than the tree's, and a folder that is no student's, are refused") {
    const Student student;
    CHECK_THROWS_AS(static_cast<void>(student.collect(2)), grade::EnvironmentError);
    CHECK_THROWS_AS(static_cast<void>(grade::collect(student.course.root(), 1)),
                    grade::EnvironmentError);
}

TEST_CASE("submit: types and whole files are open while they are as the starter has them") {
    const Student student;
    student.clone->git().run({"switch", "--quiet", "lab2"});
    CHECK(says(student.collect(), "not done yet: 1.1 1.2 2.1 2.2 2.3 2.4"));
    edit(*student.clone / "kernel/entry.S", "j .", "j main");
    edit(*student.clone / "kernel/ring.hpp", "// and what else?", "int head;");
    CHECK(says(student.collect(), "not done yet: 1.1 1.2 2.2 2.3"));
}

TEST_CASE("submit: the archive is the same every time, and tar reads it") {
    const grade::Scratch scratch;
    const std::vector<grade::SourceFile> files = {
        {"a/b.cpp", std::string(1000, 'x')}, {"empty", ""}, {"odd name", std::string(512, 'y')}};
    const std::string packed = grade::tar_gz(files);
    CHECK(packed == grade::tar_gz(files));
    put(scratch.path() / "a.tar.gz", packed);
    const grade::Finished unpacked = grade::run({{"tar", "xzf", "a.tar.gz"}, {}, scratch.path()});
    CHECK_MESSAGE(unpacked.status == 0, unpacked.error);
    for (const grade::SourceFile& file : files) {
        CHECK(content(scratch.path() / file.path) == file.content);
    }
    CHECK_THROWS_AS(static_cast<void>(
                        grade::tar_gz(std::vector<grade::SourceFile>{{std::string(101, 'p'), ""}})),
                    grade::EnvironmentError);
}

} // namespace
