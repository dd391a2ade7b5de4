# SPDX-License-Identifier: BSD-2-Clause
"""What a verdict depends on: that nothing that could change it is left out."""

import os
import re
import tempfile
import time
import unittest
from pathlib import Path

import verdicts

COMMAND = "clang++ -I. -iquote stand-ins -c a/one.cpp"
ONE = Path("a/one.cpp")


class VerdictsTest(unittest.TestCase):
    """Each test has a small tree and an empty cache folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        self.cache = Path("cache")
        self.write("a/one.cpp", '#include "a/one.hpp"\n#include <new>\nint x;\n')
        self.write("a/one.hpp", ' # include "two.hpp"\n')
        self.write("a/two.hpp", '#include "a/one.hpp"\n#include "b/three.hpp"\n')
        self.write("b/three.hpp", "")
        self.write("board.hpp", "")

    def write(self, name: str, text: str) -> None:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")

    def fresh(self, rules: bytes = b"rules") -> verdicts.Verdicts:
        return verdicts.Verdicts(verdicts.Sources(), rules, self.cache)

    def key(self, command: str = COMMAND, rules: bytes = b"rules") -> str:
        return self.fresh(rules).key(ONE, command)

    def test_remembered(self):
        """a verdict is there again as long as nothing changes"""
        self.assertFalse(self.fresh().good(self.key()))
        self.fresh().remember(self.key())
        self.assertTrue(self.fresh().good(self.key()))

    def test_every_ingredient(self):
        """whatever the answer depends on gives another key"""
        keys = {self.key(), self.key(rules=b"other rules"), self.key(command=f"{COMMAND} -O2")}
        for name in ("a/one.cpp", "a/one.hpp", "a/two.hpp", "b/three.hpp"):
            self.write(name, Path(name).read_text(encoding="utf-8") + "\n// changed")
            keys.add(self.key())
        self.assertEqual(len(keys), 7)

    def test_mentions(self):
        """a word counts in the file itself and in every header of ours that it includes"""
        word = re.compile(rb"\bawait\b")
        self.assertFalse(verdicts.Sources().mentions(ONE, COMMAND, word))
        self.write("b/three.hpp", "int await;")
        self.assertTrue(verdicts.Sources().mentions(ONE, COMMAND, word))

    def test_file_that_comes(self):
        """a header that now stands in for another one counts"""
        before = self.key()
        self.write("stand-ins/b/three.hpp", "")
        self.assertNotEqual(before, self.key())

    def test_header_in_a_macro(self):
        """so does a header that only the command names"""
        command = f'{COMMAND} -DBOARD="board.hpp"'
        before = self.key(command)
        self.write("board.hpp", "int board;")
        self.assertNotEqual(before, self.key(command))

    def test_other_files(self):
        """a file that is not included changes nothing"""
        before = self.key()
        self.write("a/other.hpp", "int other;")
        self.assertEqual(before, self.key())

    def test_no_cache(self):
        """without a folder to write to, nothing is remembered, and nothing fails"""
        self.write("cache", "a file")
        self.fresh().remember(self.key())
        self.assertFalse(self.fresh().good(self.key()))

    def test_old_ones(self):
        """what nobody asked for in a month goes, what was asked for stays"""
        for name in ("old", "new"):
            self.fresh().remember(name)
            past = time.time() - 2 * verdicts.MONTH
            os.utime(self.cache / name, (past, past))
        self.assertTrue(self.fresh().good("new"))
        verdicts.forget_old(self.cache)
        self.assertEqual([file.name for file in self.cache.iterdir()], ["new"])


if __name__ == "__main__":
    unittest.main()
