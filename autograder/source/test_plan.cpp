// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading a plan, and holding it against the tests in the sources.
#include "autograder/source/test_plan.hpp"

#include "autograder/source/toml.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <regex>

namespace grade {

namespace {

constexpr int most_points = 100;
constexpr int most_for_speed = 15; ///< per cent of a lab's points
constexpr int most_seeds = 100;
constexpr int most_harts = 4;
constexpr std::int64_t usual_limit = 200'000'000;
constexpr std::int64_t most_limit = 50'000'000'000;

class TestReader {
public:
    TestReader(const toml::table& table, const Manifest& manifest, Problems& problems)
        : table_(table), manifest_(manifest), problems_(problems) {}

    PlannedTest run() {
        check_keys();
        PlannedTest test;
        test.line = line_of(table_);
        test.id = table_["id"].value_or(std::string());
        static const std::regex form("[a-z0-9]+(-[a-z0-9]+)*");
        if (!std::regex_match(test.id, form)) {
            report("a test needs an `id`: small letters and digits, with '-' between words");
        }
        test.exercise = exercise(table_["exercise"].value_or(std::string()));
        test.needs = needs(test.exercise);
        test.tier = tier();
        test.points = static_cast<int>(number("points", 0, most_points, -1));
        test.seeds = static_cast<int>(number("seeds", 1, most_seeds, 1));
        test.harts = static_cast<int>(number("harts", 1, most_harts, 1));
        test.limit = static_cast<std::uint64_t>(number("limit", 1, most_limit, usual_limit));
        test.on_qemu = has_target("qemu");
        test.on_serial = has_target("serial");
        if (test.tier == Tier::peer && test.on_serial) {
            report("a test of tier peer has `targets = [\"qemu\"]`: on boards no script plays the "
                   "network");
        }
        test.anchor = table_["anchor"].value_or(std::string());
        test.perf = table_["perf"].value_or(false);
        test.answer = table_["answer"].value_or(false);
        return test;
    }

private:
    void check_keys() {
        static constexpr std::array<std::string_view, 12> keys = {
            "id",    "exercise", "needs",   "tier",   "points", "seeds",
            "harts", "limit",    "targets", "anchor", "perf",   "answer"};
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(keys, key.str()) == keys.end()) {
                problems_.add(manifest_.path, line_of(node),
                              fmt::format("`{}` is no key of a test", key.str()));
            }
        }
    }

    ExerciseId exercise(std::string_view said) {
        for (const ManifestExercise& each : manifest_.exercises) {
            if (each.id.text() == said) {
                return each.id;
            }
        }
        report(fmt::format("\"{}\" is no exercise of this lab", said));
        return {manifest_.lab, 0};
    }

    std::vector<ExerciseId> needs(ExerciseId otherwise) {
        const toml::array* const said = table_["needs"].as_array();
        if (said == nullptr) {
            return {otherwise};
        }
        std::vector<ExerciseId> needs;
        for (const toml::node& node : *said) {
            needs.push_back(exercise(node.value_or(std::string())));
        }
        return needs;
    }

    Tier tier() {
        const auto tier = read_tier(table_["tier"].value_or(std::string()));
        if (!tier) {
            report("a test needs a `tier`: host, kernel, guest or peer");
        }
        return tier.value_or(Tier::host);
    }

    std::int64_t number(std::string_view key, std::int64_t least, std::int64_t most,
                        std::int64_t otherwise) {
        const std::int64_t value = table_[key].value_or(otherwise);
        if (value < least || value > most) {
            report(fmt::format("a test's `{}` is {} to {}", key, least, most));
            return least;
        }
        return value;
    }

    [[nodiscard]] bool has_target(std::string_view name) const {
        const toml::array* const targets = table_["targets"].as_array();
        return targets == nullptr || std::ranges::any_of(*targets, [&](const toml::node& node) {
                   return node.value_or(std::string()) == name;
               });
    }

    void report(std::string text) {
        problems_.add(manifest_.path, line_of(table_), std::move(text));
    }

    const toml::table& table_;
    const Manifest& manifest_;
    Problems& problems_;
};

/// Takes the titles over; manifest and sources must name the same tests.
void compare(TestPlan& plan, const Manifest& manifest, FoundTests found, Problems& problems) {
    for (PlannedTest& test : plan.tests) {
        const auto at = found.find(test.id);
        if (at == found.end() || at->second.tier != test.tier) {
            problems.add(manifest.path, test.line,
                         fmt::format("there is no test \"{}: ...\" in {}/tests/{}/, or it stands "
                                     "here twice",
                                     test.id, plan.folder, text(test.tier)));
            continue;
        }
        test.title = at->second.title;
        test.file = at->second.file;
        found.erase(at);
    }
    for (const auto& [id, test] : found) {
        problems.add(test.file, test.line, fmt::format("test {} is not in {}", id, manifest.path));
    }
}

void check_points(const TestPlan& plan, const Manifest& manifest, Problems& problems) {
    for (const ManifestExercise& exercise : manifest.exercises) {
        int points = 0;
        for (const PlannedTest& test : plan.tests) {
            points += test.exercise == exercise.id ? test.points : 0;
        }
        if (points != exercise.points) {
            problems.add(manifest.path, exercise.line,
                         fmt::format("exercise {} has {} points, its tests have {}",
                                     exercise.id.text(), exercise.points, points));
        }
    }
    int all = 0;
    int speed = 0;
    for (const PlannedTest& test : plan.tests) {
        all += test.points;
        speed += test.perf ? test.points : 0;
    }
    if (speed * 100 > all * most_for_speed) {
        problems.add(manifest.path, 1,
                     fmt::format("{} of {} points are for speed, which is more than {} %", speed,
                                 all, most_for_speed));
    }
}

std::vector<std::string> read_sources(const toml::table& table, const Manifest& manifest,
                                      Problems& problems) {
    std::vector<std::string> sources;
    const toml::array* const said = table["run"]["sources"].as_array();
    for (std::size_t i = 0; said != nullptr && i < said->size(); ++i) {
        sources.push_back((*said)[i].value_or(std::string()));
        static const std::regex form("[a-z0-9][a-z0-9.+-]* [0-9][A-Za-z0-9.+~-]*");
        if (!std::regex_match(sources.back(), form)) {
            problems.add(manifest.path, line_of((*said)[i]),
                         "a source package is \"NAME VERSION\", as Debian has it");
        }
    }
    return sources;
}

} // namespace

std::string TestPlan::handout() const {
    return fmt::format("handouts/{}.md", folder.substr(folder.find('/') + 1));
}

const PlannedTest* TestPlan::find(std::string_view id) const {
    const auto found = std::ranges::find(tests, id, &PlannedTest::id);
    return found == tests.end() ? nullptr : &*found;
}

void TestPlan::choose(std::string_view target) {
    constexpr int most_seeds_of_board = 2;
    if (target != "qemu") {
        sources.clear();
    }
    for (PlannedTest& test : tests) {
        test.is_here = target == "qemu" ? test.on_qemu : test.on_serial;
        if (target != "qemu" && test.tier != Tier::host) {
            test.seeds = std::min(test.seeds, most_seeds_of_board);
        }
    }
}

TestPlan read_test_plan(const SourceTree& tree, const Manifest& manifest, Problems& problems) {
    TestPlan plan;
    plan.lab = manifest.lab;
    plan.folder = manifest.path.substr(0, manifest.path.rfind('/'));
    const SourceFile* const file = tree.find(manifest.path);
    const auto table = file != nullptr ? parse_toml(*file, problems) : std::nullopt;
    if (!table) {
        return plan;
    }
    plan.cpus = (*table)["run"]["cpus"].value_or(1);
    plan.sources = read_sources(*table, manifest, problems);
    const toml::array* const array = (*table)["test"].as_array();
    if (array == nullptr) {
        return plan;
    }
    for (const toml::node& node : *array) {
        if (const toml::table* test = node.as_table()) {
            plan.tests.push_back(TestReader(*test, manifest, problems).run());
        }
    }
    compare(plan, manifest, find_tests(tree, plan.folder, problems), problems);
    check_points(plan, manifest, problems);
    return plan;
}

} // namespace grade
