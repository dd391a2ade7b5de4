#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sums up the results of test suites: summary.py [--counts] RESULTS SUITE...

Reads RESULTS/SUITE.tap (TAP 13), shows every failure with its details (not with --counts), one
line for each suite, and as the last line "N passed, N failed", which it also leaves in
RESULTS/summary.txt. If there is a file RESULTS/SUITE.seconds, it holds how long the suite took,
builds included, which its line says too. Exit status 0 only if nothing failed. Always holds: a
suite that is missing, stopped half-way, or ran another number of tests than it planned is a failure
of its own.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

TEST_LINE = re.compile(r"(?P<bad>not )?ok\b *\d* *(?:- )?(?P<name>[^#]*)(?:# *(?P<note>.*))?")
PLAN_LINE = re.compile(r"1\.\.(?P<count>\d+)(?: *# *(?P<note>.*))?$")


@dataclass
class Suite:
    """What one suite's TAP says. A failure is its first line and the lines that explain it."""

    name: str
    passed: int = 0
    skipped: int = 0
    planned: int | None = None
    failures: list[list[str]] = field(default_factory=list)
    seconds: int | None = None

    @property
    def ran(self) -> int:
        return self.passed + self.skipped + len(self.failures)

    def fail(self, text: str) -> None:
        self.failures.append([f"{self.name}: {text}"])


def is_skip(note: str | None) -> bool:
    return (note or "").lower().startswith("skip")


def read_line(suite: Suite, line: str) -> bool:
    """Take one line of TAP in; true if it is a failure, which the next lines may explain."""
    if plan := PLAN_LINE.match(line):
        suite.planned = int(plan["count"])
        if suite.planned == 0 and is_skip(plan["note"]):
            suite.planned = suite.skipped = 1
    elif test := TEST_LINE.match(line):
        if test["bad"]:
            suite.fail(test["name"].strip())
            return True
        if is_skip(test["note"]):
            suite.skipped += 1
        else:
            suite.passed += 1
    return False


def read_suite(name: str, lines: list[str]) -> Suite:
    """Judge a whole suite."""
    suite = Suite(name)
    explaining = False
    for line in lines:
        if line.startswith("Bail out!"):
            suite.fail(line.removeprefix("Bail out!").strip() or "bailed out")
            return suite
        if line.startswith((" ", "#")):
            if explaining:
                suite.failures[-1].append("    " + line.strip().removeprefix("#").strip())
            continue
        explaining = read_line(suite, line)
    if suite.planned is None:
        suite.fail(f"stopped after {suite.ran} tests, before it said how many there are")
    elif suite.planned != suite.ran:
        suite.fail(f"planned {suite.planned} tests but ran {suite.ran}")
    elif suite.planned == 0:
        suite.fail("has no tests")
    return suite


def load(results: Path, name: str) -> Suite:
    """Read a suite's file."""
    try:
        text = (results / f"{name}.tap").read_text(encoding="utf-8", errors="replace")
    except OSError:
        suite = Suite(name)
        suite.fail("left no results: it was not built or did not start")
        return suite
    suite = read_suite(name, text.splitlines())
    seconds = results / f"{name}.seconds"
    if seconds.exists():
        suite.seconds = int(seconds.read_text(encoding="utf-8"))
    return suite


def failures(suites: list[Suite]) -> list[str]:
    """Every failure and what explains it."""
    return [line for suite in suites for failure in suite.failures
            for line in [f"FAILED {failure[0]}", *failure[1:]]]


def counts(suites: list[Suite]) -> list[str]:
    """A line for each suite, and the total."""
    lines = []
    for suite in suites:
        skipped = f", {suite.skipped} skipped" if suite.skipped else ""
        time = "" if suite.seconds is None else f", {suite.seconds} s"
        lines.append(f"{suite.name:16} {suite.passed} passed, "
                     f"{len(suite.failures)} failed{skipped}{time}")
    passed = sum(suite.passed for suite in suites)
    failed = sum(len(suite.failures) for suite in suites)
    return [*lines, f"{passed} passed, {failed} failed"]


def main(arguments: list[str]) -> int:
    """Run the command; gives the exit status."""
    only_counts = arguments[:1] == ["--counts"]
    folder, *names = arguments[only_counts:]
    results = Path(folder)
    suites = [load(results, name) for name in names]
    lines = counts(suites)
    print("\n".join(lines if only_counts else failures(suites) + lines))
    results.mkdir(parents=True, exist_ok=True)
    (results / "summary.txt").write_text(lines[-1] + "\n", encoding="utf-8")
    return 1 if any(suite.failures for suite in suites) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
