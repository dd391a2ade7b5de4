# SPDX-License-Identifier: BSD-2-Clause
"""Tests of summary.py: every way in which a suite can fail is counted, none is hidden."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import summary


def judge(text: str) -> summary.Suite:
    return summary.read_suite("machine", text.splitlines())


class Judging(unittest.TestCase):
    """One suite's TAP."""

    def test_counts_passes_and_failures(self):
        suite = judge("TAP version 13\nok 1 - a\nnot ok 2 - b\nok 3 - c\n1..3\n")
        self.assertEqual((suite.passed, len(suite.failures)), (2, 1))

    def test_plan_may_come_first(self):
        self.assertFalse(judge("1..1\nok 1 - a\n").failures)

    def test_failure_keeps_its_details(self):
        suite = judge("not ok 1 - b\n  # expected 1\n# got 2\nok 2 - c\n# of c\n1..2\n")
        self.assertEqual(suite.failures, [["machine: b", "    expected 1", "    got 2"]])

    def test_skip_is_neither_passed_nor_failed(self):
        suite = judge("ok 1 - a # SKIP no such device\n1..1\n")
        self.assertEqual((suite.passed, suite.skipped, suite.failures), (0, 1, []))

    def test_failing_todo_still_fails(self):
        self.assertEqual(len(judge("not ok 1 - a # TODO later\n1..1\n").failures), 1)

    def test_missing_plan_is_a_failure(self):
        self.assertIn("stopped after 1 tests", judge("ok 1 - a\n").failures[0][0])

    def test_empty_file_is_a_failure(self):
        self.assertEqual(len(judge("").failures), 1)

    def test_too_few_tests_are_a_failure(self):
        self.assertIn("planned 2 tests but ran 1", judge("1..2\nok 1 - a\n").failures[0][0])

    def test_suite_without_tests_is_a_failure(self):
        self.assertIn("has no tests", judge("1..0\n").failures[0][0])

    def test_skipped_suite_is_no_failure(self):
        self.assertFalse(judge("1..0 # SKIP no board\n").failures)

    def test_bail_out_is_one_failure_beside_the_others(self):
        suite = judge("not ok 1 - a\nBail out! exit status 9\n")
        self.assertEqual([failure[0] for failure in suite.failures],
                         ["machine: a", "machine: exit status 9"])

    def test_other_output_is_ignored(self):
        self.assertEqual(judge("okay then\nOpenSBI v1.1\nok 1 - a\n1..1\n").ran, 1)


class Command(unittest.TestCase):
    """The whole command."""

    def run_command(self, **suites: str) -> tuple[int, list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in suites.items():
                if text:
                    (Path(folder) / f"{name}.tap").write_text(text)
            with contextlib.redirect_stdout(io.StringIO()) as output:
                status = summary.main([folder, *suites])
            kept = (Path(folder) / "summary.txt").read_text().strip()
        lines = output.getvalue().splitlines()
        self.assertEqual(kept, lines[-1])
        return status, lines

    def test_last_line_and_status_when_all_pass(self):
        status, lines = self.run_command(a="ok 1 - x\n1..1\n", b="ok 1 - y\n1..1\n")
        self.assertEqual((status, lines[-1]), (0, "2 passed, 0 failed"))

    def test_missing_suite_does_not_hide_the_other(self):
        status, lines = self.run_command(a="", b="not ok 1 - y\nok 2 - z\n1..2\n")
        self.assertEqual((status, lines[-1]), (1, "1 passed, 2 failed"))
        self.assertIn("FAILED b: y", lines)

    def test_says_how_long_a_suite_took(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.tap").write_text("ok 1 - x\n1..1\n")
            (Path(folder) / "a.seconds").write_text("7\n")
            lines = summary.counts([summary.load(Path(folder), "a")])
        self.assertEqual(lines[0], "a                1 passed, 0 failed, 7 s")


if __name__ == "__main__":
    unittest.main()
