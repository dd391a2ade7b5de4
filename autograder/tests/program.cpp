// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The program as people call it, on the small course in fixture/: what it writes builds, is laid
/// out, and is the same every time; what it says when it cannot.
#include "autograder/source/source_tree.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>

namespace {

namespace fs = std::filesystem;

struct Run {
    int status;
    std::string output; ///< both streams
};

Run run(const std::string& command) {
    std::FILE* pipe = popen(("(" + command + ") 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    Run result{-1, {}};
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        result.output.append(buffer.data(), count);
    }
    result.status = pclose(pipe) >> 8;
    return result;
}

/// A copy of the fixture, which tests may spoil, and rel4-grade beside this program.
class Course {
public:
    Course() {
        std::string form = (fs::temp_directory_path() / "derive XXXXXX").string();
        folder_ = mkdtemp(form.data());
        fs::copy("autograder/tests/fixture", root(), fs::copy_options::recursive);
    }
    Course(const Course&) = delete;
    Course& operator=(const Course&) = delete;
    ~Course() { fs::remove_all(folder_); }

    [[nodiscard]] fs::path root() const { return folder_ / "it's a course"; }
    [[nodiscard]] fs::path out(const std::string& name) const { return folder_ / name; }

    [[nodiscard]] Run derive(const std::string& arguments, const fs::path& out) const {
        const auto program = fs::read_symlink("/proc/self/exe").parent_path() / "rel4-grade";
        return run("\"" + program.string() + "\" derive " + arguments + " --root \"" +
                   root().string() + "\" --out \"" + out.string() + "\"");
    }

    void append(const std::string& path, const std::string& text) const {
        std::ofstream(root() / path, std::ios::app) << text;
    }

private:
    fs::path folder_;
};

std::string everything(const fs::path& folder) {
    std::string all;
    const auto tree = grade::SourceTree::read(folder);
    for (const grade::SourceFile& file : tree.files()) {
        all += file.path + "\n" + file.content;
    }
    return all;
}

TEST_CASE("program: every stage of the small course builds and keeps the layout") {
    const Course course;
    for (const std::string stage : {"--lab 1 --kind starter", "--lab 1 --kind solution",
                                    "--lab 2 --kind starter", "--lab 2 --kind solution"}) {
        CAPTURE(stage);
        const fs::path out = course.out(stage);
        const Run derived = course.derive(stage, out);
        CHECK_MESSAGE(derived.status == 0, derived.output);
        const std::string enter = "cd \"" + out.string() + "\" && ";
        const Run built = run(enter + "make -s check CXX=clang++-19");
        CHECK_MESSAGE(built.status == 0, built.output);
        const Run layout = run(enter + "! command -v clang-format-19 || clang-format-19 --dry-run "
                                       "--Werror --style=file:\"$OLDPWD/.clang-format\" "
                                       "kernel/*.cpp kernel/*.hpp");
        CHECK_MESSAGE(layout.status == 0, layout.output);
        const bool has_hole = everything(out).contains("lab::todo(\"");
        CHECK(has_hole == stage.contains("starter"));
    }
}

TEST_CASE("program: a stage has its own files and no others'") {
    const Course course;
    REQUIRE(course.derive("--lab 1 --kind solution", course.out("1")).status == 0);
    REQUIRE(course.derive("--lab 2 --kind starter", course.out("2")).status == 0);
    const auto has = [&](const char* path) { return fs::exists(course.out(path)); };
    CHECK(has("1/labs/1-list/tests/list.cpp"));
    CHECK_FALSE(has("1/kernel/queue.hpp"));
    CHECK(has("2/kernel/queue.hpp"));
    for (const std::string path :
         {"kernel/fpu.hpp", "labs/1-list/mutants", "labs/1-list/manifest.toml", "labs/stages.toml",
          "labs/2-queue"}) {
        CAPTURE(path);
        CHECK_FALSE(fs::exists(course.out("1") / path));
        CHECK_FALSE(fs::exists(course.out("2") / path));
    }
    for (const std::string word : {"@cond", "queue", "reverse", "priority", "fpu"}) {
        CAPTURE(word);
        CHECK_FALSE(everything(course.out("1")).contains(word));
    }
}

TEST_CASE("program: twice the same, also over a tree of its own") {
    const Course course;
    const std::string stage = "--lab 2 --kind starter";
    REQUIRE(course.derive(stage, course.out("a")).status == 0);
    REQUIRE(course.derive("--lab 1 --kind solution", course.out("b")).status == 0);
    REQUIRE(course.derive(stage, course.out("b")).status == 0);
    CHECK(everything(course.out("a")) == everything(course.out("b")));
}

TEST_CASE("program: a checkout's files are those that git knows") {
    const Course course;
    const std::string git = "git -C \"" + course.root().string() + "\" ";
    REQUIRE(run(git + "init -q && " + git + "add .").status == 0);
    course.append("kernel/new.hpp", "int not_even_a_stage;\n");
    fs::remove(course.root() / "labs/1-list/tests/list.cpp");
    const Run derived = course.derive("--lab 1 --kind starter", course.out("a"));
    CHECK_MESSAGE(derived.status == 0, derived.output);
    CHECK_FALSE(fs::exists(course.out("a") / "kernel/new.hpp"));
}

TEST_CASE("program: a tree that breaks rules gives status 2, every problem, and no folder") {
    const Course course;
    course.append("kernel/list.hpp", "// See kernel/queue.hpp.\n/// @cond LAB2\n");
    course.append("kernel/list.cpp", "#include \"kernel/queue.hpp\"\n");
    const Run derived = course.derive("--lab 1 --kind starter", course.out("a"));
    CHECK(derived.status == 2);
    INFO(derived.output);
    CHECK(derived.output.contains("kernel/list.hpp:31: leak into lab 1: `kernel/queue.hpp`"));
    CHECK(derived.output.contains("kernel/list.hpp:32: @cond without @endcond"));
    CHECK(derived.output.contains("kernel/list.cpp:52: includes \"kernel/queue.hpp\""));
    CHECK(derived.output.contains("3 problems, nothing was written"));
    CHECK_FALSE(fs::exists(course.out("a")));
}

TEST_CASE("program: what this machine or the arguments do not allow gives status 3") {
    const Course course;
    fs::create_directory(course.out("mine"));
    std::ofstream(course.out("mine") / "work.cpp") << "work";
    const std::string stage = "--lab 1 --kind starter";
    const Run refused = course.derive(stage, course.out("mine"));
    CHECK(refused.status == 3);
    CHECK(refused.output.contains("--force"));
    CHECK(course.derive(stage + " --force", course.out("mine")).status == 0);
    CHECK(course.derive("--lab 8 --kind starter", course.out("a")).status == 3);
    CHECK(course.derive("--lab 1 --kind none", course.out("a")).status == 3);
    CHECK(course.derive("--kind starter", course.out("a")).output.contains("--lab is required"));
    CHECK(course.derive("--help", course.out("a")).status == 0);
    fs::remove(course.root() / "labs/stages.toml");
    CHECK(course.derive(stage, course.out("a")).output.contains("say --root DIR"));
}

} // namespace
