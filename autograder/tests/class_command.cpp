// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// When a machine may be taken for a sandbox, and that nobody grades without one unasked.
#include "autograder/commands/class_command.hpp"

#include "autograder/source/process.hpp"
#include "autograder/source/scratch.hpp"

#include <doctest/doctest.h>
#include <fstream>

using namespace grade;

TEST_CASE("sandbox: a container is one by its signs, and holds one submission") {
    const Scratch scratch;
    const auto obstacle = [&](std::size_t submissions) {
        return obstacle_of_container(submissions, scratch.path()).value_or("none");
    };
    CHECK(obstacle(1).contains("does not look like one"));
    CHECK(obstacle(1).contains("touch /run/.containerenv"));
    std::filesystem::create_directories(scratch.path() / "run");
    std::ofstream(scratch.path() / "run/.containerenv") << "";
    CHECK(obstacle(1) == "none");
    CHECK(obstacle(0) == "none");
    CHECK(obstacle(2).contains("holds one submission, and these are 2"));
}

TEST_CASE("sandbox: without one, only who says --unsafe grades, and results say so") {
    GraderOptions options;
    options.sandbox = "container";
    CHECK_THROWS_AS((void)sandbox_of(options, 2), EnvironmentError);
    options.is_unsafe = true;
    CHECK(sandbox_of(options, 2).name() == "none");
}

TEST_CASE("run: it ends with 3, and grades nothing, if the container is to hold two") {
    const Scratch scratch;
    for (const char* name : {"ada", "bob"}) {
        std::filesystem::create_directories(scratch.path() / name);
    }
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const Finished done =
        run({{(program / "rel4-grade").string(), "run", (scratch.path() / "ada").string(),
              (scratch.path() / "bob").string(), "--lab", "1", "--sandbox", "container", "--out",
              (scratch.path() / "out").string()}});
    CHECK(done.status == environment_error);
    CHECK(done.error.contains("holds one submission"));
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "out"));
}
