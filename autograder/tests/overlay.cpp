// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Submissions put into a small course's tree, and what is told of them.
#include "autograder/overlay/overlay.hpp"

#include "autograder/derive/output.hpp"
#include "autograder/source/process.hpp"

#include <chrono>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>

namespace {

using namespace grade;
namespace fs = std::filesystem;
using State = Part::State;

std::string manifest(const std::string& exercises) {
    return "title = \"T\"\nhours = [1, 2]\n" + exercises;
}

std::string entry(const std::string& id, const std::string& name, const std::string& file) {
    return "[[exercise]]\nid = \"" + id + "\"\n" + name + "file = \"" + file +
           "\"\npoints = 10\ndifficulty = 1\nreference_lines = 1\n";
}

const std::string head = "#include \"kernel/lib/todo.hpp\"\n\nnamespace a {\n\n"
                         "// Your own helpers: begin\n// Your own helpers: end\n\n";

std::string code(const std::string& one, const std::string& two) {
    return head + "/// @lab{1.1} one\nint one() " + one + "\n\n/// @lab{2.1} two\nint two() " +
           two + "\n\n} // namespace a\n";
}

const std::string hole_1 = "{ lab::todo(\"1.1\"); }";
const std::string hole_2 = "{ lab::todo(\"2.1\"); }";
const std::string skeleton = "# @lab{2.2} do\n    .text\n    .global a\na:\n    nop\n";

BaseTree small_tree() {
    Problems problems;
    BaseTree base(
        SourceTree({{"kernel/a.cpp", code("{ return 1; }", hole_2), false},
                    {"kernel/b.S", skeleton, false},
                    {"Makefile", "all:\n\techo\n", true},
                    {"labs/1-a/manifest.toml",
                     manifest(entry("1.1", "function = \"one\"\n", "kernel/a.cpp")), false},
                    {"labs/2-b/manifest.toml",
                     manifest(entry("2.1", "function = \"two\"\n", "kernel/a.cpp") +
                              entry("2.2", "", "kernel/b.S")),
                     false}}),
        2, problems);
    CHECK(problems.empty());
    return base;
}

Submission submission(std::map<std::string, std::string, std::less<>> files) {
    return {std::move(files), {}, {}, 2, 0};
}

std::string content(const Overlay& overlay, const std::string& path) {
    for (const SourceFile& file : overlay.files()) {
        if (file.path == path) {
            return file.content;
        }
    }
    return "none";
}

TEST_CASE("overlay: exercises of this lab are the student's, the others the reference's") {
    const BaseTree base = small_tree();
    const std::string own = skeleton + "    ret\n";
    const Submission student =
        submission({{"kernel/a.cpp", code("{ return 8; }", "{ return 9; }")}, {"kernel/b.S", own}});
    const Overlay overlay(base, student, Overlay::Labs::this_one);
    CHECK(content(overlay, "kernel/a.cpp") == code("{ return 1; }", "{ return 9; }"));
    CHECK(content(overlay, "kernel/b.S") == own);
    CHECK(content(overlay, "Makefile") == "all:\n\techo\n");
    REQUIRE(overlay.parts().size() == 2);
    CHECK(overlay.parts()[0].id == ExerciseId{2, 1});
    CHECK(overlay.parts()[1].state == State::done);
    CHECK(overlay.warnings().empty());
    const Overlay all(base, student, Overlay::Labs::all);
    CHECK(content(all, "kernel/a.cpp") == code("{ return 8; }", "{ return 9; }"));
    CHECK(all.parts().size() == 3);
}

TEST_CASE("overlay: in the tree of a later lab, what came since is the student's too") {
    Problems problems;
    const BaseTree later = small_tree();
    std::vector<SourceFile> files(later.tree().files().begin(), later.tree().files().end());
    for (SourceFile& file : files) {
        file.content = file.path == "kernel/a.cpp" ? code(hole_1, hole_2) : file.content;
    }
    const BaseTree base(SourceTree(std::move(files)), 1, problems);
    CHECK(base.manifests().size() == 1);
    CHECK(base.later().size() == 1);
    const std::string own = code("{ return 8; }", "{ return 9; }");
    const Overlay all(base,
                      submission({{"kernel/a.cpp", own}, {"kernel/b.S", skeleton + "    ret\n"}}),
                      Overlay::Labs::all);
    CHECK(content(all, "kernel/a.cpp") == own);
    CHECK(content(all, "kernel/b.S") == skeleton + "    ret\n");
    const Overlay none(base, submission({}), Overlay::Labs::all);
    CHECK(content(none, "kernel/b.S") == skeleton);
    const Overlay one(base, submission({{"kernel/a.cpp", own}}), Overlay::Labs::this_one);
    CHECK(content(one, "kernel/a.cpp") == code("{ return 8; }", hole_2));
}

TEST_CASE("overlay: what is not there is a hole, also of an earlier lab") {
    const BaseTree base = small_tree();
    const Overlay overlay(base, submission({{"kernel/b.S", skeleton}}), Overlay::Labs::all);
    CHECK(content(overlay, "kernel/a.cpp") == code(hole_1, hole_2));
    CHECK(overlay.parts()[0].state == State::missing);
    CHECK(overlay.parts()[2].state == State::hole);
    CHECK(content(overlay, "kernel/b.S") == skeleton);
}

TEST_CASE("overlay: in the tree of a solution no body is a hole") {
    Problems problems;
    const BaseTree starter = small_tree();
    std::vector<SourceFile> files(starter.tree().files().begin(), starter.tree().files().end());
    for (SourceFile& file : files) {
        file.content =
            file.path == "kernel/a.cpp" ? code("{ return 1; }", "{ return 2; }") : file.content;
    }
    const BaseTree base(SourceTree(std::move(files)), 2, problems);
    const Overlay overlay(base,
                          submission({{"kernel/a.cpp", code("{ return 1; }", "{ return 2; }")},
                                      {"kernel/b.S", skeleton}}),
                          Overlay::Labs::this_one);
    CHECK(overlay.parts()[0].state == State::done);
    CHECK(overlay.parts()[1].state == State::done);
}

TEST_CASE("overlay: a file that is refused is a hole") {
    const BaseTree base = small_tree();
    const Overlay overlay(base,
                          submission({{"kernel/b.S", skeleton + ".incbin \"/etc/passwd\"\n"}}),
                          Overlay::Labs::this_one);
    CHECK(overlay.parts()[1].state == State::refused);
    CHECK(overlay.parts()[1].message.starts_with("kernel/b.S:6: "));
    CHECK(content(overlay, "kernel/b.S") == skeleton);
}

TEST_CASE("overlay: without a skeleton assembler becomes one that stops") {
    const SourceFile file{"kernel/b.S",
                          "# @lab{2.2} do\n    .global a\na:  nop\n    .global b\nb: ret\n"};
    CHECK(with_hole(file, nullptr, {2, 2}) == "# @lab{2.2} do\n    .text\n    .balign 4\n    "
                                              ".global a\na:\n    .global b\nb:\n1:  j       1b\n");
}

TEST_CASE("overlay: an exercise of the result becomes a hole, helpers go") {
    const BaseTree base = small_tree();
    std::string student = code("{ return 8; }", "{\n    return h();\n}");
    const std::string begin = "helpers: begin\n";
    student.insert(student.find(begin) + begin.size(), "int h() {\n    return 3;\n}\n");
    Overlay overlay(base,
                    submission({{"kernel/a.cpp", student}, {"kernel/b.S", "# @lab{2.2} do\n"}}),
                    Overlay::Labs::this_one);
    overlay.make_hole({2, 1});
    CHECK(content(overlay, "kernel/a.cpp").contains("return 3;"));
    CHECK(content(overlay, "kernel/a.cpp").contains("int two() " + hole_2));
    overlay.make_hole({2, 2});
    CHECK(content(overlay, "kernel/b.S") == skeleton);
    overlay.drop_helpers("kernel/a.cpp");
    CHECK(content(overlay, "kernel/a.cpp") == code("{ return 1; }", hole_2));
    overlay.make_hole({7, 7});
    overlay.drop_helpers("Makefile");
}

TEST_CASE("overlay: lines of compilers' messages are the student's lines") {
    const BaseTree base = small_tree();
    std::string student =
        "#include <bit>\n// more\n" + code("{ return 8; }", "{\n    return h();\n}");
    const std::string begin = "helpers: begin\n";
    student.insert(student.find(begin) + begin.size(), "int h() {\n    return 3;\n}\n");
    const Overlay overlay(base, submission({{"kernel/a.cpp", student}}), Overlay::Labs::this_one);
    const auto origin = [&](const std::string& overlaid, const std::string& written) {
        const auto line_of = [&](const std::string& text) {
            return 1 + static_cast<int>(std::count(
                           text.begin(),
                           text.begin() + static_cast<std::ptrdiff_t>(text.find(written)), '\n'));
        };
        const auto found = overlay.origin("./kernel/a.cpp", line_of(overlaid));
        REQUIRE(found.has_value());
        CHECK(found->line == line_of(student));
        return found->part;
    };
    const std::string overlaid = content(overlay, "kernel/a.cpp");
    CHECK(origin(overlaid, "return h()")->id == ExerciseId{2, 1});
    CHECK(origin(overlaid, "return 3")->is_helpers());
    CHECK_FALSE(overlay.origin("kernel/a.cpp", 1).has_value());
    CHECK_FALSE(overlay.origin("kernel/a.cpp", 100'000).has_value());
    CHECK_FALSE(overlay.origin("kernel/none.cpp", 1).has_value());
}

TEST_CASE("overlay: changes that are not graded are told, with their line") {
    const BaseTree base = small_tree();
    std::string changed = code("{\n\n\n return 8; }", "{\n    return 9;\n}");
    changed.insert(changed.find("} // namespace"), "int added;\n\n");
    const int line =
        1 + static_cast<int>(std::count(
                changed.begin(),
                changed.begin() + static_cast<std::ptrdiff_t>(changed.find("int added")), '\n'));
    const Overlay overlay(base,
                          submission({{"kernel/a.cpp", changed},
                                      {"Makefile", "all:\r\n\techo no\r\n"},
                                      {"kernel/b.S", "# @lab{2.2} do\n    ret\n"},
                                      {"labs/1-a/manifest.toml",
                                       base.tree().find("labs/1-a/manifest.toml")->content}}),
                          Overlay::Labs::this_one);
    CHECK(overlay.warnings() ==
          std::vector<std::string>{"Makefile:2 was changed and will not be graded",
                                   "kernel/a.cpp:" + std::to_string(line) +
                                       " was changed and will not be graded"});
    const SourceFile file{"Makefile", "a\nb\nc\n"};
    CHECK(first_change(file, "a\nb\n") == 2);
    CHECK(first_change(file, "a\r\n\r\nb\r\nc") == 0);
    CHECK(first_change(file, "") == 1);
}

TEST_CASE("overlay: megabytes of anything take no time and crash nothing") {
    const BaseTree base = small_tree();
    const auto begin = std::chrono::steady_clock::now();
    const std::string mark = "/// @lab{1.1} x\n";
    for (const std::string& piece :
         {std::string("{"), std::string("("), std::string("}"), std::string("<"), std::string("\""),
          std::string("R\"("), std::string("R\"))"), std::string("/*"), std::string("#"),
          std::string("\\\n"), mark, std::string("template<"), std::string("[["),
          std::string(" requires"), std::string("\xff"), std::string("1'"),
          std::string("#define\\\n"), std::string("// @lab")}) {
        CAPTURE(piece);
        const std::size_t most = piece == "{" ? 4'000'000 : 100;
        for (const std::size_t size : {std::size_t{100'000}, most}) {
            std::string junk = head + "/// @lab{2.1} two\nint two() {";
            while (junk.size() < size) {
                junk += piece;
            }
            const Overlay overlay(base, submission({{"kernel/a.cpp", junk}, {"kernel/b.S", junk}}),
                                  Overlay::Labs::all);
            for (const Part& part : overlay.parts()) {
                CHECK(part.state != State::done);
                CHECK(part.message.size() < 400);
            }
        }
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("overlay: the course's files are found again in a folder that was worked in") {
    std::string form = (fs::temp_directory_path() / "pristine-XXXXXX").string();
    const fs::path folder = mkdtemp(form.data());
    const std::vector<StageText> tree = {
        {"kernel/a.cpp", "kernel/a.cpp", code(hole_1, hole_2), {}, false},
        {"run.sh", "run.sh", "echo\n", {}, true}};
    write_tree(tree, 2, Kind::blank, "/nowhere", {folder / "lab"});
    const auto git = [&](const std::string& command) {
        REQUIRE(run({{"sh", "-c", "git " + command}, {}, folder / "lab"}).status == 0);
    };
    const auto check = [&] {
        const auto pristine = read_pristine(folder / "lab");
        REQUIRE_MESSAGE(pristine.has_value(), pristine.error());
        CHECK(pristine->find("kernel/a.cpp")->content == code(hole_1, hole_2));
        CHECK(pristine->find("run.sh")->is_executable);
        CHECK(pristine->files().size() == 2);
    };
    check();
    git("init -q . && git config user.name t && git config user.email t@t && git add -A && git "
        "commit -qm 1");
    std::ofstream(folder / "lab/kernel/a.cpp") << "changed\n";
    fs::remove(folder / "lab/run.sh");
    git("commit -qam 2");
    check();
    fs::remove_all(folder / "lab/.git");
    const auto lost = read_pristine(folder / "lab");
    REQUIRE_FALSE(lost.has_value());
    CHECK(lost.error().starts_with("kernel/a.cpp was changed"));
    fs::remove(folder / "lab/.stage.toml");
    CHECK(read_pristine(folder / "lab").error().contains("no .stage.toml"));
    fs::remove_all(folder);
}

} // namespace
