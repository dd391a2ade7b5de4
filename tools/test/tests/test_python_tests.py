# SPDX-License-Identifier: BSD-2-Clause
"""Tests of python_tests.py and suite.sh, the two that run suites."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
GOOD = """import unittest
class T(unittest.TestCase):
    def test_good(self): pass
    @unittest.skip("no board")
    def test_skipped(self): pass
"""
BAD = """import unittest
class T(unittest.TestCase):
    def test_bad(self):
        print("said before")
        self.assertEqual(1, 2)
"""
CRASH = """import os, unittest
class T(unittest.TestCase):
    def test_1(self): pass
    def test_2(self): os.abort()
"""


class PythonTests(unittest.TestCase):
    """Whatever one file does, the others are run and the plan is right."""

    def run_files(self, **files: str) -> tuple[int, list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            tests = Path(folder) / "tool" / "tests"
            tests.mkdir(parents=True)
            for name, text in files.items():
                (tests / f"test_{name}.py").write_text(text)
            done = subprocess.run([sys.executable, FOLDER / "python_tests.py", tests], text=True,
                                  stdout=subprocess.PIPE, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_passed_and_skipped(self):
        status, lines = self.run_files(a=GOOD)
        self.assertEqual(status, 0)
        self.assertEqual(lines, ["TAP version 13", "ok 1 - tool/a: test_good",
                                 "ok 2 - tool/a: test_skipped # SKIP", "  # no board", "1..2"])

    def test_failure_is_explained(self):
        status, lines = self.run_files(a=BAD)
        self.assertEqual(status, 1)
        self.assertIn("  # said before", lines)
        self.assertIn("  # AssertionError: 1 != 2", lines)

    def test_crash_does_not_hide_the_next_file(self):
        _, lines = self.run_files(a=CRASH, b=GOOD)
        results = [line for line in lines if not line.startswith(" ")]
        self.assertEqual(results[1], "ok 1 - tool/a: test_1")
        self.assertRegex(results[2], "not ok 2 - .*test_a.py: ended early, exit status -6")
        self.assertEqual(results[-1], "1..4")

    def test_file_that_cannot_be_loaded_is_a_failure(self):
        _, lines = self.run_files(a="import no_such_module\n")
        self.assertEqual((lines[1][:9], lines[-1]), ("not ok 1 ", "1..1"))


class SuiteScript(unittest.TestCase):
    """suite.sh keeps what the suite writes and notes a bad end."""

    def run_suite(self, command: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "new" / "some.tap"
            subprocess.run([FOLDER / "suite.sh", result, "bash", "-c", command], check=True,
                           stdout=subprocess.DEVNULL)
            return result.read_text().splitlines()

    def test_output_is_kept(self):
        self.assertEqual(self.run_suite("echo ok 1; echo 1..1"), ["ok 1", "1..1"])

    def test_bad_end_is_noted(self):
        lines = self.run_suite("echo ok 1; echo 1..1; exit 3")
        self.assertEqual(lines[-1], "Bail out! the suite ended with exit status 3")

    def test_bad_end_after_a_failure_is_no_second_failure(self):
        self.assertEqual(self.run_suite("echo not ok 1; echo 1..1; exit 1")[-1], "1..1")


if __name__ == "__main__":
    unittest.main()
