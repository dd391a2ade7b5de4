// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Similar submissions: what renaming and layout hide is found, what the task explains is not told,
/// a class takes seconds, and no text can make it take longer.
#include "autograder/similarity/similarity.hpp"

#include "autograder/report/similarity_page.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/similarity/bodies.hpp"
#include "autograder/source/scratch.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <string>

using grade::Language;
using grade::SourceBody;
using grade::SubmissionSources;

namespace {

const std::string original = R"(
    Slot* last = nullptr;
    for (Slot& slot : table) {              // look at all
        if (slot.depth() > limit && !slot.is_empty()) { last = &slot; }
        else if (slot.parent == last) { break; }
    }
    while (last != nullptr && last->next().depth() >= limit) { last = &last->next(); }
    return last == nullptr ? Error::empty : Error(last->code() << 3 | 0x17);
)";

/// The same with other names, numbers, comments and layout.
const std::string renamed = R"(
Entry*p=nullptr;for(Entry&e:all){if(e.level()>most&&!e.unused()){p=&e;}else if(e.up==p){break;}}
/* go on */ while (p != nullptr && p->successor().level() >= most) {
    p = &p->successor();
}
return p == nullptr ? Fault::none
                    : Fault(p->number() << 9 | 1234);
)";

/// Statements that differ in shape from seed to seed.
std::string random_body(std::uint64_t seed, int statements) {
    std::uint64_t state = seed * 2654435761U + 1;
    const auto roll = [&state](std::uint64_t sides) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33U) % sides;
    };
    std::string out;
    for (int number = 0; number < statements; ++number) {
        constexpr const char* forms[] = {"if (a < b) { c(); }", "x = y + z;",  "f(g, h, i);",
                                         "return *p;",          "for (;;) {}", "q->r[s] -= t;",
                                         "auto u = v ? w : 1;", "++n;",        "delete[] m;"};
        out += std::string(forms[roll(std::size(forms))]) + "\n";
    }
    return out;
}

SubmissionSources sources_of(const std::string& id, const std::string& text) {
    return {id, {{"kernel/a.cpp: f", text, Language::c_like}}};
}

} // namespace

TEST_CASE("similarity: names, numbers, comments and layout hide nothing") {
    const auto prints = grade::fingerprints(original, Language::c_like, {});
    const auto others = grade::fingerprints(renamed, Language::c_like, {});
    REQUIRE(prints.size() > 10);
    REQUIRE(prints.size() == others.size());
    for (std::size_t index = 0; index < prints.size(); ++index) {
        CHECK(prints[index].hash == others[index].hash);
    }
}

TEST_CASE("similarity: every common run of gram + window - 1 tokens leaves a common fingerprint") {
    const grade::Winnowing winnowing;
    const std::string shared = "a = b[c] -> d ? e : f ( g";
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const std::string one = random_body(seed, 9) + shared + ";" + random_body(seed + 100, 9);
        const std::string other = random_body(seed + 200, 5) + shared + random_body(seed + 300, 5);
        bool found = false;
        for (const auto& print : grade::fingerprints(one, Language::c_like, winnowing)) {
            for (const auto& another : grade::fingerprints(other, Language::c_like, winnowing)) {
                found = found || (print.hash == another.hash);
            }
        }
        CHECK(found);
    }
}

TEST_CASE("similarity: a pair has the share of each side, and its text is marked on both") {
    std::vector<SubmissionSources> sources;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        sources.push_back(sources_of(fmt::format("student-{}", seed), random_body(seed, 40)));
    }
    sources[3].bodies[0].text += original;
    sources[7].bodies[0].text = renamed;
    const auto similarity = grade::compare_sources(sources, {});
    REQUIRE(similarity.pairs.size() == 1);
    const auto& pair = similarity.pairs[0];
    CHECK(pair.one == 3);
    CHECK(pair.other == 7);
    CHECK(pair.share_other == 1);
    CHECK(pair.share_one < 0.6);
    REQUIRE(pair.matches.size() == 1);
    const auto& match = pair.matches[0];
    const std::string& text = sources[3].bodies[0].text;
    const std::string in_one = text.substr(match.one.begin, match.one.end - match.one.begin);
    CHECK(in_one.contains("slot.depth() > limit"));
    CHECK_FALSE(in_one.contains("delete"));

    const std::string page = grade::pair_page(similarity, 0);
    CHECK(page.contains("<mark><sup>1</sup>"));
    CHECK(page.contains("shows nothing by itself") != page.contains("little text here"));
    CHECK_FALSE(page.contains("lagiar"));
    CHECK_FALSE(page.contains("cheat"));
}

TEST_CASE("similarity: what the task explains is not told") {
    const std::vector<SourceBody> known = {{"reference", original, Language::c_like}};
    CHECK(grade::compare_sources({sources_of("a", original), sources_of("b", renamed)}, {})
              .pairs.size() == 1);
    CHECK(grade::compare_sources({sources_of("a", original), sources_of("b", renamed)}, known)
              .pairs.empty());

    std::vector<SubmissionSources> everybody;
    for (int number = 0; number < 12; ++number) {
        everybody.push_back(sources_of(fmt::format("s{}", number), original));
    }
    CHECK(grade::compare_sources(everybody, {}).pairs.empty());
}

TEST_CASE("similarity: short text is said to be short") {
    const std::string text = original.substr(0, original.size() / 2);
    const auto similarity =
        grade::compare_sources({sources_of("a", text), sources_of("b", text)}, {});
    REQUIRE(similarity.pairs.size() == 1);
    CHECK(similarity.is_short(similarity.pairs[0]));
    CHECK(grade::pair_page(similarity, 0).contains("There is little text here"));
    CHECK(grade::fingerprints("return;", Language::c_like, {}).empty());
}

TEST_CASE("similarity: instructions of assembler are told apart") {
    const std::string load = "ld a0, 8(sp)\nld a1, 16(sp)\nadd a0, a0, a1\nret\n";
    const std::string store = "sd a0, 8(sp)\nsd a1, 16(sp)\nsub a0, a0, a1\nret\n";
    const auto hashes = [](const std::string& text, Language language) {
        std::vector<std::uint64_t> all;
        for (const auto& print : grade::fingerprints(text, language, {})) {
            all.push_back(print.hash);
        }
        return all;
    };
    CHECK(hashes(load, Language::c_like) == hashes(store, Language::c_like));
    CHECK(hashes(load, Language::assembler) != hashes(store, Language::assembler));
}

TEST_CASE("similarity: a class of a hundred, and texts made to take long, take seconds") {
    std::vector<SubmissionSources> sources;
    for (std::uint64_t seed = 0; seed < 98; ++seed) {
        sources.push_back(sources_of(fmt::format("student-{:03}", seed), random_body(seed, 400)));
    }
    std::string same;
    for (int number = 0; number < 30'000; ++number) {
        same += "a();";
    }
    sources.push_back(sources_of("x", same + random_body(1000, 5000)));
    sources.push_back(sources_of("y", random_body(1000, 5000) + same));
    const auto begin = std::chrono::steady_clock::now();
    const auto similarity = grade::compare_sources(std::move(sources), {});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    CHECK(took.count() < 20);
    REQUIRE_FALSE(similarity.pairs.empty());
    CHECK(similarity.pairs[0].one == 98);
    CHECK(similarity.pairs[0].other == 99);
}

TEST_CASE("similarity: bodies and helpers are read, and nothing outside the tree") {
    const grade::Scratch scratch;
    const auto tree = scratch.path() / "tree";
    grade::write_file(tree / "kernel/a.cpp",
                      "#include \"lib/todo.hpp\"\nint other() { return 1; }\n"
                      "// Your own helpers: begin\nint mine;\n"
                      "// Your own helpers: end\n"
                      "/// Sum.\n/// @lab{1.1} do it\nint f() { return 2; }\n");
    grade::write_file(tree / "kernel/unmarked.cpp", "int all;\n");
    grade::write_file(tree / "kernel/long.cpp",
                      "/// @lab{1.2} " + std::string(200'000, 'x') + "\n");
    grade::write_file(scratch.path() / "secret.cpp", "int secret;\n");
    std::filesystem::create_symlink(scratch.path() / "secret.cpp", tree / "kernel/link.cpp");
    std::filesystem::create_directory_symlink(scratch.path(), tree / "up");
    const std::vector<std::string> files = {
        "kernel/a.cpp",  "kernel/unmarked.cpp", "kernel/long.cpp", "kernel/link.cpp",
        "up/secret.cpp", "../secret.cpp",       "/etc/passwd",     "kernel/none.cpp"};
    const auto bodies = grade::read_bodies(tree, files, 1);
    REQUIRE(bodies.size() == 4);
    CHECK(bodies[0].name == "kernel/a.cpp: f");
    CHECK(bodies[0].text == "{ return 2; }");
    CHECK(bodies[1].name == "kernel/a.cpp: helpers");
    CHECK(bodies[1].text == "int mine;\n");
    CHECK(bodies[2].text == "int all;\n");
    CHECK(bodies[3].name == "kernel/long.cpp");
}

TEST_CASE("similarity: starter and reference of the course are known, skeletons too") {
    const std::vector<std::string> files = {"kernel/queue.cpp", "kernel/ring.hpp"};
    const std::filesystem::path course = "autograder/tests/fixture";
    const auto own = grade::read_bodies(course, files, 2);
    REQUIRE(own.size() >= 2);
    const auto known = grade::read_known_bodies(course, files, 2);
    CHECK(std::ranges::find(known, "kernel/ring.hpp", &SourceBody::name) != known.end());
    const auto similarity = grade::compare_sources({{"a", own}, {"b", own}}, known);
    CHECK(similarity.sizes == std::vector<std::size_t>{0, 0});
    CHECK(similarity.pairs.empty());
}
