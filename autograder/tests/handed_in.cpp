// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a class handed in: times, lateness, the roster's columns, names of submissions, and which
/// commit of a repository is taken.
#include "autograder/class/class_run.hpp"
#include "autograder/source/process.hpp"
#include "autograder/source/source_tree.hpp"
#include "autograder/tests/submissions.hpp"

namespace {

using namespace grade;
using namespace submissions;
using std::chrono::days;

Time time_of(std::string_view text) {
    const auto time = parse_time(text);
    CHECK_MESSAGE(time.has_value(), text);
    return time.value_or(Time());
}

const LatePolicy policy{
    std::chrono::sys_days(std::chrono::December / 1 / 2026) + std::chrono::hours(12), 20, 3};

/// A repository with a commit for each of some times; file kernel/a.cpp holds their numbers.
class History {
public:
    History(std::initializer_list<const char*> times) {
        git("init -q .");
        int number = 0;
        for (const char* time : times) {
            put(folder() / "kernel/a.cpp", std::to_string(++number));
            git(std::string("add -A && GIT_COMMITTER_DATE=") + time +
                " git -c user.name=t -c user.email=t@t commit -qm more");
        }
    }
    void git(const std::string& arguments) const {
        fs::create_directories(folder());
        const std::string command = "cd \"" + folder().string() + "\" && git " + arguments;
        REQUIRE(run({{"sh", "-c", command}}).status == 0);
    }
    [[nodiscard]] fs::path folder() const { return scratch_ / "ada.git"; }
    /// Which commit is taken, and how late it is.
    [[nodiscard]] std::string opened(const HandedIn& handed_in) const {
        const Opened opened = open(handed_in, policy, order());
        return opened.intake ? opened.intake->files.at("kernel/a.cpp") + ", late " +
                                   std::to_string(opened.late_days)
                             : opened.intake.error();
    }

private:
    IntakeFolder scratch_;
};

} // namespace

TEST_CASE("handed in: times have a zone, or are UTC; a day ends at its last second") {
    CHECK(time_of("2026-12-01T23:59+01:00") == time_of("2026-12-01T22:59:00Z"));
    CHECK(time_of("2026-12-01 20:00-03:30") == time_of("2026-12-01T23:30"));
    CHECK(time_of("2026-12-01") == time_of("2026-12-01T23:59:59"));
    CHECK(time_of("1970-01-02T00:00").time_since_epoch() == days(1));
    for (const char* wrong : {"", "tomorrow", "2026-13-01", "2026-02-30", "2026-12-01T24:00",
                              "2026-12-01T10", "2026-12-01T10:00+1", "2026-12-01T10:00Zx"}) {
        CHECK_MESSAGE(!parse_time(wrong), wrong);
    }
}

TEST_CASE("handed in: each day that began costs its share, and at last everything") {
    const auto late = [](std::string_view time, int extension) {
        return policy.late_days(time_of(time), extension);
    };
    CHECK(late("2026-12-01T12:00", 0) == 0);
    CHECK(late("2026-12-01T12:00:01", 0) == 1);
    CHECK(late("2026-12-02T12:00", 0) == 1);
    CHECK(late("2026-12-02T12:00:01", 0) == 2);
    CHECK(late("2026-12-03T12:00", 2) == 0);
    CHECK(policy.percent(0) == 0);
    CHECK(policy.percent(2) == 40);
    CHECK(policy.percent(3) == 60);
    CHECK(policy.percent(4) == 100);
    CHECK(LatePolicy{{}, 20, 3}.late_days(time_of("2099-01-01"), 0) == 0);
}

TEST_CASE("handed in: the roster says where, which revision, when, and how much more time") {
    const auto roster = parse_roster("id,submission,revision,extension,handed in\n"
                                     "ada,work/ada.zip,,2,2026-12-03T10:00Z\nbob,,v1,,\n");
    REQUIRE(roster.has_value());
    CHECK(roster->at(0).submission == "work/ada.zip");
    CHECK(roster->at(0).extension == 2);
    CHECK(roster->at(0).handed_in == time_of("2026-12-03T10:00"));
    CHECK(roster->at(1).revision == "v1");
    CHECK(parse_roster("id,extension\na,-1\n").error() ==
          "the roster's row 2: \"-1\" is no number of days");
    CHECK(parse_roster("id,handed in\na,soon\n").error().contains("\"soon\" is no time"));
}

TEST_CASE("handed in: submissions are known by the names of their files") {
    const std::vector<fs::path> sources = {"x/bob.tar.gz", "y/ada.git", "cleo/", "v1.2.zip"};
    const auto list = hand_in(sources);
    REQUIRE(list.size() == 4);
    CHECK(list[0].id == "ada");
    CHECK(list[1].id == "bob");
    CHECK(list[2].id == "cleo");
    CHECK(list[3].id == "v1.2");
    const std::vector<fs::path> twice = {"x/bob.zip", "y/bob"};
    CHECK_THROWS_AS((void)hand_in(twice), EnvironmentError);
}

TEST_CASE(
    "handed in: who is on the roster and handed nothing in is in the list, strangers are not") {
    std::vector<RosterStudent> roster(2);
    roster[0].id = "ada";
    roster[0].submission = "a.zip";
    roster[1].id = "bob";
    const auto list = hand_in(roster, "class", {});
    REQUIRE(list.size() == 2);
    CHECK(list[0].source == "class/a.zip");
    CHECK(open(list[1], policy, order()).intake.error() == "nothing was handed in");
    const std::vector<fs::path> stranger = {"eve.zip"};
    CHECK_THROWS_AS((void)hand_in(roster, "class", stranger), EnvironmentError);
}

TEST_CASE("handed in: of a repository the last commit in time is taken, or the lab's tag") {
    const History history({"2026-11-30T00:00Z", "2026-12-02T00:00Z", "2026-12-09T00:00Z"});
    HandedIn ada{"ada", history.folder(), "", 0, {}};
    CHECK(history.opened(ada) == "2, late 1");
    ada.extension = 6;
    CHECK(history.opened(ada) == "3, late 2");
    ada.extension = 0;
    ada.revision = "HEAD";
    CHECK(history.opened(ada) == "3, late 8");
    ada.revision = "";
    history.git("tag lab3 HEAD~2");
    CHECK(history.opened(ada) == "1, late 0");
    CHECK(open(ada, policy, order()).from.contains("(its tag lab3)"));
}

TEST_CASE("handed in: a repository without a commit in time, or with nonsense for a revision") {
    const History history({"2027-01-01T00:00Z"});
    HandedIn ada{"ada", history.folder(), "", 0, {}};
    CHECK(history.opened(ada) == "the repository has no commit that was made in time");
    ada.revision = "x; touch /tmp/y";
    CHECK(history.opened(ada) == "this is no name of a commit, a branch or a tag");
}

TEST_CASE("handed in: a student's seed is hers alone, and the same every time") {
    CHECK(personal_seed(1, "ada") == personal_seed(1, "ada"));
    CHECK(personal_seed(1, "ada") != personal_seed(1, "bob"));
    CHECK(personal_seed(1, "ada") != personal_seed(2, "ada"));
}
