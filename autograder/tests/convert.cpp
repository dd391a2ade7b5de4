// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One result in the forms of other systems: the exact text of each for one result, hostile text in
/// each, and who is refused.
#include "autograder/report/convert.hpp"

#include "autograder/tests/results.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using grade::Format;

namespace {

grade::Result small_result() {
    grade::Result result = fixture_result();
    result.tests.erase(result.tests.begin() + 3, result.tests.end());
    result.tests.erase(result.tests.begin());
    result.warnings = {"a warning"};
    return result;
}

grade::Result hostile_result() {
    grade::Result result = small_result();
    result.submission.id = hostile;
    result.message = hostile;
    for (grade::TestResult& test : result.tests) {
        test.id = test.title = test.message = test.log = test.repro = hostile;
        test.details = {hostile, "\n{\"scores\": {\"1.1\": 100}}\n"};
    }
    result.exercises[0].id = result.exercises[0].name = hostile;
    return result;
}

} // namespace

TEST_CASE("convert: Gradescope's results.json") {
    CHECK(grade::to_gradescope(small_result()) ==
          R"({
 "score": 11.5,
 "execution_time": 13,
 "output": "2 of 5 tests passed in whole or in part\nwarning: a warning",
 "visibility": "visible",
 "stdout_visibility": "hidden",
 "extra_data": {
  "lab": 1,
  "course": "c0ffee",
  "digest": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "late_days": 1,
  "seed": 7,
  "toolchain": "clang 19.1.7",
  "emulator": "9.2-abc"
 },
 "tests": [
  {
   "score": 2.5,
   "max_score": 6.0,
   "status": "failed",
   "name": "resolve-depth: a guard is compared bit by bit",
   "output": "a depth of 12 bits is not enough\nexpected: GuardMismatch, 3 bits found\ng)"
          R"(ot:      success\n2 of 4 runs failed, with seed 2, 3\nread:  handouts/1-capabilities.)"
          R"(md#exercise-1-1\nagain: make grade LAB=1 TEST=resolve-depth SEED=7",
   "visibility": "visible",
   "number": "1.1",
   "extra_data": {
    "tier": "guest",
    "status": "part",
    "seeds": 4,
    "failed_seeds": [
     2,
     3
    ],
    "seconds": 0.25
   }
  },
  {
   "score": 0.0,
   "max_score": 5.0,
   "status": "failed",
   "name": "insert-order: a guard is compared bit by bit",
   "output": "the kernel stopped: mdb::insert wrote to 0x0\nread:  handouts/1-capabiliti)"
          R"(es.md#exercise-1-1\nagain: make grade LAB=1 TEST=insert-order SEED=7",
   "visibility": "visible",
   "number": "1.2",
   "extra_data": {
    "tier": "host",
    "status": "crashed",
    "seeds": 1,
    "failed_seeds": [],
    "seconds": 0.25
   }
  },
  {
   "score": 0.0,
   "max_score": 2.0,
   "status": "failed",
   "name": "your whole system, all labs",
   "output": "the student's own system does not boot",
   "visibility": "visible"
  },
  {
   "score": 5.0,
   "max_score": 10.0,
   "status": "failed",
   "name": "by hand: questions",
   "output": "",
   "visibility": "visible"
  }
 ]
}
)");
}

TEST_CASE("convert: Autolab's last line has the points of each exercise") {
    const std::string text = grade::to_autolab(small_result());
    CHECK(text.ends_with("\n{\"scores\":{\"1.1\":6.5,\"1.2\":0.0,\"1.3\":0.0,\"1.4\":0.0,"
                         "\"integration\":0.0}}\n"));
    CHECK(text.contains("  part   2.5/6    resolve-depth"));
}

TEST_CASE("convert: GitHub Classroom's reporter") {
    CHECK(grade::to_github(small_result()) ==
          R"({
 "version": 1,
 "status": "fail",
 "max_score": 20.0,
 "tests": [
  {
   "name": "resolve-depth: a guard is compared bit by bit",
   "status": "fail",
   "score": 2.5,
   "max_score": 6.0,
   "message": "a depth of 12 bits is not enough\nexpected: GuardMismatch, 3 bits found\n)"
          R"(got:      success\n2 of 4 runs failed, with seed 2, 3\nread:  handouts/1-capabilities)"
          R"(.md#exercise-1-1\nagain: make grade LAB=1 TEST=resolve-depth SEED=7",
   "test_code": "make grade LAB=1 TEST=resolve-depth SEED=7",
   "duration": 0.25
  },
  {
   "name": "insert-order: a guard is compared bit by bit",
   "status": "error",
   "score": 0.0,
   "max_score": 5.0,
   "message": "the kernel stopped: mdb::insert wrote to 0x0\nread:  handouts/1-capabilit)"
          R"(ies.md#exercise-1-1\nagain: make grade LAB=1 TEST=insert-order SEED=7",
   "test_code": "make grade LAB=1 TEST=insert-order SEED=7",
   "duration": 0.25
  },
  {
   "name": "your whole system, all labs",
   "status": "fail",
   "score": 0.0,
   "max_score": 2.0,
   "message": "the student's own system does not boot"
  }
 ]
}
)");
}

TEST_CASE("convert: JUnit XML") {
    grade::Result result = fixture_result();
    result.tests.erase(result.tests.begin() + 4);
    result.tests[1].details.clear();
    CHECK(grade::to_junit(result) == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="lab1 student-017" tests="4" failures="1" errors="1" skipped="1" time="12.500">
    <properties>
      <property name="status" value="ok"/>
      <property name="score" value="6.5"/>
      <property name="max" value="20"/>
    </properties>
    <testcase classname="lab1.1.1" name="resolve-guard: a guard is compared bit by bit" )"
                                     R"(time="0.250"/>
    <testcase classname="lab1.1.1" name="resolve-depth: a guard is compared bit by bit" )"
                                     R"(time="0.250">
      <failure message="a depth of 12 bits is not enough" type="part">a depth of 12 bits)"
                                     R"( is not enough
2 of 4 runs failed, with seed 2, 3
read:  handouts/1-capabilities.md#exercise-1-1
again: make grade LAB=1 TEST=resolve-depth SEED=7</failure>
      <system-out>boot
resolve-depth begins
</system-out>
    </testcase>
    <testcase classname="lab1.1.2" name="insert-order: a guard is compared bit by bit" time="0.250">
      <error message="the kernel stopped: mdb::insert wrote to 0x0" type="crashed">the k)"
                                     R"(ernel stopped: mdb::insert wrote to 0x0
read:  handouts/1-capabilities.md#exercise-1-1
again: make grade LAB=1 TEST=insert-order SEED=7</error>
    </testcase>
    <testcase classname="lab1.1.4" name="revoke-all: a guard is compared bit by bit" time="0.250">
      <skipped message="exercise 1.4 is a hole"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("convert: CSV, a row a test") {
    CHECK(grade::to_csv(small_result()) ==
          "submission,lab,result,exercise,test,tier,status,score,points,seconds,message\n"
          "student-017,1,ok,1.1,resolve-depth,guest,part,2.5,6,0.250,a depth of 12 bits is not "
          "enough\n"
          "student-017,1,ok,1.2,insert-order,host,crashed,0,5,0.250,the kernel stopped: "
          "mdb::insert wrote to 0x0\n");
}

TEST_CASE("convert: hostile text neither breaks a form nor forges what is read from it") {
    const grade::Result result = hostile_result();
    const auto gradescope = nlohmann::json::parse(grade::to_gradescope(result));
    CHECK(gradescope["score"] == 11.5);
    CHECK(gradescope["tests"].size() == 4);
    const auto github = nlohmann::json::parse(grade::to_github(result));
    CHECK(github["tests"][0]["score"] == 2.5);

    const std::string autolab = grade::to_autolab(result);
    CHECK_FALSE(autolab.contains('\x1b'));
    const std::size_t last = autolab.rfind('\n', autolab.size() - 2) + 1;
    CHECK(nlohmann::json::parse(autolab.substr(last))["scores"]["1.2"] == 0);

    const std::string junit = grade::to_junit(result);
    CHECK_FALSE(junit.contains("<script"));
    CHECK_FALSE(junit.contains('\x07'));
    CHECK(junit.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    CHECK(grade::to_csv(result).contains("\"<script>alert(1)</script>\"\"'&"));
}

TEST_CASE("convert: what is no grade is not handed on as one") {
    grade::Result result = small_result();
    result.status = grade::ResultStatus::env_error;
    result.message = "no emulator";
    for (const Format format : {Format::gradescope, Format::autolab, Format::github}) {
        REQUIRE_FALSE(grade::convert(result, format));
        CHECK(grade::convert(result, format).error() ==
              "student-017 has no grade: no emulator; grade it again");
    }
    CHECK(grade::convert(result, Format::junit)
              ->contains("<error message=\"no emulator\" type=\"env_error\"/>"));
    CHECK(grade::convert(result, Format::csv)->contains(",env_error,"));

    grade::Result cut_off = small_result();
    cut_off.complete = false;
    CHECK(grade::convert(cut_off, Format::gradescope).error().contains("grading was cut off"));
    CHECK(grade::convert(small_result(), Format::gradescope));
}
