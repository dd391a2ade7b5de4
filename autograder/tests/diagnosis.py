#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Grades kernels of lab 2 that stop or hang, and looks at what their students read; then kernels
with mistakes that only those with DEBUG=1 notice.

diagnosis.py REL4_GRADE EMULATOR FOLDER. Writes TAP. What is wrong is wrong on the machine only: the
kernel lies in the upper half of the addresses there. Students' files have lines of their own above
their exercises: places must be those of their files, not those of the tree that is built.
"""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import grading

LAB = 2
QUEUE = "kernel/sched/run_queue.cpp"
OWN_LINES = "// mine\n" * 7


@dataclass
class Wrong:
    """One line at the beginning of a function, and what tests must say of it."""

    file: str
    function: str
    line: str
    message: str  # HERE stands for the line in the student's file
    not_run: str = ""


WRONG = {
    "traps": Wrong(
        QUEUE, "void RunQueue::remove",
        "if (reinterpret_cast<Word>(this) >> 63) *reinterpret_cast<volatile Word*>(16) = 1;",
        r"the kernel itself trapped in RunQueue::remove \(HERE\): store page fault, address 0x10",
    ),
    "panics": Wrong(
        QUEUE, "void RunQueue::remove",
        'if (reinterpret_cast<Word>(this) >> 63) panic("lost");',
        r"kernel panic: lost .*the kernel stopped in RunQueue::remove \(HERE\)",
    ),
    "loops": Wrong(
        QUEUE, "void RunQueue::remove",
        "while (reinterpret_cast<Word>(this) >> 63) { volatile Word again = 0; (void)again; }",
        r"live lock: hart 0 goes round in RunQueue::remove \(HERE\)",
        "not run: two runs",
    ),
}  # fmt: skip


# What harms nothing, or not yet: only kernels that check themselves stop at it.
HIDDEN = {
    "does what C++ leaves undefined": Wrong(
        QUEUE, "void RunQueue::remove",
        "volatile int most = 0x7fffffff; if (reinterpret_cast<Word>(this) >> 63) most = most + 1;",
        "the kernel itself trapped in RunQueue::remove",
    ),
    "breaks an invariant": Wrong(
        QUEUE, "void RunQueue::remove",
        "struct End { Word& w; ~End() { if (w >> 1) w |= 1; } } "
        "end{present_[tcb.priority / 64]}; "
        "for (Word w = 0; w < words; w++) if (queues_[w * 64].empty()) present_[w] &= ~Word{1};",
        "the run queue is broken",
    ),
    "uses an object that is gone": Wrong(
        QUEUE, "void RunQueue::remove",
        "static Tcb* last = nullptr; if (reinterpret_cast<Word>(this) >> 63 && last != nullptr && "
        "last->run_link.next != nullptr) "
        "(void)*reinterpret_cast<volatile Word*>(last->run_link.next); last = &tcb;",
        "the kernel itself trapped in RunQueue::remove .*0xdeadf4ee",
    ),
}  # fmt: skip
HIDDEN_TESTS = ("keep-storm", "order-random", "order-woken", "slice-turns")


def spoil(folder: Path, wrong: Wrong) -> str:
    """Puts the line into a solution; gives its place."""
    path = folder / wrong.file
    text = path.read_text(encoding="utf-8")
    at = text.index("{", text.index(wrong.function)) + 1
    first = text.index("namespace") if "namespace" in text else text.index("void")
    text = text[:first] + OWN_LINES + text[first:at] + "\n    " + wrong.line + text[at:]
    path.write_text(text, encoding="utf-8")
    return f"{wrong.file}:{text[: text.index(wrong.line)].count(chr(10)) + 1}"


def problems_of(wrong: Wrong, place: str, result: dict) -> list[str]:
    """What is not as it should be."""
    messages = [test["message"] for test in result["tests"]]
    pattern = wrong.message.replace("HERE", re.escape(place))
    problems = []
    if not any(re.search(pattern, message) for message in messages):
        problems.append(f"no message has {pattern!r}:")
        problems += sorted({message for message in messages if message})
    if wrong.not_run and not any(message.startswith(wrong.not_run) for message in messages):
        problems.append(f"no message begins {wrong.not_run!r}")
    details = [line for test in result["tests"] for line in test["details"]]
    if not any(line.startswith("  called by ") for line in details):
        problems.append("nothing says who called")
    return problems


def grade_student(grade: str, emulator: str, tree: Path, *options: str) -> dict:
    """What `make grade` tells of some tests on the machine, in a tree that began as a solution."""
    tests = [word for test in HIDDEN_TESTS for word in ("--test", test)]
    build = tree.with_suffix(".build")
    subprocess.run([grade, "grade", "--root", tree, "--build", build, "--emulator", emulator,
                    *tests, *options], check=False, stdout=subprocess.DEVNULL)  # fmt: skip
    return json.loads((build / f"grade/lab{LAB}/result.json").read_text(encoding="utf-8"))


def problems_of_hidden(wrong: Wrong, plain: dict, checked: dict) -> list[str]:
    """Nothing without DEBUG=1, and with it the message."""
    def failed_in(result: dict) -> list[dict]:
        return [test for test in result["tests"]
                if test["id"] in HIDDEN_TESTS and test["status"] != "passed"]  # fmt: skip

    problems = [f"without DEBUG=1: {test['id']}: {test['message']}" for test in failed_in(plain)]
    failed = failed_in(checked)
    if not any(re.search(wrong.message, test["message"]) for test in failed):
        problems.append(f"no message has {wrong.message!r}:")
        problems += [f"{test['message']} {test['details']}" for test in failed]
    if not all("DEBUG=1" in test["repro"] for test in failed):
        problems.append("the command that shows it again lacks DEBUG=1")
    return problems


def main(grade: str, emulator: str, place: str) -> int:
    """Runs everything; gives the exit status."""
    tap = grading.Tap()
    folder = Path(place)
    shutil.rmtree(folder / "submissions", ignore_errors=True)
    solution = grading.derive(grade, LAB, "solution", folder / "submissions/solution")
    places = {}
    for name, wrong in WRONG.items():
        places[name] = spoil(Path(shutil.copytree(solution, folder / "submissions" / name)), wrong)
    shutil.rmtree(folder / "out", ignore_errors=True)
    grader = grading.Grader(grade, emulator, LAB, folder / "work", folder / "out")
    status, said = grader.run(*(folder / "submissions" / name for name in WRONG))
    tap.tell("diagnosis: all are graded", [] if status == 0 else said.splitlines())
    results = grader.results()
    for name, wrong in WRONG.items():
        tap.tell(f"diagnosis: a kernel that {name}", problems_of(wrong, places[name], results[name])
                 if name in results else ["there is no result"])  # fmt: skip
    for name, wrong in HIDDEN.items():
        tree = folder / "submissions/checked"
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(solution, tree)
        grading.begin_repository(tree)
        spoil(tree, wrong)
        tap.tell(f"diagnosis: DEBUG=1 stops a kernel that {name}",
                 problems_of_hidden(wrong, grade_student(grade, emulator, tree),
                                    grade_student(grade, emulator, tree, "--debug")))  # fmt: skip
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
