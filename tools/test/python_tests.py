#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs Python unit tests and writes TAP: python_tests.py FOLDER...

Takes every test_*.py in the folders. Each file has an interpreter of its own, so one that
crashes costs only itself. On the module path is the folder of the tool that it tests, or, if the
tests are a package, the folder above the tool. A test's name is the first line of its docstring
if it has one, else the method's.
"""

import os
import subprocess
import sys
import traceback
import unittest
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
RESULTS = ("ok ", "not ok ", "skip ")


class LineResult(unittest.TestResult):
    """Writes a line "ok NAME", "not ok NAME" or "skip NAME" for each test as it ends."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file

    def line(self, verdict: str, test: unittest.TestCase, detail: str = "") -> None:
        name = test.shortDescription() or str(test).partition(" (")[0]
        print(f"{verdict} {self.file}: {name.replace('#', '')}", flush=True)
        for text in detail.splitlines():
            print(f"  # {text}", flush=True)

    def addSuccess(self, test: unittest.TestCase) -> None:
        self.line("ok", test)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.line("skip", test, reason)

    def addFailure(self, test: unittest.TestCase, err: tuple) -> None:
        super().addFailure(test, err)
        self.line("not ok", test, "".join(traceback.format_exception(*err)))

    addError = addFailure

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err) -> None:
        if err is not None:
            self.addFailure(subtest, err)


def run_file(path: Path) -> None:
    """In the child: run one file's tests."""
    tool = path.parent.parent
    is_package = (path.parent / "__init__.py").exists()
    root = tool.parent if is_package else tool
    sys.path[0] = str(root)
    top = str(root) if is_package else None
    tests = unittest.TestLoader().discover(str(path.parent), path.name, top)
    tests.run(LineResult(f"{tool.name}/{path.stem.removeprefix('test_')}"))
    print("end", flush=True)


def start_file(path: Path) -> subprocess.Popen:
    """In the parent: start the child for one file."""
    command = [sys.executable, __file__, "--file", str(path)]
    return subprocess.Popen(command, cwd=TOP, text=True, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def results(path: Path) -> Iterator[str]:
    """In the parent: what the child for a file writes, and a failure if it ends too early."""
    with start_file(path.resolve()) as child:
        line = ""
        for line in map(str.rstrip, child.stdout):
            if line != "end":
                yield line
    if line != "end":
        yield f"not ok {path}: ended early, exit status {child.returncode}"


def tap_line(line: str, number: int) -> str:
    """The TAP line for a child's result line."""
    verdict = next(verdict for verdict in RESULTS if line.startswith(verdict))
    name = line.removeprefix(verdict)
    if verdict == "skip ":
        return f"ok {number} - {name} # SKIP"
    return f"{verdict}{number} - {name}"


def main(folders: list[str]) -> int:
    """In the parent: run every file, one after the other, and write TAP."""
    print("TAP version 13", flush=True)
    number = failures = 0
    for path in sorted(path for folder in folders for path in Path(folder).glob("test_*.py")):
        for line in results(path):
            if line.startswith(RESULTS):
                number += 1
                failures += line.startswith("not ok ")
                line = tap_line(line, number)
            elif not line.startswith("  #"):
                line = f"  # {line}"
            print(line, flush=True)
    print(f"1..{number}")
    return 1 if failures else 0


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    if sys.argv[1:2] == ["--file"]:
        run_file(Path(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
