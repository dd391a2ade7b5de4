#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Grades a class of lab 1 whose submissions are bad in every way, and ends the grader half-way.

class_run.py REL4_GRADE EMULATOR FOLDER. Writes TAP. Each submission must get its result, with the
right status and a sentence, and cost no other one anything; a grader that was killed goes on, and
gives the same scores.
"""

import io
import json
import shutil
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
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
