// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The real course: its repositories give nothing away, and a student who formats as she likes,
/// leaves holes, has helpers, edits staff's files and adds some goes from lab 1 to the last without
/// a conflict.
#include "autograder/student/next_lab.hpp"
#include "autograder/tests/repositories.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace {

using namespace repositories;
using Bodies = std::map<grade::ExerciseId, std::string>;

/// The repository and the reference's bodies, made once for both tests.
struct RealCourse {
    RealCourse() {
        grade::Problems problems;
        const auto source = grade::SourceTree::read(".");
        const grade::Course course(source, problems);
        grade::Editions editions = grade::make_editions(course, problems);
        for (const grade::Problem& problem : problems.all()) {
            FAIL(problem.path << ":" << problem.line << ": " << problem.text);
        }
        editions.starter.date = "1700000000 +0000";
        labs = static_cast<int>(editions.starter.labs.size());
        static_cast<void>(grade::append(scratch.path() / "starter.git", editions.starter));
        for (const grade::SourceFile& file : editions.solution.labs.back().files) {
            bodies.merge(grade::own_text(file, problems).exercises);
        }
        for (const grade::SourceFile& file : editions.starter.labs.back().files) {
            skeletons.merge(grade::own_text(file, problems).exercises);
        }
    }

    grade::Scratch scratch;
    Bodies bodies;
    Bodies skeletons;
    int labs = 0;
};

RealCourse& real_course() {
    static RealCourse course;
    return course;
}

/// Twice the indentation, trailing space, and a comment with a brace that nothing closes.
std::string as_she_likes(const std::string& body) {
    std::string result;
    int line = 0;
    for (const std::string_view text : grade::split_lines(body)) {
        const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
        result += (line == 0 ? "" : "\n") + std::string(indent, ' ') + std::string(text);
        result += line == 0 ? "  // mine: {" : " ";
        ++line;
    }
    if (line == 1) {
        return body; // what follows a body is not part of it
    }
    result.pop_back();
    return result;
}

struct Student {
    explicit Student(const RealCourse& real)
        : course(real), clone(real.scratch.path() / "starter.git", real.scratch.path() / "clone") {}

    /// All exercises of the lab but every third; with the line ends of another system.
    void solve(int lab) {
        for (const grade::SourceFile& file : clone.git().read("HEAD").files) {
            grade::Problems ignored;
            if (!grade::is_code(file.language())) {
                continue;
            }
            grade::OwnText own = grade::own_text(file, ignored);
            const std::size_t before = done.size();
            for (auto& [id, body] : own.exercises) {
                if (id.lab == lab && id.number % 3 != 0) {
                    const bool is_file = file.path.ends_with(".S");
                    body = is_file ? course.bodies.at(id) + "# mine\n"
                                   : as_she_likes(course.bodies.at(id));
                    done[id] = body;
                }
            }
            if (done.size() == before) {
                continue;
            }
            if (own.helpers) {
                *own.helpers += fmt::format("// helpers for lab {}\n", lab);
                helpers[file.path] = *own.helpers;
            }
            put(clone / file.path, with_carriage_returns(grade::put_own_text(file, own)));
        }
    }

    void edit_elsewhere(int lab) const {
        put(clone / fmt::format("kernel/mine{}.cpp", lab), "int mine;\n");
        if (lab == 1) {
            edit(clone / "kernel/boot/boot.cpp", "#include", "// my note\n#include");
        }
    }

    static std::string with_carriage_returns(const std::string& text) {
        std::string result;
        for (const char letter : text) {
            result += letter == '\n' ? "\r\n" : std::string(1, letter);
        }
        return result;
    }

    void check(const grade::NextLabResult& result) const {
        CAPTURE(result.lab);
        CHECK(result.carried.set_aside.empty());
        CHECK(result.carried.unknown.empty());
        CHECK(result.carried.warnings.empty());
        CHECK(result.carried.merged == std::vector<std::string>{"kernel/boot/boot.cpp"});
        CHECK(result.carried.done.size() == done.size());
        Bodies there;
        for (const grade::SourceFile& file : clone.git().read("HEAD").files) {
            grade::Problems problems;
            if (grade::is_code(file.language())) {
                grade::OwnText own = grade::own_text(file, problems);
                CHECK_MESSAGE(problems.empty(), file.path);
                there.merge(own.exercises);
                if (const auto mine = helpers.find(file.path); mine != helpers.end()) {
                    CHECK(own.helpers == mine->second);
                }
            }
        }
        for (const auto& [id, body] : there) {
            const auto mine = done.find(id);
            CHECK_MESSAGE(body == (mine == done.end() ? course.skeletons.at(id) : mine->second),
                          id.text());
        }
        CHECK(content(clone / "kernel/boot/boot.cpp").contains("// my note"));
        for (int lab = 1; lab < result.lab; ++lab) {
            CHECK(fs::exists(clone / fmt::format("kernel/mine{}.cpp", lab)));
        }
    }

    const RealCourse& course;
    Clone clone;
    Bodies done;
    std::map<std::string, std::string> helpers;
};

TEST_CASE("carry-over: no object of the real starter.git has a body of the reference") {
    const RealCourse& course = real_course();
    const grade::Git git(course.scratch.path() / "starter.git", grade::Git::Config::none, true);
    const std::string starter = dense(all_blobs(git));
    CHECK(starter.contains(dense("lab::todo(\"1.1\");")));
    CHECK(course.bodies.size() == course.skeletons.size());
    for (const auto& [id, body] : course.bodies) {
        CHECK_MESSAGE(!starter.contains(dense(body)), id.text());
    }
}

TEST_CASE("carry-over: a student goes from lab 1 to the last without a conflict") {
    Student student(real_course());
    CHECK(student.course.labs == 7);
    for (int lab = 1; lab < student.course.labs; ++lab) {
        student.solve(lab);
        student.edit_elsewhere(lab);
        student.clone.commit();
        student.check(grade::next_lab({.root = student.clone.folder()}));
    }
    CHECK(student.done.size() > 20);
}

} // namespace
