# SPDX-License-Identifier: BSD-2-Clause
"""clang-tidy, confined to our own code (own_code.cpp), finds what it found before."""

import os
import tempfile
import unittest
from pathlib import Path

import lint

BUILD = os.environ.get("BUILD", "build")

HEADER = """#include <string>
inline bool says_nothing(const char* text) {
    if (text == 0) {
        return true;
    } else {
        return false;
    }
}
"""

SOURCE = """#include "ours.hpp"
#include <library.hpp>
namespace {
int divided(int number) {
    const int none = 0;
    return number / none;
}
}
int MAIN(int argument) { return says_nothing("") ? divided(argument) : theirs(0); }
"""

LIBRARY = """inline int theirs(const char* text) { return text == 0 ? 1 : 2; }
"""


class OwnCode(unittest.TestCase):
    """A file with mistakes, a header of ours with mistakes, and a library's header with some."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            Path(folder, "library").mkdir()
            Path(folder, "library/library.hpp").write_text(LIBRARY, encoding="utf-8")
            Path(folder, "ours.hpp").write_text(HEADER, encoding="utf-8")
            source = Path(folder, "source.cpp")
            source.write_text(SOURCE, encoding="utf-8")
            flags = ["--", "-std=c++23", f"-isystem{folder}/library"]
            cls.found = lint.tidy(BUILD, [str(source), "--config-file=.clang-tidy", *flags])

    def finds(self, file: str, check: str) -> bool:
        return any(f"{file}:" in line and f"[{check}" in line for line in self.found)

    def test_file(self):
        self.assertTrue(self.finds("source.cpp", "readability-identifier-naming"), self.found)

    def test_analyzer(self):
        self.assertTrue(self.finds("source.cpp", "clang-analyzer-core.DivideZero"), self.found)

    def test_own_header(self):
        self.assertTrue(self.finds("ours.hpp", "modernize-use-nullptr"), self.found)
        self.assertTrue(self.finds("ours.hpp", "readability-else-after-return"), self.found)

    def test_library(self):
        self.assertFalse([line for line in self.found if "library.hpp" in line])


if __name__ == "__main__":
    unittest.main()
