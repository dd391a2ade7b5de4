# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the counter of code lines."""

import tempfile
import unittest
from pathlib import Path

from bench.code_lines import count, dependencies, kernel_files


class CppTest(unittest.TestCase):
    """C++: a line counts if anything but comments is in it."""

    def test_blank_lines_and_comments_do_not_count(self):
        self.assertEqual(0, count("\n  \n// text\n/// @file\n/* one\n   two */\n"))

    def test_code_before_and_behind_a_comment_counts(self):
        self.assertEqual(2, count("int a; // text\n/* text */ int b;\n"))

    def test_a_comment_over_lines_leaves_the_code_around_it(self):
        self.assertEqual(2, count("int a; /* one\ntwo\nthree */ int b;\n"))

    def test_comment_signs_in_text_are_no_comments(self):
        self.assertEqual(3, count('f("/*");\nint a;\nf("*/ // \\"", \'"\');\n'))

    def test_raw_text_is_code(self):
        self.assertEqual(3, count('auto a = R"x(/*\n"\n*/)x";\n'))

    def test_a_digit_separator_begins_no_character(self):
        self.assertEqual(1, count("int a = 1'000; // it's\n"))

    def test_a_comment_goes_on_behind_a_backslash(self):
        self.assertEqual(1, count("// text \\\nint a;\nint b;\n"))

    def test_directives_and_braces_count(self):
        self.assertEqual(3, count("#pragma once\nvoid f() {\n}\n"))


class AssemblerTest(unittest.TestCase):
    """Assembler: # begins a comment, unless it begins a directive."""

    def test_hash_comments_do_not_count(self):
        self.assertEqual(1, count("# text\n    mv a0, a1   # text\n\n", assembler=True))

    def test_directives_count(self):
        self.assertEqual(2, count("#define A 1\n    #include <x>\n", assembler=True))

    def test_a_hash_in_text_is_no_comment(self):
        self.assertEqual(1, count('    .asciz "#"\n', assembler=True))


class FilesTest(unittest.TestCase):
    """What belongs to the kernel."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)

    def write(self, name, text=""):
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def test_included_headers_belong_to_it_and_tests_do_not(self):
        self.write("kernel/cap/cap.cpp")
        self.write("kernel/module.mk")
        self.write("kernel/tests/cap/cap.cpp")
        self.write("build/x/kernel/cap/cap.cpp.d",
                   "build/x/kernel/cap/cap.cpp.o: kernel/cap/cap.cpp \\\n"
                   " runtime/ring.hpp build/x/offsets.hpp\n\nruntime/ring.hpp:\n")  # fmt: skip
        self.assertEqual(
            ["build/x/offsets.hpp", "kernel/cap/cap.cpp", "runtime/ring.hpp"],
            [str(path.relative_to(self.top))
             for path in kernel_files(self.top, self.top / "build/x")],
        )  # fmt: skip

    def test_dependencies_stop_at_the_first_rule(self):
        self.write("a.d", "a.o: a.cpp b.hpp\n\nb.hpp:\n")
        self.assertEqual({"a.cpp", "b.hpp"}, dependencies(self.top / "a.d"))


if __name__ == "__main__":
    unittest.main()
