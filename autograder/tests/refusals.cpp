// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a student may not write, each with the line and the sentence; and that what the reference
/// writes is allowed.
#include "autograder/overlay/refusals.hpp"

#include "autograder/source/exercise.hpp"
#include "autograder/source/source_tree.hpp"

#include <doctest/doctest.h>

namespace {

using namespace grade;

const Refusals refusals({"kernel/cap/slot.hpp", "kernel/cap/slot.cpp", "labs/lib/host.hpp",
                         "user/lib/test.hpp", "runtime/tests/explore.hpp"});

std::string shown(const std::optional<Refusal>& refusal) {
    return refusal ? std::to_string(refusal->line) + ": " + refusal->text : "";
}

std::string body(const std::string& code) { return shown(refusals.of_body("{\n" + code + "\n}")); }
std::string helpers(const std::string& code) { return shown(refusals.of_helpers(code + "\n")); }
std::string assembler(const std::string& code) {
    return shown(refusals.of_assembler("    .text\n" + code + "\n", "#include \"kernel/x.h\"\n"));
}

void refuses(const std::string& code, const std::string& says) {
    CAPTURE(code);
    const std::string why = body(code);
    CAPTURE(why);
    CHECK(why.contains(says));
}

void accepts(const std::string& code) {
    CAPTURE(code);
    CHECK(body(code).empty());
}

TEST_CASE("refusals: preprocessor lines in bodies, however they are written") {
    const std::string says = "2: no preprocessor lines";
    refuses("#define if while", says);
    refuses("  #  define if while", says);
    refuses("# define if while", says);
    refuses("#include \"kernel/cap/slot.hpp\"", says);
    refuses("#pragma GCC optimize(0)", says);
    refuses("/**/ #define a b", says);
    refuses("#", says);
    refuses("int a; #define b", says);
    refuses("%:define a b", "digraphs");
    refuses("?\?=define a b", "trigraphs");
    refuses("int a; \\\n#define b", "3: no preprocessor lines");
    refuses("#\\\ndefine b", "2: no preprocessor lines");
    refuses("int \\\na;", "2: a line must not end with a backslash");
    refuses("// comment \\\n x", "must not end with a backslash");
    refuses("// comment \\  \n x", "must not end with a backslash");
    refuses("_Pragma(\"once\")", "no pragmas");
    refuses("__pragma(x)", "no pragmas");
    refuses("import <bit>;", "no modules");
    refuses("module;", "no modules");
    refuses("export int a;", "`export`");
    accepts("int module = 1;\nmodule = 2;\nuse(module,\nmodule);");
}

TEST_CASE("refusals: a body is one block, for the compiler as for us") {
    CHECK(shown(refusals.of_body("{ } void f() { }")).contains("more follows"));
    CHECK(shown(refusals.of_body("{ ( } )")).contains("closes nothing"));
    refuses("} {", "more follows");
    refuses("f(1;", "closes nothing");
    refuses("a[1);", "closes nothing");
    CHECK(shown(refusals.of_body("{ { }")).contains("never closed"));
    refuses("<% int a; %>", "digraphs");
    refuses("a<:1:> = 2;", "digraphs");
    refuses("a<:::b> c;", "digraphs");
    accepts("a<::b> c;\nbool d = e ? f : ::g;\nauto h = i % j;");
    refuses("int $a;", "no sign of C++");
    refuses("int \\u0061;", "no sign of C++");
    refuses("int \xc2\xa0 a;", "not ASCII");
    refuses(std::string("int a;\x01"), "control character");
    CHECK(shown(refusals.of_body("{" + std::string(300, '(') + std::string(300, ')') + "}"))
              .contains("too deeply"));
}

TEST_CASE("refusals: literals and comments swallow nothing") {
    refuses("/* open", "not closed");
    refuses("auto a = \"open;", "not closed");
    refuses("auto a = \"open\\\";", "not closed");
    refuses("auto a = 'o;", "not closed");
    refuses("auto a = '';", "not closed");
    refuses("auto a = R\"x(open)\";", "not closed");
    refuses("auto a = R\"a delimiter with spaces(x)a delimiter with spaces\";", "not closed");
    refuses("auto a = \"?\?/\";", "trigraphs");
    accepts("auto a = R\"x(\" { \n)x\";\nauto b = \"\\\\\"; char c = '\\''; char d = '\"';");
    accepts("/* } */ // {\n int a = 1'000'000; // it's fine, is it not??");
}

TEST_CASE("refusals: assembler in C++") {
    for (const std::string word : {"asm", "__asm__", "__asm"}) {
        refuses(word + " volatile(\"nop\");", "2: assembler is not allowed");
    }
    CHECK(helpers("asm(\".incbin \\\"/etc/passwd\\\"\");").contains("assembler is not allowed"));
    CHECK(helpers("constexpr bool operator==(Ring, Ring) { return true; }").contains("operators"));
    CHECK(body("struct Less { bool operator()(int, int) const; };").empty());
}

TEST_CASE("refusals: what speaks to the linker") {
    refuses("extern int tests_passed;", "`extern`");
    CHECK(helpers("extern \"C\" void f();").contains("`extern`"));
    for (const std::string name :
         {"constructor", "destructor", "section", "used", "alias", "weak", "ifunc", "weakref",
          "init_priority", "cleanup", "retain", "naked"}) {
        const std::string says = "the attribute `" + name + "`";
        CHECK(helpers("[[gnu::" + name + "(\"x\")]] int a;").contains(says));
        CHECK(helpers("[ /**/ [ gnu /*x*/ ::\n" + name + " ] ] int a;").contains(says));
        CHECK(helpers("[[using gnu: noinline, " + name + "]] int a;").contains(says));
        CHECK(helpers("[[nodiscard, gnu::" + name + "]] int a;").contains(says));
        CHECK(helpers("int a __attribute__((" + name + "(\"x\")));").contains(says));
        CHECK(helpers("int a __attribute ( /**/ ( unused , " + name + " ) ) ;").contains(says));
        const std::string guarded = "__" + name + "__";
        CHECK(helpers("int a __attribute__((" + guarded + "));")
                  .contains("the attribute `" + guarded));
    }
    CHECK(
        helpers("[[gnu::aligned(8), nodiscard(\"it's [[lost]]\")]] int a();\n"
                "[[noreturn, gnu::always_inline]] inline int b(int (&c)[3]) __attribute__((cold));")
            .empty());
    accepts("if (a) [[likely]] { b[[] { return 1; }()] = 2; }");
}

TEST_CASE("refusals: names of the compiler") {
    refuses("__builtin_alloca(9);", "`__builtin_alloca`");
    refuses("__builtin_return_address(0);", "is not allowed");
    refuses("__atomic_store_n(&a, 1, 0);", "only the compiler");
    refuses("auto a = __COUNTER__;", "only the compiler");
    accepts("return __builtin_popcountl(a) + __builtin_ctz(b) + __builtin_clzll(c);");
    accepts("if (__builtin_expect(__builtin_add_overflow(a, b, &c), 0)) __builtin_unreachable();");
}

TEST_CASE("refusals: text of the protocol of tests, however it is put together") {
    const std::string says = "only tests may write";
    refuses("print(\"@rel4 pass\");", says);
    refuses("print(\"x@re\" /**/ \"l4 pass\");", says);
    refuses("print(\"@re\"\n\n u8\"l4 pass\");", says);
    refuses("print(\"\\x40rel4\");", says);
    refuses("print(\"\\100\\162el4\");", says);
    refuses("print(\"\\u0040rel\\x{34}\");", says);
    refuses("print(\"\\o{100}rel4\");", says);
    refuses("print(R\"(@rel4)\");", says);
    refuses("char a[] = {'@', 'r', 'e', 'l', '4'};", says);
    accepts("print(\"rel4@example.org\");");
}

TEST_CASE(
    "refusals: helpers may include headers of the tree and of the library, and nothing else") {
    CHECK(helpers("#include \"kernel/cap/slot.hpp\" // why\n#include <bit>\nint a;").empty());
    for (const std::string name :
         {"\"kernel/../kernel/cap/slot.hpp\"", "\"/etc/passwd\"", "\"kernel/none.hpp\"",
          "\"labs/lib/host.hpp\"", "\"user/lib/test.hpp\"", "\"kernel/cap/slot.cpp\"",
          "\"runtime/tests/explore.hpp\"", "<cstdio>", "</etc/passwd>", "NAME", "\"slot.hpp"}) {
        CAPTURE(name);
        CHECK_FALSE(helpers("#include " + name).empty());
    }
    for (const std::string line :
         {"#define a b", "#undef a", "#if 1\n#endif", "#pragma once", "#line 3", "#error no",
          "#include_next <bit>", "#import <bit>", "#embed \"x\"", "#"}) {
        CAPTURE(line);
        CHECK_FALSE(helpers(line).empty());
    }
    CHECK(helpers("#include <bit> /* } */ {").contains("alone on its line"));
    CHECK(helpers("#include <bit> /*\n*/ { }").contains("alone on its line"));
}

TEST_CASE("refusals: assembler reads no files and makes no directives from parts") {
    for (const std::string code : {".incbin \"x\"",
                                   ".include \"x\"",
                                   "nop; .INCBIN \"x\"",
                                   "a:.incbin \"x\"",
                                   "#include \"/etc/passwd\"",
                                   "# include \"/etc/passwd\"",
                                   "#include_next <x>",
                                   "#define X .incbin",
                                   "#define X incbin\n.X \"f\"",
                                   "#define A(x,y) x##y",
                                   "#define P(x) x\nP(.inc)P(bin) \"f\"",
                                   ".macro m a\n.\\a \"f\"\n.endm\nm incbin",
                                   ".macro m a b\n\\a\\b \"f\"\n.endm\nm .inc, bin",
                                   ".macro m a\n.inc\\a\n.endm",
                                   ".irp x, \"incbin\"\n.endr",
                                   "inc\\\nbin",
                                   "inc\\ \nbin",
                                   "li a0, 'a; .incbin \"f\"",
                                   "# /*\n/* */ */ .x",
                                   "/* open",
                                   "#define X \\\n#define Y",
                                   ".altmacro",
                                   ".macro m a\nx\\()\\a\n.endm",
                                   "#pragma x",
                                   "#embed <x>",
                                   "%:define a b"}) {
        CAPTURE(code);
        CHECK_FALSE(assembler(code).empty());
    }
    CHECK(assembler("#include \"kernel/x.h\"").empty());
}

TEST_CASE("refusals: assembler stays in its sections") {
    CHECK(assembler(".section .tests").contains("2: "));
    for (const std::string code :
         {".section .tests", ".section \".text.x\"", ".section tests", ".section .text.unlikely",
          ".pushsection .text", ".weak a", ".org 4", ".reloc 0, x", "#define text pushsection",
          ".string \"@rel4 pass\"", ".string \"open", ".init_array",
          "#if __has_include(\"x\")\n#endif"}) {
        CAPTURE(code);
        CHECK_FALSE(assembler(code).empty());
    }
    CHECK(assembler("    .section .rodata\n.Lname: .string \"1.1\"\n1:  amoor.d.aq zero, t1, (t0)\n"
                    "    j 1b ; .balign 4 // fine\n    li a0, 'x'  # it's fine")
              .empty());
}

/// Every exercise of this tree, with its text.
template <class Visit>
void each_exercise(const Visit& visit) {
    const SourceTree tree = SourceTree::read(".");
    Refusals::Paths paths;
    for (const SourceFile& file : tree.files()) {
        paths.insert(file.path);
    }
    const Refusals rules(paths);
    for (const SourceFile& file : tree.files()) {
        if (file.path.starts_with("autograder/")) {
            continue;
        }
        Problems problems;
        const StageText text{file.path, file.path, file.content, {}, false};
        for (const Exercise& exercise : find_exercises(text, problems)) {
            visit(rules, file, exercise, exercise.body(text));
        }
    }
}

TEST_CASE("refusals: every body of the reference is allowed") {
    int count = 0;
    each_exercise([&](const Refusals& rules, const SourceFile& file, const Exercise& exercise,
                      const std::string& text) {
        ++count;
        CAPTURE(exercise.id.text());
        CHECK(shown(exercise.kind == Exercise::Kind::file ? rules.of_assembler(text, file.content)
                                                          : rules.of_body(text)) == "");
    });
    CHECK(count >= 47);
}

TEST_CASE("refusals: helpers like the reference's own functions are allowed") {
    const std::string code = "namespace {\nconstexpr int most = 3;\ntemplate <class T>\n"
                             "[[nodiscard]] bool fits(const T& a) { return a.size() < most; }\n}\n";
    CHECK(helpers(code) == "");
}

} // namespace
