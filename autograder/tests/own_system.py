#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Grades lab 2 for students whose lab 1 is right, wrong or not done, or who have an old starter.

own_system.py REL4_GRADE EMULATOR FOLDER. Writes TAP. What is wrong with lab 1 must cost nothing of
lab 2's own points; the integration part must say which exercise it is. Nobody who began with the
present starter may be told that it is old.
"""

import shutil
import sys
from pathlib import Path

import grading

LAB = 2
OWN = 100
WHOLE = 10  # the integration part
FILE = "kernel/cap/cspace.cpp"  # exercise 1.1 and others
MARKER = ".stage.toml"


class Students:
    """Their trees: the starter as it is given out, with the solution's exercises."""

    def __init__(self, program: str, folder: Path) -> None:
        self.folder = folder / "submissions"
        shutil.rmtree(folder, ignore_errors=True)
        self.starter = grading.derive(program, LAB, "blank", folder / "starter")
        self.right = grading.derive(program, LAB, "solution", self.folder / "right")
        shutil.copy(self.starter / MARKER, self.right / MARKER)
        self.edit("wrong", FILE, "if (!root.is<CNodeCap>())", "if (root.is<CNodeCap>())")
        shutil.copy(self.starter / FILE, self.copy("open") / FILE)
        self.edit("old", MARKER, 'digest = "', 'digest = "0')

    def copy(self, name: str) -> Path:
        """Another tree, like the right one."""
        return Path(shutil.copytree(self.right, self.folder / name))

    def edit(self, name: str, file: str, old: str, new: str) -> None:
        """One in which one thing is different."""
        path = self.copy(name) / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_of_whole(result: dict) -> list[str]:
    """Somebody whose system is right has all points."""
    whole = result["integration"]
    right = (result["score"] == result["max"] == OWN + WHOLE and whole["score"] == WHOLE
             and not whole["broke"])  # fmt: skip
    return [] if right else [str(whole), f"{result['score']} points"]


def problems_of_broken(result: dict, says: str) -> list[str]:
    """All of the lab's own points, not all of the rest, and it is said why."""
    whole = result["integration"]
    right = (result["score"] - whole["score"] == OWN and whole["score"] < WHOLE
             and "1.1" in whole["broke"] and says in whole["message"]
             and all(exercise.startswith("1.") for exercise in whole["broke"]))  # fmt: skip
    return [] if right else [str(whole), f"{result['score']} points"]


def main(program: str, emulator: str, place: str) -> int:
    """Gives the exit status."""
    tap = grading.Tap()
    folder = Path(place)
    students = Students(program, folder)
    grader = grading.Grader(program, emulator, LAB, folder / "work", folder / "results")
    status, said = grader.run(*sorted(students.folder.iterdir()))
    tap.tell("own system: all are graded", [] if status == 0 else said.splitlines())
    results = grader.results()
    for name in ("right", "old"):
        tap.tell(f"own system: {name}: all points", problems_of_whole(results[name]))
    for name, says in (("wrong", "does not hold"), ("open", "is not done")):
        tap.tell(f"own system: {name}: 1.1 is named, and costs nothing of this lab",
                 problems_of_broken(results[name], says))  # fmt: skip
    told_old = sorted(name for name, result in results.items() if result["submission"]["stale"])
    tap.tell("own system: only an old starter is said to be old",
             [] if told_old == ["old"] else told_old)  # fmt: skip
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
