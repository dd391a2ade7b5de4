#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Grades a class several times, and compares the scores of every student.

large_class.py REL4_GRADE EMULATOR FOLDER LAB STUDENTS RUNS. Each student has handed in the solution
with some mistakes of the lab's mutants.toml in it, drawn by chance but always the same. Writes TAP,
and the report of the class to FOLDER/report.
"""

import random
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import grading

GROUPS = ("Monday", "Tuesday", "Thursday")


class Course:
    """A lab's solution, and the mistakes that can be made in it."""

    def __init__(self, grade: str, lab: int, folder: Path) -> None:
        self.solution = grading.derive(grade, lab, "solution", folder / "solution")
        lab_folder = next(Path("labs").glob(f"{lab}-*"))
        manifest = tomllib.loads((lab_folder / "manifest.toml").read_text(encoding="utf-8"))
        self.files = {exercise["id"]: exercise["file"] for exercise in manifest["exercise"]}
        mutants = tomllib.loads((lab_folder / "mutants.toml").read_text(encoding="utf-8"))
        self.mutants = mutants["mutant"]

    def spoil(self, tree: Path, mistakes: int, chance: random.Random) -> None:
        """Puts so many mistakes into a copy of the solution, in different exercises."""
        seen = set()
        for mutant in chance.sample(self.mutants, len(self.mutants)):
            exercise = mutant["id"].split("-")[0]
            path = tree / self.files[exercise]
            text = path.read_text(encoding="utf-8")
            if len(seen) == mistakes:
                return
            if exercise in seen or text.count(mutant["replace"]) != 1:
                continue
            path.write_text(text.replace(mutant["replace"], mutant["with"]), encoding="utf-8")
            seen.add(exercise)


def make_class(course: Course, folder: Path, students: int) -> Path:
    """Their submissions, and a roster; answers where the roster is."""
    chance = random.Random(1)
    shutil.rmtree(folder, ignore_errors=True)
    lines = ["id,name,group,submission"]
    for number in range(students):
        name = f"s{number:03}"
        tree = Path(shutil.copytree(course.solution, folder / name))
        course.spoil(tree, min(int(chance.expovariate(0.8)), 5), chance)
        lines.append(f"{name},Student {number},{GROUPS[number % 3]},{name}")
    roster = folder / "class.csv"
    roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return roster


def main(grade: str, emulator: str, place: str, lab: str, students: str, runs: str) -> int:
    """Runs everything; gives the exit status."""
    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True)
    roster = make_class(Course(grade, int(lab), folder), folder / "submissions", int(students))
    tap = grading.Tap()
    first: dict[str, tuple[str, float]] = {}
    for run in range(1, int(runs) + 1):
        out = folder / f"run{run}"
        shutil.rmtree(out, ignore_errors=True)
        grader = grading.Grader(grade, emulator, int(lab), folder / "work", out)
        begun = time.monotonic()
        grader.run("--roster", roster)
        took = time.monotonic() - begun
        found = {name: (result["status"], result["score"])
                 for name, result in grader.results().items()}  # fmt: skip
        first = first or found
        problems = [f"{name}: {first.get(name)} and {result}" for name, result in found.items()
                    if result != first.get(name)]  # fmt: skip
        problems += [f"{name}: {status}" for name, (status, _) in found.items()
                     if status in ("env_error", "internal")]  # fmt: skip
        if len(found) != int(students):
            problems.append(f"{len(found)} results for {students} students")
        tap.tell(f"large class: run {run}, lab {lab}", problems)
        print(f"# {students} submissions in {took:.0f} s, {took / int(students):.1f} s each",
              flush=True)  # fmt: skip
    subprocess.run([grade, "report", folder / "run1", "--roster", roster, "--sources",
                    folder / "run1/sources", "--out", folder / "report"], check=False)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
