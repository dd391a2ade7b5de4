#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{2}
"""Tests the test framework: check.py RUN-OPTION...; writes TAP.

Runs misbehaving.cpp by run.py, with the options given, and compares what run.py says of each test
with what it must say: a verdict, and text that must be in the explanation.
"""

import re
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).resolve().parents[1] / "run.py"
RESULT = re.compile(r"(?P<verdict>ok|not ok) \d+ - (?P<name>[^#]*)(?P<remark>#.*)?")
EXPLANATIONS = {
    "fails: a number": "a number: expected 16, got 17",
    "fails: an error": "an error: expected delete first, got value out of range",
    "fails: a detail of an error": "an error: expected 6 as word 1 of the error, got 5",
    "fails: more often than is told": "a number: expected 100, got 3",
    "fails: stores where nothing is mapped": "not mapped, pc 0x",
    "fails: jumps to where nothing is mapped": "not mapped, pc 0x1230, detail 0x1230",
    "fails: an illegal instruction": "an exception, pc 0x",
    "fails: an unknown system call": "an unknown system call, pc 0x",
    "fails: a thread of the test faults": "not mapped, pc 0x",
    "fails: waits for ever": "did not end in time",
    "fails: runs for ever and lets others run": "did not end in time",
    "fails: keeps a slot": "free slots after the test: expected",
    "fails: keeps memory": "free bytes after the test: expected",
    "fails: ends the machine": "the machine stopped: exit status 9",
    "fails: keeps its hart for ever": "the machine stopped: the limit of instructions",
}
VERDICTS = {"passes": "ok", "skips": "ok", "fails": "not ok"}


def results(output: str) -> dict[str, tuple[str, str]]:
    """Verdict and explanation of each test, by name."""
    found: dict[str, tuple[str, str]] = {}
    name = ""
    for line in output.splitlines():
        if match := RESULT.fullmatch(line):
            name = match["name"].strip()
            found[name] = (match["verdict"], match["remark"] or "")
        elif name and line.startswith("  # "):
            found[name] = (found[name][0], found[name][1] + line + "\n")
    return found


def problem(name: str, verdict: str, explanation: str) -> str:
    """What is wrong with what was said of a test; empty if nothing is."""
    expected = VERDICTS[name.split(":")[0]]
    text = EXPLANATIONS.get(name, "SKIP there is a reason" if name.startswith("skips") else "")
    if verdict != expected:
        return f"expected '{expected}', got '{verdict}': {explanation}"
    if text not in explanation:
        return f"expected '{text}' in the explanation: {explanation}"
    return ""


def main(*options: str) -> int:
    """The command."""
    done = subprocess.run([RUN, *options], stdout=subprocess.PIPE, text=True, check=False)
    found = results(done.stdout)
    print("TAP version 13")
    failed = 0
    expected = [*EXPLANATIONS, "passes: the first", "passes: the last"]
    for name in dict.fromkeys([*found, *expected]):
        said = problem(name, *found[name]) if name in found else "it did not run"
        failed += bool(said)
        print(f"{'not ok' if said else 'ok'} - framework: a test that {name.replace(':', '')}")
        print("".join(f"  # {line}\n" for line in said.splitlines()), end="")
    print(f"{'ok' if done.returncode == 1 else 'not ok'} - framework: the runner's exit status")
    print(f"1..{len(dict.fromkeys([*found, *expected])) + 1}")
    return 1 if failed or done.returncode != 1 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
