// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which questions of a handout are answered.
#include "autograder/run/questions.hpp"

#include <doctest/doctest.h>

namespace {

constexpr std::string_view handout = "## Questions\n\nAnswer them.\n\n"
                                     "* **Q1** Why?\n  Say more.\n"
                                     "* **Q2** What?\n"
                                     "* **Q10** See **Q1**.\n\n## Submit\n";

/// The numbers of those that are answered.
std::string answered(std::string_view answers) {
    std::string text;
    for (const grade::QuestionResult& question : grade::questions_of(handout, answers)) {
        text += question.answered ? question.id + " " : "";
    }
    return text;
}

} // namespace

TEST_CASE("questions: those of the handout, in their order") {
    const auto questions = grade::questions_of(handout, "");
    REQUIRE(questions.size() == 3);
    CHECK(questions[0].id == "Q1");
    CHECK(questions[1].id == "Q2");
    CHECK(questions[2].id == "Q10");
    CHECK(grade::questions_of("no questions: Q1", "Q1: one two three").empty());
}

TEST_CASE("questions: an answer is at least three words behind its number") {
    CHECK(answered("").empty());
    CHECK(answered("Q1: one two three") == "Q1 ");
    CHECK(answered("# Lab 4\n\n## Q1\n\nIt is so,\nbecause.\n\n**Q2** no\n") == "Q1 ");
    CHECK(answered("* **Q10** a b c\n- Q2. 1 2 3") == "Q2 Q10 ");
    CHECK(answered("Q1\nQ2\n- - -\nQ10 \xc3\xa9 \xc3\xa9 \xc3\xa9") == "Q10 ");
    CHECK(answered("Q100 a b c, Q 1 a b c").empty());
}

TEST_CASE("questions: whatever the file holds, it is read to its end") {
    CHECK(answered(std::string(100'000, 'Q')).empty());
    CHECK(answered(std::string("Q1 a\0b c d e", 12)) == "Q1 ");
    CHECK(answered("Q99999999999999999999999999 a b c").empty());
}
