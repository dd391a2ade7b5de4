#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Grades a class of lab 1 whose submissions are bad in every way, and ends the grader half-way.

class_run.py REL4_GRADE EMULATOR FOLDER. Writes TAP. Each submission must get its result, with the
right status and a sentence, and cost no other one anything; a grader that was killed goes on, and
gives the same scores.
"""

import csv
import io
import json
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import grading

LAB = 1
MAX = 100
# The function whose name, or body, the bad submissions spoil.
FILE = "kernel/cap/mdb.cpp"


@dataclass
class Expected:
    """What must come of a submission."""
    score: float | None  # None: between nothing and everything
    status: str
    says: str = ""


EXPECTED = {
    "solution": Expected(MAX, "ok"),
    "starter": Expected(0, "ok"),
    "crlf": Expected(MAX, "ok"),
    "empty": Expected(0, "build_error", "none of the files"),
    "other-lab": Expected(0, "build_error", "lab 3"),
    "renamed": Expected(None, "ok", "not found"),
    "syntax": Expected(None, "build_error", "was graded as if not done: 1.3"),
    "unbalanced": Expected(None, "ok", "do not balance"),
    "climbs": Expected(0, "build_error", ""),
    "garbage": Expected(0, "build_error", ""),
    "huge": Expected(None, "ok", "larger than"),
    "packed": Expected(MAX, "ok"),
}


class Class:
    """The submissions, in a folder of their own."""

    def __init__(self, grade: str, folder: Path) -> None:
        self.folder = folder / "submissions"
        shutil.rmtree(folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for kind in ("solution", "starter"):
            grading.derive(grade, LAB, kind, self.folder / kind)
        self.spoil()

    def copy(self, name: str) -> Path:
        """Another copy of the solution."""
        return Path(shutil.copytree(self.folder / "solution", self.folder / name))

    def edit(self, name: str, old: str, new: str) -> None:
        """A copy in which one thing is different."""
        path = self.copy(name) / FILE
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{FILE} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def spoil(self) -> None:
        """Makes all submissions but the first two."""
        (self.folder / "empty").mkdir()
        for path in self.copy("crlf").rglob("*.?pp"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        marker = self.copy("other-lab") / ".stage.toml"
        marker.write_text(marker.read_text(encoding="utf-8").replace(f"lab = {LAB}", "lab = 3"),
                          encoding="utf-8")  # fmt: skip
        self.edit("renamed", "void insert(Cap", "void insertion(Cap")
        self.edit("syntax", "const bool subtree =", "const bool subtree = =")
        self.edit("unbalanced", "const bool subtree =", "const bool subtree = (")
        (self.copy("huge") / FILE).write_bytes(b"// much\n" * (8 << 20))
        with tarfile.open(self.folder / "packed.tar.gz", "w:gz") as archive:
            archive.add(self.folder / "solution", "rel4")
        with tarfile.open(self.folder / "climbs.tar", "w") as archive:
            member = tarfile.TarInfo("../../../../tmp/climbed/kernel/cap/mdb.cpp")
            archive.addfile(member, io.BytesIO())
        (self.folder / "garbage.zip").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 40)

    def paths(self) -> list[Path]:
        """All of them."""
        return sorted(self.folder.iterdir())


def problems_of(expected: Expected, result: dict | None) -> list[str]:
    """What is not as it should be."""
    if result is None:
        return ["there is no result"]
    problems = []
    if result["status"] != expected.status:
        problems.append(f"status {result['status']}, not {expected.status}: {result['message']}")
    score = result["score"]
    if expected.score is None and not 0 < score < MAX:
        problems.append(f"{score} points are not some of {MAX}")
    if expected.score is not None and score != expected.score:
        problems.append(f"{score} points, not {expected.score}")
    if expected.says not in json.dumps(result):
        problems.append(f"nothing says {expected.says!r}: {result['message']} {result['warnings']}")
    return problems


def main(grade: str, emulator: str, place: str) -> int:
    """Runs everything; gives the exit status."""
    tap = grading.Tap()
    folder = Path(place)
    paths = Class(grade, folder).paths()
    first = grading.Grader(grade, emulator, LAB, folder / "work", folder / "first")
    status, said = first.run(*paths)
    tap.tell("class: all are graded, exit status 0", [] if status == 0 else said.splitlines())
    results = first.results()
    for name, expected in EXPECTED.items():
        tap.tell(f"class: {name}", problems_of(expected, results.get(name)))
    scores = {name: result["score"] for name, result in results.items()}

    second = grading.Grader(grade, emulator, LAB, folder / "work", folder / "second")
    few = [path for path in paths if path.stem in ("crlf", "solution", "starter")]
    second.kill_half_way(*few)
    before = second.complete()
    status, said = second.run(*few)
    kept = said.count("graded before")
    tap.tell("class: a grader that was killed goes on, and keeps what was graded",
             [] if status == 0 and 0 < before < len(few) and kept > 0
             else [f"{before} graded, {kept} kept", *said.splitlines()])  # fmt: skip
    again = {name: result["score"] for name, result in second.results().items()}
    tap.tell("class: the scores are the same",
             [f"{name}: {scores.get(name)} and {score}" for name, score in again.items()
              if score != scores.get(name)])  # fmt: skip
    for name, problems in Regrade(grade, emulator, folder, second.out).check():
        tap.tell(f"class: {name}", problems)
    return tap.end()


class Regrade:
    """Two who have the exercise, and one who has not, after one of its tests became wrong."""

    TEST = "labs/1-capabilities/tests/host/resolve.cpp"
    CHANGED = ["resolve-guard", "total"]

    def __init__(self, grade: str, emulator: str, folder: Path, results: Path) -> None:
        self.results = results
        self.course = folder / "course"
        self.command = [grade, "regrade", results, "--changed", "--emulator", emulator,
                        "--work", folder / "work", "--root", self.course]  # fmt: skip
        top = Path(__file__).resolve().parents[2]
        names = subprocess.run(["git", "-C", top, "ls-files", "-z"], check=True, text=True,
                               stdout=subprocess.PIPE).stdout.split("\0")  # fmt: skip
        for name in filter(None, names):
            if (top / name).is_file():
                (self.course / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(top / name, self.course / name)

    def run(self) -> tuple[int, str]:
        """Exit status, and what it printed."""
        done = subprocess.run(self.command, text=True, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        return done.returncode, done.stdout

    def scores(self) -> dict[str, float]:
        """By id."""
        return {path.stem: json.loads(path.read_text(encoding="utf-8"))["score"]
                for path in self.results.glob("*.json")}  # fmt: skip

    def check(self) -> list[tuple[str, list[str]]]:
        """Tests, with what is wrong."""
        before = self.scores()
        told = []
        with (self.course / "README.md").open("a", encoding="utf-8") as readme:
            readme.write("\nmore\n")
        status, said = self.run()
        quiet = status == 0 and "0 of 3 submissions" in said
        told.append(("a document changes no score", [] if quiet else said.splitlines()))
        path = self.course / self.TEST
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('all of them") {', 'all of them") {\n    CHECK(1 == 2);', 1),
                        encoding="utf-8")  # fmt: skip
        taken = self.results / "regrades/open/before"
        grading.kill_when(self.command, lambda: any(taken.glob("*.json")))
        whole = self.scores().keys() == before.keys() and len(list(taken.glob("*.json"))) == 1
        told.append(("a regrade that is killed leaves whole results",
                     [] if whole else [str(self.scores())]))  # fmt: skip
        status, said = self.run()
        rows = list(csv.reader((self.results / "regrades/1/changes.csv").open(encoding="utf-8")))
        wanted = [[who, what] for who in ("crlf", "solution") for what in self.CHANGED]
        right = (status == 0 and [row[:2] for row in rows[1:]] == wanted
                 and self.scores()["starter"] == before["starter"]
                 and self.scores()["solution"] == MAX - 3)  # fmt: skip
        told.append(("it goes on, and tells what changed, for those whom it concerns",
                     [] if right else [str(rows), *said.splitlines()]))  # fmt: skip
        return told


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
