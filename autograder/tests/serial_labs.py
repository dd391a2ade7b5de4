#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Grades the solution of each lab in the emulator and on a board that the emulator plays.

serial_labs.py REL4_GRADE EMULATOR LOADER FOLDER [LAB...]. Writes TAP: each test that a board can
run must have the same score on both. The suite `serial` has what can go wrong, with one lab.
Read next: serial_target.py.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import grading
import serial_target

HARTS = "4"
PACE = 40  # a played board's harts share the processors of this machine
LABS = range(1, 8)


def problems_of(grade: str, emulator: str, folder: Path, board: Path, lab: int) -> list[str]:
    """What differs; nothing if nothing does."""
    solution = grading.derive(grade, lab, "solution", folder / f"solutions/lab{lab}")
    for name, options in (("emulated", []), ("serial", serial_target.on(board, pace=PACE))):
        grader = grading.Grader(grade, emulator, lab, folder / "work", folder / f"{name}{lab}")
        status, said = grader.run("--no-integration", *options, solution)
        if status != 0:
            return said.splitlines()
    result = grader.results()[solution.name]
    print(f"# lab {lab}: {result['score']:g} of {result['max']:g} points on the board, "
          f"{result['seconds']:.0f} s", flush=True)  # fmt: skip
    done = subprocess.run([grade, "parity", folder / f"emulated{lab}", folder / f"serial{lab}"],
                          text=True, capture_output=True, check=False)  # fmt: skip
    alike = done.returncode == 0 and result["score"] == result["max"]
    return [] if alike else done.stdout.splitlines()


def main(grade: str, emulator: str, loader: str, place: str, *labs: str) -> int:
    """Gives the exit status."""
    folder = Path(place)
    tap = grading.Tap()
    for lab in [int(word) for word in labs] or LABS:
        for name in ("solutions", f"emulated{lab}", f"serial{lab}"):
            shutil.rmtree(folder / name, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        boards = serial_target.Boards(emulator, loader, folder, HARTS)
        with boards.start(f"board{lab}") as board:
            tap.tell(f"serial: lab {lab}", problems_of(grade, emulator, folder, board, lab))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
