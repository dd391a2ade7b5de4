// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The JSON of a result: what is written is read back, what is hostile is made harmless, what is
/// wrong is named with its place, and a file is whole or as it was.
#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/scratch.hpp"
#include "autograder/source/source_tree.hpp"
#include "autograder/tests/results.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using grade::parse_result;
using grade::safe_line;
using grade::safe_text;

namespace {

std::string error_of(const std::string& json) {
    const auto result = parse_result(json);
    return result ? "" : result.error();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto place = text.find(from);
    REQUIRE(place != std::string::npos);
    return text.replace(place, from.size(), to);
}

bool is_clean(const std::string& text) {
    return std::ranges::none_of(text, [](char letter) {
        return (letter >= 0 && letter < 0x20 && letter != '\n' && letter != '\t') || letter == 0x7f;
    });
}

/// Writes in a child that may write no file of more than `limit` bytes, as on a full disk.
/// @return what the child said
std::string write_with_limit(const std::filesystem::path& path, rlim_t limit) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit most{limit, limit};
        setrlimit(RLIMIT_FSIZE, &most);
        std::string said = "written";
        try {
            grade::write_result(fixture_result(), path);
        } catch (const grade::EnvironmentError& error) {
            said = error.what();
        }
        const bool told = ::write(ends[1], said.data(), said.size()) > 0;
        _exit(told ? 0 : 1);
    }
    close(ends[1]);
    std::string said(1000, '\0');
    said.resize(static_cast<std::size_t>(std::max<ssize_t>(read(ends[0], said.data(), 1000), 0)));
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return said;
}

} // namespace

TEST_CASE("result: what is written is read back, every key of it") {
    const grade::Result result = fixture_result();
    const std::string json = grade::to_json(result);
    const auto again = parse_result(json);
    REQUIRE_MESSAGE(again, again.error());
    CHECK(grade::to_json(*again) == json);
    CHECK(again->submission.id == "student-017");
    CHECK(again->submission.late_days == 1);
    CHECK(again->exercises[1].state == grade::ExerciseState::not_compiled);
    CHECK(again->tests[1].failed_seeds == std::vector<std::uint64_t>{2, 3});
    CHECK(again->tests[2].status == grade::TestStatus::crashed);
    CHECK(again->integration.broke == std::vector<std::string>{"1.3"});
    CHECK(again->questions[1].answered == false);
    CHECK(again->manual[0].points == 5);
    CHECK(again->score == 6.5);
}

TEST_CASE("result: keys that nobody knows are passed over, missing ones have their default") {
    const auto result = parse_result(R"({"schema": 1, "lab": 2, "status": "ok", "news": [1, {}],
                                         "submission": {"id": "a", "colour": "red"}})");
    REQUIRE_MESSAGE(result, result.error());
    CHECK(result->submission.id == "a");
    CHECK(result->target == "qemu");
    CHECK(result->tests.empty());
}

TEST_CASE("result: what is wrong is named with its place and what mends it") {
    const std::string json = grade::to_json(fixture_result());
    CHECK(error_of("") == "no JSON, or cut off");
    CHECK(error_of(json.substr(0, json.size() / 2)) == "no JSON, or cut off");
    CHECK(error_of("[]") == "no result of rel4-grade: it has no schema number");
    CHECK(error_of(R"({"lab": 1})") == "no result of rel4-grade: it has no schema number");
    CHECK(error_of(replaced(json, "\"schema\": 1", "\"schema\": 2")) ==
          "schema 2, and this rel4-grade reads schema 1: read it with the rel4-grade that wrote "
          "it, or grade again");
    CHECK(error_of(replaced(json, "\"lab\": 1", "\"laboratory\": 1")) == "lab: is missing");
    CHECK(error_of(replaced(json, "\"late_days\": 1", "\"late_days\": 1.5")) ==
          "submission.late_days: a whole number was expected");
    CHECK(error_of(replaced(json, "\"seed\": 7", "\"seed\": -7")) ==
          "seed: a whole number from 0 was expected");
    CHECK(error_of(replaced(json, "\"status\": \"part\"", "\"status\": \"perhaps\"")) ==
          "tests[1].status: one of passed|failed|part|crashed|timeout|not_run was expected");
    CHECK(error_of(replaced(json, "\"title\": \"a", "\"title\": 1, \"x\": \"a")) ==
          "tests[0].title: a text was expected");
}

TEST_CASE("result: hostile text is written as harmless UTF-8 of bounded size") {
    grade::Result result = fixture_result();
    result.submission.id = hostile;
    result.tests[0].log = std::string(5'000'000, '\x1b') + "the end";
    result.tests[0].message = "\xc0\xaf\xed\xa0\x80 \xe2\x80\xae" + std::string(1, '\0');
    result.warnings.assign(10'000, "again");
    const std::string json = grade::to_json(result);
    CHECK(json.size() < 200'000);
    CHECK(is_clean(json));
    const auto again = parse_result(json);
    REQUIRE_MESSAGE(again, again.error());
    CHECK(again->submission.id == "<script>alert(1)</script>\"'&␇\ufffd=cmd|'/c'!A1");
    CHECK(again->tests[0].log.ends_with("the end"));
    CHECK(again->tests[0].log.contains("bytes left out"));
    CHECK(again->tests[0].message == "\ufffd\ufffd\ufffd\ufffd\ufffd \ufffd␀");
    CHECK(again->warnings.size() == 2000);
    CHECK(grade::to_json(*again) == json);
}

TEST_CASE("result: text is made safe once and for all") {
    CHECK(safe_text("a\r\nb\tc\rd") == "a\nb\tc␍d");
    CHECK(safe_text("\x1b[1;31mred\x1b[0m \x1b]0;title\x07") == "red ␛]0;title␇");
    CHECK(safe_text("ä€𝄞") == "ä€𝄞");
    CHECK(safe_text("\u200b\u2028\u2069\uffff\ufffd") == "\ufffd\ufffd\ufffd\ufffd\ufffd");
    CHECK(safe_line("two\nlines\x1b[K") == "two lines");
    CHECK(safe_line(std::string(50, 'x'), 10) == "xxxxxxx...");
    for (std::size_t size = 64; size < 400; size += 7) {
        std::string text;
        while (text.size() < size) {
            text += "€\x01\xff";
        }
        const std::string safe = safe_text(text, 128);
        CHECK(safe.size() <= 128);
        CHECK(safe_text(safe, 128) == safe);
    }
}

TEST_CASE("result: an id becomes a file's name, and two ids never the same") {
    CHECK(grade::file_name_of("student-017") == "student-017");
    CHECK(grade::result_path("results", "student-017") == "results/student-017.json");
    for (const std::string id : {"../../etc/passwd", "", ".", "..", ".hidden", "-rf", "a/b", "ä"}) {
        CAPTURE(id);
        const std::string name = grade::file_name_of(id);
        CHECK(name != id);
        CHECK_FALSE(name.contains('/'));
        CHECK_FALSE(name.starts_with('.'));
    }
    CHECK(grade::file_name_of("a/b") != grade::file_name_of("a_b"));
    CHECK(grade::file_name_of("a/b") != grade::file_name_of("a?b"));
    CHECK(grade::file_name_of(std::string(5000, 'a')).size() <= 100);
}

TEST_CASE("result: a file is whole or as it was before, and the error says what to do") {
    const grade::Scratch scratch;
    const auto path = grade::result_path(scratch.path() / "deep/er", "student-017");
    grade::write_result(fixture_result(), path);
    REQUIRE(grade::read_result(path));
    const std::string before = *grade::read_file(path);

    const std::string said = write_with_limit(path, 1000);
    CHECK(said.starts_with(path.string() + ": cannot be written: File too large; free some space"));
    CHECK(*grade::read_file(path) == before);
    const auto left = std::filesystem::directory_iterator(path.parent_path());
    CHECK(std::distance(begin(left), end(left)) == 1);
    CHECK(write_with_limit(path, 1'000'000) == "written");

    CHECK(grade::why_not_written("r.json", ENOSPC).contains("free some space"));
    CHECK(grade::why_not_written("r.json", EROFS).contains("choose another folder"));
    CHECK_THROWS_AS(grade::write_file(path / "below-a-file", ""), grade::EnvironmentError);
}

TEST_CASE("result: reading names the file, and does not wait for a pipe") {
    const grade::Scratch scratch;
    CHECK(grade::read_result(scratch.path() / "none.json").error() ==
          (scratch.path() / "none.json").string() + ": No such file or directory");
    REQUIRE(mkfifo((scratch.path() / "pipe.json").c_str(), 0600) == 0);
    CHECK(grade::read_result(scratch.path() / "pipe.json").error().ends_with(": no file"));
    grade::write_file(scratch.path() / "big", "12345");
    CHECK(grade::read_file(scratch.path() / "big", 4).error().ends_with("has more than 4 bytes"));
}

TEST_CASE("result: marks given by hand count, and faults of the grader are no score") {
    grade::Result result = fixture_result();
    CHECK(grade::total(result).points == 11.5);
    CHECK(grade::total(result).max == 30);
    CHECK(grade::is_graded(result));
    result.complete = false;
    CHECK_FALSE(grade::is_graded(result));
    result.complete = true;
    result.status = grade::ResultStatus::env_error;
    CHECK_FALSE(grade::is_graded(result));
    CHECK(grade::is_fault_of_grader(result));
    CHECK(grade::points_text(2.0) == "2");
    CHECK(grade::points_text(100) == "100");
    CHECK(grade::points_text(1.0 / 3) == "0.33");
    CHECK(grade::points_text(-0.001) == "0");
}
