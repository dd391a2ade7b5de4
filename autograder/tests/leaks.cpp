// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What counts as a leak, and what is only English.
#include "autograder/derive/words.hpp"
#include "autograder/tests/sources.hpp"

#include <doctest/doctest.h>

namespace {

const std::string later = "/// @file\n/// @stage{3}\nvoid wait_for_signal();\nstruct RunQueue {};\n"
                          "int reply();\nextern int slot2;\n#define DEPTH 3\n";

/// Problems of a stage 1 tree with this text, where a file of stage 3 has the names above.
Derived with(const std::string& path, const std::string& text) {
    return derive_from({{path, text}, {"sched/later.hpp", later}}, 1);
}

TEST_CASE("leak: names of later stages in comments and strings") {
    for (const std::string word :
         {"wait_for_signal", "RunQueue", "slot2", "`reply`", "reply()", "DEPTH=4"}) {
        CAPTURE(word);
        CHECK(
            with("lib/a.hpp", "int a;\n// of " + word + "\n").only_says("lib/a.hpp:2: leak into"));
        CHECK(
            with("lib/a.hpp", "auto a = \"" + word + "\";\n").only_says("lib/a.hpp:1: leak into"));
        CHECK(with("lib/a.md", "Text.\n\nof " + word + "\n").only_says("lib/a.md:3: leak into"));
        CHECK(with("lib/a.py", "a = 1  # of " + word + "\n").only_says("lib/a.py:1: leak into"));
    }
    CHECK(
        with("lib/a.py", "def f():\n    \"\"\"As\n    RunQueue\"\"\"\n").only_says("a.py:3: leak"));
    CHECK(with("lib/a.hpp", "// `RunQueue`\nint a;\n")
              .only_says("`RunQueue` first exists in lab 3 (sched/later.hpp:4)"));
}

TEST_CASE("leak: English is none, nor what the stage's own code has") {
    CHECK(with("lib/a.hpp", "// The reply comes in DEPTH, wait (for) signal.\nint a;\n")
              .problems.empty());
    CHECK(with("lib/a.hpp", "// `reply` and RunQueue\nint reply(struct RunQueue*);\n")
              .problems.empty());
}

TEST_CASE("leak: all are shown") {
    CHECK(with("lib/a.hpp", "// RunQueue, slot2\nint a; // RunQueue\n").problems.size() == 3);
}

TEST_CASE("leak: lines are those of the source, not of the stage") {
    CHECK(with("lib/a.hpp", "int a;\n/// @cond LAB2\nint b;\n/// @endcond\n// RunQueue\n")
              .only_says("lib/a.hpp:5: leak"));
}

TEST_CASE("leak: what is in brackets, in no lab, and the staff's") {
    const Derived result =
        derive_from({{"lib/a.hpp", "// fpu_state, grade_all, set_affinity\nint a;\n"},
                     {"lib/b.hpp", "int b;\n/// @cond LAB2\nint set_affinity();\n/// @endcond\n"},
                     {"lib/c.hpp", "/// @stage{none}\nint fpu_state;\n"},
                     {"labs/d.hpp", "int grade_all;\n"}},
                    1);
    INFO(result.all_problems());
    CHECK(result.problems.size() == 3);
    CHECK(result.all_problems().contains("`set_affinity` first exists in lab 2 (lib/b.hpp:3)"));
    CHECK(result.all_problems().contains("`fpu_state` first exists in no lab"));
    CHECK(result.all_problems().contains("`grade_all` first exists in the staff's files"));
}

TEST_CASE("leak: paths, by any of their ends") {
    for (const std::string path :
         {"sched/later.hpp", "later.hpp", "./sched/later.hpp.", "sched/"}) {
        CAPTURE(path);
        CHECK(with("lib/a.hpp", "// Read next: " + path + "\nint a;\n").only_says("leak"));
    }
    const std::string file = "/// @stage{2}\nint run_queue;\n";
    CHECK(derive_from({{"lib/a.md", "run_queue.hpp\n"}, {"x/run_queue.hpp", file}}, 1)
              .only_says("`run_queue.hpp` first exists"));
    CHECK(with("lib/a.hpp", "// It is sched or later.\nint a;\n").problems.empty());
    CHECK(with("lib/a.mk", "a := sched/later.hpp\n").only_says("leak"));
}

TEST_CASE("leak: make goals") {
    const std::string later_goals = "# @stage{2}\n.PHONY: bench next-lab\nbench next-lab: all\n";
    const auto with_text = [&](const std::string& text) {
        return derive_from({{"lib/a.md", text}, {"x/module.mk", later_goals}}, 1);
    };
    CHECK(with_text("Run make bench to see.\n").only_says("`bench` first exists in lab 2"));
    CHECK(with_text("Run `next-lab` now.\n").only_says("`next-lab` first exists"));
    CHECK(with_text("On the bench, the next-lab.\n").problems.empty());
}

TEST_CASE("leak: exceptions, everywhere or below one folder") {
    const std::string stages = "[stages]\n\"lib/\" = 1\n[[allow]]\nname = \"RunQueue\"\n"
                               "reason = \"known\"\n[[allow]]\nname = \"slot2\"\nin = \"lib/b\"\n"
                               "reason = \"known\"\n";
    const Derived result = derive_from({{"labs/stages.toml", "\"labs/\" = \"staff\""},
                                        {"labs/stages.toml", stages + "[includes]\n"},
                                        {"lib/a.hpp", "// RunQueue slot2\nint a;\n"},
                                        {"lib/b.hpp", "// RunQueue slot2\nint b;\n"},
                                        {"sched/later.hpp", later}},
                                       1);
    CHECK(result.all_problems().contains("lib/a.hpp:1: leak into lab 1: `slot2`"));
    CHECK_FALSE(result.all_problems().contains("RunQueue"));
    CHECK_FALSE(result.all_problems().contains("lib/b.hpp"));
    CHECK(derive_from({{"labs/stages.toml", "[[allow]]\nname = \"a\"\n"}}, 1)
              .all_problems()
              .contains("has a name and a reason"));
}

const std::string solution = "int f(int a) {\n    const int b = compute(a);\n\n"
                             "    if (b > 0) {\n        return b + correction;\n    }\n"
                             "    store(a, b, correction);\n    return 0;\n}\n";

TEST_CASE("leak: solution text in a starter, however laid out") {
    const std::string copy = "// const int b = compute(a);\n// return b+correction;\n"
                             "// store(a, b, correction);\n";
    const Files files = {{"lib/a.cpp", with_exercise(solution)}, {"lib/b.hpp", "int b;\n" + copy}};
    CHECK(derive_from(files, 1).only_says("lib/b.hpp:4: leak into the starter of lab 1"));
    CHECK(derive_from(files, 1).only_says("exercise 1.1"));
    CHECK(derive_from(files, 1, grade::Kind::solution).problems.empty());
    CHECK(derive_from(files, 2).problems.empty());
}

TEST_CASE("leak: two lines, or lines that every program has, are no solution") {
    const std::string common = "int f(int a) {\n    switch (a) {\n    case Kind::first: {\n"
                               "        const int b = compute(a);\n        return b;\n";
    CHECK(derive_from({{"lib/a.cpp", with_exercise(common + "    }\n    }\n}\n")},
                       {"lib/b.cpp", common + "    }\n    }\n}\n"}},
                      1)
              .problems.empty());
}

TEST_CASE("includes: of what is not in the stage") {
    const std::string text = "#include \"sched/later.hpp\"\n#include <vector>\n";
    CHECK(with("lib/a.hpp", text + "int a;\n").only_says("lib/a.hpp:1: includes"));
    CHECK(with("lib/a.hpp", "/// @cond LAB3\n" + text + "/// @endcond\nint a;\n").problems.empty());
    CHECK(with("lib/a.hpp", "#include \"todo.hpp\"\nint a;\n").problems.empty());
    CHECK(derive_from({{"labs/stages.toml", "[stages]\n\"lib/\" = 1\n\"labs/\" = \"staff\"\n"
                                            "[includes]\n\"lwip/\" = \"another project\"\n"},
                       {"lib/a.hpp", "#include \"lwip/tcp.h\"\nint a;\n"}},
                      1)
              .problems.empty());
}

} // namespace
