// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The report of a class: its numbers, its tables for other systems, and pages that keep to
/// themselves and on which nothing from a submission can run.
#include "autograder/report/write.hpp"

#include "autograder/report/class_page.hpp"
#include "autograder/report/csv.hpp"
#include "autograder/report/grades.hpp"
#include "autograder/report/student_page.hpp"
#include "autograder/report/style.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/source/scratch.hpp"
#include "autograder/tests/results.hpp"

#include <algorithm>
#include <cstdio>
#include <doctest/doctest.h>
#include <regex>

using grade::ClassData;
using grade::Result;

namespace {

std::string content_of(const std::filesystem::path& path) {
    const auto content = grade::read_file(path);
    REQUIRE_MESSAGE(content, (content ? "" : content.error()));
    return *content;
}

Result result_of(const std::string& id, double score) {
    Result result = fixture_result();
    result.submission.id = id;
    result.score = score;
    result.manual.clear();
    return result;
}

/// SHA-256 in base 64, as another program computes it.
std::string digest_of(std::string_view text) {
    const grade::Scratch scratch;
    grade::write_file(scratch.path() / "text", text);
    const std::string command = "python3 -c 'import base64, hashlib, sys; print(base64.b64encode("
                                "hashlib.sha256(open(sys.argv[1], \"rb\").read()).digest())"
                                ".decode(), end=\"\")' '" +
                                (scratch.path() / "text").string() + "'";
    std::FILE* const pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string digest(100, '\0');
    digest.resize(std::fread(digest.data(), 1, digest.size(), pipe));
    REQUIRE(pclose(pipe) == 0);
    return digest;
}

/// Markup of a page that would run, load or be styled in spite of the policy.
std::vector<std::string> suspicious(const std::string& page) {
    static const std::regex form(R"((<(script|img|iframe|object|embed|link|base|form)\b|)"
                                 R"(\s(on[a-z]+|style|src)\s*=|javascript:|https?://))",
                                 std::regex::icase);
    const auto script = page.find("<script>\n\"use strict\"");
    const std::string rest = page.substr(0, script);
    std::vector<std::string> found;
    // Text between tags may say anything; only markup counts.
    static const std::regex tag("<[^>]*>");
    for (std::sregex_iterator at(rest.begin(), rest.end(), tag), end; at != end; ++at) {
        const std::string markup = at->str();
        const std::string without_values = std::regex_replace(markup, std::regex("\"[^\"]*\""), "");
        if (std::regex_search(without_values, form)) {
            found.push_back(markup);
        }
    }
    return found;
}

} // namespace

TEST_CASE("report: the policy's digests are those of the style and the script") {
    CHECK(digest_of(grade::page_style) == grade::page_style_digest);
    CHECK(digest_of(grade::page_script) == grade::page_script_digest);
}

TEST_CASE("report: a signature drops what differs between students") {
    CHECK(grade::signature_of("the kernel stopped: load from 0x1f3c\nmore") ==
          "the kernel stopped: load from #");
    CHECK(grade::signature_of("seed 17: 3 of 64 pages") == "seed #: # of # pages");
    CHECK(grade::signature_of("at ffffffc080201234 in slot2") == "at # in slot2");
    CHECK(grade::signature_of("got \"abc\", not \"def\"") == "got #, not #");
    CHECK(grade::signature_of("") == "");
}

TEST_CASE("report: statistics count grades only, and faults of the grader in none") {
    std::vector<Result> results = {result_of("a", 20), result_of("b", 10), result_of("c", 3),
                                   result_of("d", 0), result_of("e", 0)};
    results[3].status = grade::ResultStatus::env_error;
    results[4].complete = false;
    const ClassData data = grade::make_class(1, results, {});
    const grade::Statistics statistics = grade::statistics_of(data);
    CHECK(statistics.handed_in == 5);
    CHECK(statistics.with_grade == 3);
    CHECK(statistics.incomplete == 1);
    CHECK(statistics.mean == 11);
    CHECK(statistics.median == 10);
    CHECK(statistics.full_marks == 1);
    CHECK(statistics.scores == std::array<std::size_t, 10>{0, 1, 0, 0, 0, 1, 0, 0, 0, 1});
    REQUIRE(statistics.tests.size() == 5);
    CHECK(statistics.tests[0].rate() == 1);
    CHECK(statistics.tests[1].share == doctest::Approx(2.5 / 6));
    CHECK(statistics.exercises[3].states.at(grade::ExerciseState::hole) == 3);
    REQUIRE(statistics.failures.size() == 3);
    CHECK(statistics.failures[0].entries == std::vector<std::size_t>{0, 1, 2});
    CHECK(grade::statistics_of(grade::make_class(1, {}, {})).mean == 0);
}

TEST_CASE("report: roster and results are joined, and what does not fit is a problem") {
    const auto roster = grade::parse_roster("\xef\xbb\xbfgroup,id,name,mark: questions / 10\r\n"
                                            "A,one,\"Last, First\",7.5\r\n\r\nB,two,Second,\r\n");
    REQUIRE_MESSAGE(roster, roster.error());
    Result late = result_of("one", 4);
    late.started = "2026-02-01T00:00:00Z";
    const ClassData data =
        grade::make_class(1, {late, result_of("one", 9), result_of("three", 1)}, *roster);
    REQUIRE(data.entries.size() == 3);
    CHECK(data.entries[0].student.name == "Last, First");
    CHECK(data.entries[0].result->score == 4);
    CHECK(grade::total(*data.entries[0].result).points == 11.5);
    CHECK(grade::status_text(data.entries[2]) == "nothing handed in");
    CHECK(data.problems == std::vector<std::string>{"the roster does not have: three",
                                                    "two results, the older is passed over: one"});
    CHECK(grade::parse_roster("name\nx\n").error().contains("\"id\""));
    CHECK(grade::parse_roster("id,mark: q / 5\na,much\n").error() ==
          "the roster's row 2: \"much\" is no number");
    CHECK(grade::parse_roster("id,name\n,x\n").error() == "the roster's row 2: no id");
}

TEST_CASE("report: tables for other systems have no grade where there is none") {
    const auto roster = grade::parse_roster("id,name,group,mark: talk / 5\n"
                                            "a,First,G1,2\nb,=1+1,,\nc,Third,,\n");
    REQUIRE(roster.has_value());
    Result broken = result_of("b", 0);
    broken.status = grade::ResultStatus::env_error;
    broken.message = "disk full";
    const ClassData data = grade::make_class(1, {result_of("a", 6.5), broken}, *roster);
    CHECK(grade::scores_csv(data) ==
          "id,name,group,status,late_days,points,max,1.1,1.2,1.3,1.4,integration,talk\n"
          "a,First,G1,ok,1,8.5,25,6.5,0,0,0,0,2\n"
          "b,'=1+1,,not graded: the grading machine,1,,20,,,,,,\n"
          "c,Third,,nothing handed in,,,,,,,,,\n");
    CHECK(grade::canvas_csv(data) == "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1\n"
                                     "    Points Possible,,,,,25\n"
                                     "First,,a,a,G1,8.5\n"
                                     "'=1+1,,b,b,,\n"
                                     "Third,,c,c,,\n");
    CHECK(grade::moodle_csv(data) == "ID number,Full name,Lab 1,Feedback\n"
                                     "a,First,8.5,ok: 2 of 5 tests passed in whole or in part\n"
                                     "b,'=1+1,,not graded: the grading machine: disk full\n"
                                     "c,Third,,nothing handed in\n");
}

TEST_CASE("report: CSV is read as spreadsheets write it, and never begins a formula") {
    CHECK(grade::parse_csv("a,\"b \"\"c\"\"\nd\",\r\n\r\n,\n") ==
          std::vector<grade::CsvRow>{{"a", "b \"c\"\nd", ""}, {"", ""}});
    CHECK(grade::csv_line({"-1.5", "-x", "=a", "@b", "+1", "a,b", "q\"q"}) ==
          "-1.5,'-x,'=a,'@b,'+1,\"a,b\",\"q\"\"q\"\n");
}

TEST_CASE("report: nothing that a submission says runs on a page") {
    Result result = fixture_result();
    result.submission.id = hostile;
    result.submission.source = result.message = hostile;
    result.warnings = {hostile};
    for (grade::TestResult& test : result.tests) {
        test.id = test.title = test.exercise = test.tier = hostile;
        test.message = test.repro = test.anchor = test.log = hostile;
        test.details = {hostile, "\" onclick=\"alert(1)\" x=\"</pre><img src=x onerror=alert(1)>"};
    }
    for (grade::ExerciseResult& exercise : result.exercises) {
        exercise.id = exercise.name = exercise.message = hostile;
    }
    const ClassData data = grade::make_class(1, {result}, {});
    const std::string student = grade::student_page(data.entries[0], 1, "");
    const std::string index = grade::class_page(data, grade::statistics_of(data), nullptr);
    for (const std::string& page : {student, index}) {
        CHECK(suspicious(page).empty());
        CHECK_FALSE(page.contains("<script>alert"));
        CHECK_FALSE(page.contains('\x1b'));
        CHECK(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        CHECK(page.contains("default-src 'none'; style-src 'sha256-"));
    }
    // The check itself finds what it looks for.
    CHECK(suspicious("<p onclick=\"x\">").size() == 1);
    CHECK(suspicious("<img src=\"x\">").size() == 1);
}

TEST_CASE("report: a student's page has all of the student's own and nothing of any other") {
    const ClassData data = grade::make_class(1, fake_class(100, 1), {});
    for (const std::size_t index : {0U, 16U, 99U}) {
        const std::string page = grade::student_page(data.entries[index], 1, "");
        std::size_t named = 0;
        for (const grade::ClassEntry& entry : data.entries) {
            named += page.contains(entry.student.id) ? 1 : 0;
        }
        CHECK(named == 1);
        for (const grade::TestResult& test : data.entries[index].result->tests) {
            CHECK(page.contains("<code>" + test.id + "</code>"));
        }
    }
    const std::string page = grade::student_page(
        grade::make_class(1, {fixture_result()}, {}).entries[0], 1, "https://course.example");
    CHECK(page.contains("<a href=\"https://course.example/handouts/1-capabilities.md#exercise-1-1"
                        "\">"));
    CHECK(page.contains("expected: GuardMismatch, 3 bits found"));
    CHECK(page.contains("make grade LAB=1 TEST=resolve-depth SEED=7"));
    CHECK(page.contains("use of undeclared identifier &#39;nxt&#39;"));
}

TEST_CASE(
    "report: pages of ids that only differ in case, or are no names, have names of their own") {
    const ClassData data = grade::make_class(
        1, {result_of("Ab", 1), result_of("aB", 1), result_of("../x", 1), result_of("", 1)}, {});
    std::vector<std::string> pages;
    for (const grade::ClassEntry& entry : data.entries) {
        CHECK_FALSE(entry.page.contains('/'));
        std::string lower = entry.page;
        std::ranges::transform(lower, lower.begin(), [](char c) {
            return c == 'A' || c == 'B' ? static_cast<char>(c + 32) : c;
        });
        pages.push_back(lower);
    }
    std::ranges::sort(pages);
    CHECK(std::ranges::adjacent_find(pages) == pages.end());
}

TEST_CASE("report: a class of a hundred is written, the same every time, and old pages go") {
    const grade::Scratch scratch;
    const ClassData data = grade::make_class(1, fake_class(100, 1), {});
    grade::write_file(scratch.path() / "students/student-of-last-year.html", "old");
    grade::write_file(scratch.path() / "students/notes.txt", "mine");
    grade::write_report(data, nullptr, {scratch.path(), ""});
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "students/student-of-last-year.html"));
    CHECK(content_of(scratch.path() / "students/notes.txt") == "mine");
    const std::string index = content_of(scratch.path() / "index.html");
    for (const grade::ClassEntry& entry : data.entries) {
        CHECK(index.contains("href=\"students/" + entry.page + "\""));
        CHECK(std::filesystem::exists(scratch.path() / "students" / entry.page));
    }
    CHECK(suspicious(index).empty());
    const std::string scores = content_of(scratch.path() / "scores.csv");
    CHECK(std::ranges::count(scores, '\n') == 101);
    grade::write_report(data, nullptr, {scratch.path(), ""});
    CHECK(content_of(scratch.path() / "index.html") == index);
}

TEST_CASE("report: results are read from a folder, and files that are none are problems") {
    const grade::Scratch scratch;
    for (const Result& result : fake_class(3, 2)) {
        grade::write_result(result, grade::result_path(scratch.path(), result.submission.id));
    }
    grade::write_file(scratch.path() / "broken.json", "{");
    grade::write_file(scratch.path() / "notes.txt", "{");
    const grade::ResultFolder folder = grade::read_results(scratch.path());
    CHECK(folder.results.size() == 3);
    REQUIRE(folder.problems.size() == 1);
    CHECK(folder.problems[0].ends_with("broken.json: no JSON, or cut off"));
    CHECK_THROWS_AS(static_cast<void>(grade::read_results(scratch.path() / "none")),
                    grade::EnvironmentError);
}
