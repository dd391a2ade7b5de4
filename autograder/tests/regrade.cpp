// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Grading again: who is affected by a change of the course, that what was handed in is found again
/// as it was, that no result is lost when it is stopped, and what is told of the scores.
#include "autograder/class/regrade.hpp"

#include "autograder/class/affected.hpp"
#include "autograder/report/csv.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/tests/results.hpp"
#include "autograder/tests/submissions.hpp"

namespace {

using namespace grade;
using namespace submissions;

const std::vector<SourceFile> course_before = {{"kernel/a.cpp", "int a;\n"},
                                               {"labs/1-caps/tests/host/a.cpp", "one\n"},
                                               {"labs/2-next/tests/host/b.cpp", "two\n"},
                                               {"README.md", "read\n"},
                                               {".stage.toml", "lab = 1\n"}};

TestPlan plan_of_fixture() {
    TestPlan plan;
    plan.lab = 1;
    plan.tests.resize(2);
    plan.tests[0].needs = {{1, 1}};
    plan.tests[1].needs = {{1, 1}, {1, 4}};
    return plan;
}

/// Why the result is affected by giving a file of the course another content.
std::string why(const Result& result, const std::string& path) {
    const IntakeFolder folder;
    const TestPlan plan = plan_of_fixture();
    write_record(CourseRecord::of(course_before), folder / "results", result.course);
    std::vector<SourceFile> now = course_before;
    for (SourceFile& file : now) {
        file.content += file.path == path || file.path == ".stage.toml" ? "changed\n" : "";
    }
    Affected affected({plan, CourseRecord::of(now), "0ther", "clang 19.1.7", "qemu", "9.2-abc",
                       folder / "results"});
    return affected.why(result);
}

Result with_states(ExerciseState state) {
    Result result = fixture_result();
    for (ExerciseResult& exercise : result.exercises) {
        exercise.state = state;
    }
    return result;
}

} // namespace

TEST_CASE("regrade: who cannot run a test is not affected by a change of it") {
    const std::string tests = "labs/1-caps/tests/host/a.cpp";
    CHECK(why(fixture_result(), tests) == tests + " was changed");
    CHECK(why(with_states(ExerciseState::not_compiled), tests) == tests + " was changed");
    CHECK(why(with_states(ExerciseState::hole), tests).empty());
    CHECK(why(with_states(ExerciseState::refused), tests).empty());
    CHECK(why(with_states(ExerciseState::hole), "kernel/a.cpp") == "kernel/a.cpp was changed");
    CHECK(why(fixture_result(), "README.md").empty());
    CHECK(why(fixture_result(), "nothing").empty());
}

TEST_CASE("regrade: tests of other labs affect those whose own system lost points") {
    Result result = fixture_result();
    CHECK_FALSE(why(result, "labs/2-next/tests/host/b.cpp").empty());
    result.integration.score = result.integration.points;
    CHECK(why(result, "labs/2-next/tests/host/b.cpp").empty());
}

TEST_CASE("regrade: what was graded otherwise, or not to its end, or nobody knows how, counts") {
    Result result = fixture_result();
    const auto changed = [&](auto change) {
        Result other = result;
        change(other);
        return why(other, "README.md");
    };
    CHECK(changed([](Result& other) { other.complete = false; }) == "was not graded to its end");
    CHECK(changed([](Result& other) { other.status = ResultStatus::env_error; }) ==
          "was not graded to its end");
    CHECK(changed([](Result& other) { other.toolchain = "gnu"; }).contains("compiler \"gnu\""));
    CHECK(changed([](Result& other) { other.target = "serial"; }).contains("target \"serial\""));
    CHECK(changed([](Result& other) { other.emulator = "7"; }).contains("emulator \"7\""));

    const IntakeFolder folder;
    const TestPlan plan = plan_of_fixture();
    Affected affected({plan, CourseRecord::of(course_before), "0ther", "clang 19.1.7", "qemu",
                       "9.2-abc", folder / "results"});
    CHECK(affected.why(result) == "it is not known what course c0ffee was");
    put(folder / "results" / "courses" / "c0ffee.txt", "half a li");
    Affected again({plan, CourseRecord::of(course_before), "0ther", "clang 19.1.7", "qemu",
                    "9.2-abc", folder / "results"});
    CHECK(again.why(result) == "it is not known what course c0ffee was");
    result.course = "0ther";
    CHECK(affected.why(result).empty());
}

TEST_CASE("regrade: a file that came or went is a change of the course") {
    std::vector<SourceFile> now = course_before;
    now.pop_back();
    now.erase(now.begin());
    now.push_back({"kernel/new.cpp", ""});
    const auto changes = CourseRecord::of(course_before).changes_to(CourseRecord::of(now));
    CHECK(changes == std::set<std::string>{"kernel/a.cpp", "kernel/new.cpp"});
    const auto read = CourseRecord::parse(CourseRecord::of(now).text());
    REQUIRE(read.has_value());
    CHECK(read->changes_to(CourseRecord::of(now)).empty());
}

TEST_CASE("regrade: what was taken in is taken in again, with its lateness") {
    const IntakeFolder folder;
    Result before = fixture_result();
    const fs::path sources = sources_path(folder / "results", before.submission.id);
    CHECK(reopen(before, folder / "results", order()).error().contains("is not there"));
    put(sources / "kernel/a.cpp", "int a;\n");
    put(sources / "kernel/gone.cpp", "of a file that the lab has no more\n");
    CHECK(reopen(before, folder / "results", order()).error().contains("is not what was graded"));

    IntakeOrder all = order();
    all.wanted.insert("kernel/gone.cpp");
    before.submission.digest = take_in(sources, all)->digest;
    before.submission.late_percent = 20;
    auto opened = reopen(before, folder / "results", order());
    REQUIRE(opened.has_value());
    REQUIRE(opened->intake.has_value());
    CHECK(opened->intake->files.size() == 1);
    CHECK(opened->late_days == 1);
    CHECK(opened->late_percent == 20);
    CHECK(opened->from == "student-017.tar.gz");

    before.submission.late_percent = 0; // a result that was written when it did not say so
    before.score = 50;
    before.late_penalty = 15;
    CHECK(reopen(before, folder / "results", order())->late_percent == 30);
}

TEST_CASE("regrade: what could not be opened is told again; a fault of the grader is none") {
    const IntakeFolder folder;
    Result before = fixture_result();
    before.submission.digest = "";
    before.status = ResultStatus::build_error;
    before.message = "this is no archive";
    CHECK(reopen(before, folder / "results", order())->intake.error() == "this is no archive");
    before.status = ResultStatus::env_error;
    CHECK_FALSE(reopen(before, folder / "results", order()).has_value());
    put(sources_path(folder / "results", before.submission.id) / "kernel/a.cpp", "int a;\n");
    CHECK(reopen(before, folder / "results", order())->intake.has_value());
}

TEST_CASE("regrade: a new result takes the old one's place, which is kept; marks stay") {
    const IntakeFolder folder;
    const fs::path results = folder / "results";
    const Result before = fixture_result();
    const std::string& id = before.submission.id;
    write_result(before, result_path(results, id));
    Result now = before;
    now.manual.clear();
    now.tests[1].score = 6;
    now.score += 3.5;
    {
        const Regrade regrade(results, "one");
        write_result(now, result_path(regrade.fresh(), id));
        CHECK_FALSE(regrade.is_done(id));
    }
    Regrade regrade(results, "one"); // it was stopped, and goes on
    CHECK(fs::exists(result_path(regrade.fresh(), id)));
    regrade.take_over(now);
    CHECK(regrade.is_done(id));
    regrade.take_over(now); // it was stopped right before the new one was removed
    CHECK(read_result(result_path(results, id))->score == now.score);
    CHECK(read_result(result_path(results, id))->manual.size() == 1);

    const auto changes = regrade.changes();
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].test == "resolve-depth");
    CHECK(changes[1].test == "total");
    CHECK(changes[1].now - changes[1].before == doctest::Approx(3.5));
    const fs::path file = regrade.conclude(true);
    CHECK(file == results / "regrades" / "1" / "changes.csv");
    const auto rows = parse_csv(read_file(file).value_or(""));
    REQUIRE(rows.size() == 3);
    CHECK(rows[1] ==
          CsvRow{id, "resolve-depth", "2.5", "6", "3.5", "a depth of 12 bits is not enough"});
    CHECK(read_result(result_path(results / "regrades" / "1" / "before", id))->score ==
          before.score);
}

TEST_CASE("regrade: one that was stopped while a new result took its place ends that first") {
    const IntakeFolder folder;
    const fs::path results = folder / "results";
    const Result before = fixture_result();
    const std::string& id = before.submission.id;
    Result now = before;
    now.tests[1].score = 6;
    now.score += 3.5;
    const auto stopped_when = [&](bool has_place) {
        fs::remove_all(results);
        write_result(before, result_path(results, id));
        const Regrade regrade(results, "one");
        write_result(now, result_path(regrade.fresh(), id));
        write_result(before, result_path(results / "regrades/open/before", id));
        if (has_place) {
            write_result(now, result_path(results, id));
        }
    };
    for (const bool has_place : {false, true}) {
        CAPTURE(has_place);
        stopped_when(has_place);
        const Regrade regrade(results, "one");
        CHECK(regrade.is_done(id));
        CHECK(read_result(result_path(results, id))->score == now.score);
        CHECK(regrade.changes().size() == 2);
    }
}

TEST_CASE("regrade: with another course another one begins, and what is half done is closed") {
    const IntakeFolder folder;
    const fs::path results = folder / "results";
    const Result result = fixture_result();
    write_result(result, result_path(results, result.submission.id));
    const Regrade first(results, "one");
    write_result(result, result_path(first.fresh(), result.submission.id));
    first.take_over(result);
    const Regrade second(results, "two");
    CHECK_FALSE(second.is_done(result.submission.id));
    CHECK(fs::exists(results / "regrades" / "1" / "changes.csv"));
    CHECK(fs::exists(results / "regrades" / "open" / "course"));
}

TEST_CASE("regrade: tests that came or went are changes, and so is the integration part") {
    const Result before = fixture_result();
    Result now = before;
    now.tests[0].id = "resolve-anew";
    now.integration.score = 1;
    const auto changes = score_changes(before, now);
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].test == "resolve-anew");
    CHECK(changes[0].before == 0);
    CHECK(changes[1].test == "resolve-guard");
    CHECK(changes[1].now == 0);
    CHECK(changes[2].test == "integration");
}
