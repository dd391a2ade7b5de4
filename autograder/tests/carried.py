#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A student does every lab, and goes on with `make next-lab`; at the end all labs are graded.

carried.py REL4_GRADE EMULATOR FOLDER. Writes TAP. She begins with lab 1 of the course's repository.
In each lab she writes the bodies of its exercises, as the reference has them, and nothing else, so
what her last tree has of earlier labs was carried there. All labs must have full marks in it.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import grading

LABS = range(1, 8)
NOT_GRADED = "kernel/boot/boot.cpp"


class Student:
    """Her clone, and the course that she has it from."""

    def __init__(self, program: str, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.program = Path(program).resolve()
        self.folder = folder
        self.tree = folder / "tree"
        subprocess.run([program, "branches", "--out", folder], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        self.git("clone", "--quiet", "--branch", "lab1", folder / "starter.git", self.tree)
        for name, value in (("name", "student"), ("email", "student@example.org")):
            self.git("-C", self.tree, "config", f"user.{name}", value)

    @staticmethod
    def git(*words: str | Path) -> str:
        """Its output."""
        return subprocess.run(["git", *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout  # fmt: skip

    def run(self, *words: str | Path) -> tuple[int, str]:
        """The grader, in her tree: exit status and output."""
        done = subprocess.run([self.program, *words], cwd=self.tree, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)  # fmt: skip
        return done.returncode, done.stdout

    def solve(self, lab: int) -> None:
        """Writes the exercises of a lab, and commits."""
        files = {each["file"] for each in grading.manifest(self.tree, lab)["exercise"]}
        for name in files:
            path = self.tree / name
            solution = self.git("--git-dir", self.folder / "solutions.git", "show",
                                f"lab{lab}:{name}")  # fmt: skip
            own = path.read_text(encoding="utf-8")
            path.write_text(with_exercises(own, solution, lab), encoding="utf-8")
        self.git("-C", self.tree, "commit", "--quiet", "--all", "--message", f"lab {lab}")


def exercises(text: str, lab: int) -> list[tuple[int, int]]:
    """Where each exercise of a lab is: from its mark to the next one's, or to the end."""
    marks = [(found.start(), int(found[1])) for found in re.finditer(r"@lab\{(\d)\.", text)]
    ends = [start for start, _ in marks[1:]] + [len(text)]
    return [(start, end) for (start, of), end in zip(marks, ends, strict=True) if of == lab]


def with_exercises(own: str, solution: str, lab: int) -> str:
    """Her file, with the lab's exercises as the solution has them."""
    mine = exercises(own, lab)
    theirs = exercises(solution, lab)
    if not mine:  # the file is the exercise
        return solution
    for (start, end), (first, last) in reversed(list(zip(mine, theirs, strict=True))):
        own = own[:start] + solution[first:last] + own[end:]
    return own


def main(program: str, emulator: str, place: str) -> int:
    """Gives the exit status."""
    tap = grading.Tap()
    student = Student(program, Path(place).resolve())
    for lab in LABS:
        if lab > LABS[0]:
            status, said = student.run("next-lab")
            tap.tell(f"carry-over: lab {lab - 1} goes on as lab {lab}",
                     [] if status == 0 else said.splitlines())  # fmt: skip
        student.solve(lab)
    with (student.tree / NOT_GRADED).open("a", encoding="utf-8") as file:
        file.write("// hers\n")
    status, said = student.run("grade", "--full", "--emulator", Path(emulator).resolve())
    for lab in LABS:
        tap.tell(f"carry-over: lab {lab} has all points in the last tree",
                 [] if re.search(rf"^Lab {lab}: 100 of 100", said, re.M)
                 else said.splitlines()[-60:])  # fmt: skip
    tap.tell("carry-over: nothing is missing at the end",
             [] if status == 0 else [f"exit status {status}"])  # fmt: skip
    told = len(re.findall(rf"{NOT_GRADED}:\d+ was changed and will not be graded", said))
    tap.tell("carry-over: she is told what will not be graded",
             [] if told == len(LABS) else [f"{told} times", *said.splitlines()[-20:]])  # fmt: skip
    status, said = student.run("submit")
    tap.tell("carry-over: it can be handed in", [] if status == 0 else said.splitlines())
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
