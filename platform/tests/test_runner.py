# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the test runner: it must see every way in which a run can go wrong.

Small shell scripts stand in for QEMU, so these tests take no time and need no emulator.
"""

import io
import os
import tempfile
import unittest
from pathlib import Path

from guest import Run, Setup
from jobs import Job, run_all
from matrix import judge
from protocol import read
from tap import Result, Writer


class ProtocolTest(unittest.TestCase):
    """What a program says."""

    def test_every_kind_of_line(self) -> None:
        text = "OpenSBI\r\nok a\r\nFAIL b: 1 got 2\nskip c: why\ninfo n 0x10\ninfo n 3\nend 3\n"
        transcript = read(text)
        cases = [(case.verdict, case.name, case.why) for case in transcript.cases]
        self.assertEqual(cases, [("ok", "a", ""), ("FAIL", "b", "1 got 2"), ("skip", "c", "why")])
        self.assertEqual(transcript.values("n"), [16, 3])
        self.assertEqual(transcript.problems(), [])
        self.assertTrue(transcript.failed)

    def test_other_lines_are_ignored(self) -> None:
        transcript = read("ok\nok Upper\n ok a\nokay\nend x\nend 0\n")
        self.assertEqual((transcript.cases, transcript.counts), ([], [0]))

    def test_no_end(self) -> None:
        self.assertIn("did not reach its end", read("ok a\n").problems()[0])

    def test_a_wrong_count(self) -> None:
        self.assertIn("but there are 1 cases", read("ok a\nend 2\n").problems()[0])

    def test_two_ends(self) -> None:
        self.assertIn("but there are 1 cases", read("ok a\nend 1\nend 1\n").problems()[0])

    def test_a_case_twice(self) -> None:
        self.assertEqual(read("ok a\nFAIL a: x\nend 2\n").problems(),
                         ["cases named more than once: a"])  # fmt: skip


class RunTest(unittest.TestCase):
    """How a run ends."""

    def run_script(self, script: str, wall: float = 60.0) -> list[Result]:
        """The results of a script in the place of QEMU."""
        with tempfile.TemporaryDirectory() as folder:
            qemu = Path(folder) / "qemu"
            qemu.write_text(f"#!/bin/sh\n{script}\n")
            os.chmod(qemu, 0o755)
            setup = Setup(str(qemu), "firmware", Path(folder), wall=wall)
            return judge("x", setup.run(setup.machine("bare", "program")))

    def check_failure(self, script: str, expected: str) -> None:
        """The run as a whole fails, and the reason is the first detail."""
        last = self.run_script(script)[-1]
        self.assertEqual((last.name, last.passed), ("x: runs to its end", False))
        self.assertIn(expected, last.details[0])
        self.assertTrue(any(line.startswith("repeat: ") for line in last.details))

    def test_all_is_well(self) -> None:
        results = self.run_script("echo ok a; echo skip b: no; echo end 2")
        self.assertEqual([result.name for result in results], ["x: a", "x: b"])
        self.assertTrue(all(result.passed for result in results))
        self.assertEqual(results[1].skipped, "no")

    def test_a_failed_case_is_told_once(self) -> None:
        results = self.run_script("echo FAIL a: 1 got 2; echo end 1; exit 1")
        self.assertEqual([result.passed for result in results], [False])
        self.assertEqual(results[0].details[0], "1 got 2")

    def test_a_failed_case_with_a_good_status(self) -> None:
        self.check_failure("echo FAIL a: x; echo end 1", "exit status 0 instead of 1")

    def test_a_wrong_status(self) -> None:
        self.check_failure("echo ok a; echo end 1; exit 3", "exit status 3 instead of 0")

    def test_a_crash_of_the_emulator(self) -> None:
        self.check_failure("echo ok a; echo end 1; kill -SEGV $$", "ended by signal 11")

    def test_the_limit_of_instructions(self) -> None:
        self.check_failure("echo ok a; exit 124", "the limit of instructions was reached")

    def test_a_report_of_a_sanitizer(self) -> None:
        script = "echo ok a; echo end 1; echo 'ERROR: AddressSanitizer: x' >&2"
        self.check_failure(script, "sanitizer found an error")

    def test_no_end_line(self) -> None:
        self.check_failure("echo ok a", "did not reach its end line")

    def test_the_wall_limit_is_called_so(self) -> None:
        results = self.run_script("exec sleep 60", wall=0.2)
        self.assertIn("stopped by the wall limit: not ended after 0.2 s", results[-1].details[0])

    def test_a_cancelled_run_is_stopped(self) -> None:
        setup = Setup("sleep", "", Path("."))
        setup.cancelled.set()
        run: Run = setup.run(setup.machine("bare", "program"))
        self.assertNotEqual(run.ending(0), "")


class JobsTest(unittest.TestCase):
    """Many jobs at a time."""

    def test_results_come_in_order_and_those_alone_last(self) -> None:
        jobs = [Job(name, lambda n=name: [Result(n)], name == "b") for name in "abcd"]
        names = [result.name for results in run_all(jobs, 3) for result in results]
        self.assertEqual(names, ["a", "c", "d", "b"])

    def test_an_exception_is_a_failure_of_its_job_only(self) -> None:
        jobs = [Job("a", lambda: 1 // 0), Job("b", lambda: [Result("b")])]
        results = [result for results in run_all(jobs, 1) for result in results]
        self.assertEqual([result.passed for result in results], [False, True])
        self.assertIn("ZeroDivisionError", "".join(results[0].details))


class TapTest(unittest.TestCase):
    """What is written."""

    def test_lines_and_plan(self) -> None:
        stream = io.StringIO()
        writer = Writer(stream)
        writer.add(Result("a: b"))
        writer.add(Result("c #1", False, ["why"]))
        writer.add(Result("d", skipped="not here"))
        writer.close()
        expected = "TAP version 13\nok 1 - a: b\nnot ok 2 - c 1\n  # why\n"
        self.assertEqual(stream.getvalue(), f"{expected}ok 3 - d # SKIP not here\n1..3\n")
        self.assertEqual(writer.failed, 1)


if __name__ == "__main__":
    unittest.main()
