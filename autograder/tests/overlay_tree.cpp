// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The reference put into the starter of this tree, and files of this tree that were spoiled at
/// random.
#include "autograder/overlay/overlay.hpp"

#include "autograder/derive/tree.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>

namespace {

using namespace grade;
using State = Part::State;

const SourceTree& this_tree() {
    static const SourceTree tree = SourceTree::read(".");
    return tree;
}

SourceTree derived(int lab, Kind kind) {
    Problems problems;
    const Course course(this_tree(), problems);
    std::vector<SourceFile> files;
    for (const StageText& text : derive_tree(course, lab, kind, problems)) {
        files.push_back({text.path, text.content, text.is_executable});
    }
    return SourceTree(std::move(files));
}

Submission of_tree(const SourceTree& tree) {
    Submission result;
    for (const SourceFile& file : tree.files()) {
        result.files.emplace(file.path, file.content);
    }
    return result;
}

TEST_CASE("overlay: the solution put into the starter is the solution") {
    Problems problems;
    for (const int lab : {7}) {
        CAPTURE(lab);
        const BaseTree base(derived(lab, Kind::blank), lab, problems);
        const SourceTree solution = derived(lab, Kind::solution);
        const Overlay overlay(base, of_tree(solution), Overlay::Labs::all);
        CHECK(overlay.warnings().empty());
        for (const Part& part : overlay.parts()) {
            CAPTURE(part.id.text());
            CHECK(part.message == "");
            CHECK(part.state == State::done);
        }
        const auto same = std::ranges::mismatch(overlay.files(), solution.files(), {},
                                                &SourceFile::content, &SourceFile::content);
        CHECK(same.in2 == solution.files().end());
        const Overlay empty(base, of_tree(base.tree()), Overlay::Labs::all);
        for (const Part& part : empty.parts()) {
            CHECK(part.state == State::hole);
        }
    }
}

/// A file that somebody's editor, or somebody's cat, has been at.
std::string spoiled(std::string text, std::mt19937& random) {
    static const std::vector<std::string> pieces = {"{",
                                                    "}",
                                                    "\"",
                                                    "'",
                                                    "/*",
                                                    "*/",
                                                    "//",
                                                    "\\\n",
                                                    "R\"(",
                                                    "(",
                                                    ")",
                                                    "[[",
                                                    "]]",
                                                    "#",
                                                    "\n",
                                                    "\r",
                                                    "/// @lab{1.1} x\n",
                                                    "<%",
                                                    "?\?/",
                                                    std::string(1, '\0'),
                                                    "// Your own helpers: end\n",
                                                    "<",
                                                    ">"};
    const auto below = [&](std::size_t limit) { return std::size_t{random()} % limit; };
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
        const std::size_t at = below(text.size());
        switch (below(3)) {
        case 0:
            text.insert(at, pieces[below(pieces.size())]);
            break;
        case 1:
            text.erase(at, below(200));
            break;
        default:
            text.insert(at, text.substr(below(text.size()), below(2000)));
        }
    }
    return text;
}

TEST_CASE("overlay: of files that were spoiled at random only whole exercises are taken") {
    Problems problems;
    const Refusals refusals({});
    std::mt19937 random(1); // NOLINT(bugprone-random-generator-seed): the same every time
    int done = 0;
    int others = 0;
    for (const SourceFile& file : this_tree().files()) {
        const StageText text{file.path, file.path, file.content, {}, false};
        const auto exercises = find_exercises(text, problems);
        if (exercises.empty() || file.path.starts_with("autograder/") ||
            file.path.starts_with("labs/")) {
            continue;
        }
        std::vector<ExerciseId> wanted(exercises.size());
        std::ranges::transform(exercises, wanted.begin(), &Exercise::id);
        const std::string empty;
        const SourceFile holes{file.path, splice(file, nullptr, &empty, wanted, refusals).text};
        for (int round = 0; round < 20; ++round) {
            const std::string student = spoiled(file.content, random);
            const Spliced result = splice(file, nullptr, &student, wanted, refusals);
            CHECK(std::ranges::count(result.text, '\0') == 0);
            // Without exercises and helpers it is the course's file.
            CHECK(first_change(holes, result.text) == 0);
            const StageText again{file.path, file.path, result.text, {}, false};
            CHECK(find_exercises(again, problems).size() == exercises.size());
            for (const Part& part : result.parts) {
                (part.state == State::done ? done : others) += 1;
            }
        }
    }
    CHECK(done > 100);
    CHECK(others > 100);
}

} // namespace
