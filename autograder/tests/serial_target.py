#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Grades a small class of lab 1 on boards, which QEMU plays behind pseudo-terminals.

serial_target.py REL4_GRADE EMULATOR LOADER FOLDER. Writes TAP. One line garbles bytes, one board
needs two resets, submissions hang and crash, two graders share the boards, a board is taken away:
whatever happens, scores are those of the emulator.
"""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grading

LAB = 1
BOARD = "tools/emulator/board.py"
RESET = f"{BOARD} \"$BOARD\" --reset"
MAX = 100
# Children that nobody deletes are never gone.
FILE = "kernel/cap/finalise.cpp"
HANG = ("        if (remove(*slot.mdb.next(), true) == Outcome::preempted || preempt::pending())\n"
        "            return Outcome::preempted;\n",
        "        static_cast<void>(preempt::pending());\n")


class Boards:
    """Boards that were started; each ends with the `with` block."""

    def __init__(self, emulator: str, loader: str, folder: Path, harts: str = "1") -> None:
        self.harts = harts
        self.emulator = Path(emulator)
        self.loader = loader
        self.folder = folder

    @contextlib.contextmanager
    def start(self, name: str, *options: str) -> Iterator[Path]:
        """One board, by this name."""
        link = self.folder / name
        command = [BOARD, link, "--qemu", self.emulator / "bin/qemu-system-riscv64",
                   "--firmware", self.emulator / "share/fw_dynamic.bin", "--loader", self.loader,
                   "--harts", self.harts, *options]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as board:
            try:
                assert "ready" in board.stdout.readline(), f"{name} does not start"
                yield link
            finally:
                board.terminate()


def spoiled(solution: Path, name: str, old: str, new: str) -> Path:
    """A copy in which one thing is different."""
    copy = Path(shutil.copytree(solution, solution.with_name(name)))
    path = copy / FILE
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{FILE} has {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def on(*boards: Path, pace: int = 200) -> list[str]:
    """The options for these boards, which do at least so many instructions a microsecond."""
    return [*(f"--target=serial:{board}" for board in boards), f"--reset-cmd={RESET}",
            f"--pace={pace}"]  # fmt: skip


def main(grade: str, emulator: str, loader: str, place: str) -> int:
    """Runs everything; gives the exit status."""
    folder = Path(place)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    solution = grading.derive(grade, LAB, "solution", folder / "solution")
    hangs = spoiled(solution, "hangs", *HANG)
    return Run(grade, emulator, Boards(emulator, loader, folder), [solution, hangs]).run()


class Run:
    """The tests, in their order."""

    def __init__(self, grade: str, emulator: str, boards: Boards, paths: list[Path]) -> None:
        self.boards = boards
        self.paths = paths
        self.tap = grading.Tap()
        self.grade = grade
        folder = boards.folder
        self.emulated, *self.serial = (
            grading.Grader(grade, emulator, LAB, folder / "work", folder / name)
            for name in ("emulated", "first", "second")
        )

    def run(self) -> int:
        """All of them; gives the exit status."""
        with self.boards.start("noisy", "--noise", "20000") as noisy:
            with self.boards.start("slow-to-come", "--dead-resets", "1") as stubborn:
                self.same_as_emulated(noisy, stubborn)
            self.one_is_taken_away(noisy, stubborn)
        self.none_is_left(noisy)
        return self.tap.end()

    def same_as_emulated(self, *boards: Path) -> None:
        """A garbled line and a board that needs a second reset change nothing."""
        status, said = self.emulated.run("--no-integration", *self.paths)
        self.tap.tell("serial: graded in the emulator", [] if status == 0 else said.splitlines())
        status, said = self.serial[0].run("--no-integration", *on(*boards), *self.paths)
        self.tap.tell("serial: graded on two boards at a time",
                      [] if status == 0 and "given up" not in said else said.splitlines())
        done = subprocess.run([self.grade, "parity", self.emulated.out, self.serial[0].out],
                              text=True, capture_output=True, check=False)  # fmt: skip
        self.tap.tell("serial: each test has the score that it has in the emulator",
                      [] if done.returncode == 0 and " 0 differ" in done.stdout
                      else done.stdout.splitlines())  # fmt: skip
        results = self.serial[0].results()
        self.tap.tell("serial: results name the target, and the reference has all points",
                      [f"{name}: {result['target']}, {result['score']} of {result['max']}"
                       for name, result in results.items() if result["target"] != "serial"
                       or (name == "solution") != (result["score"] == result["max"])])
        timeouts = [test["message"] for test in results["hangs"]["tests"]
                    if test["tier"] != "host" and test["status"] == "timeout"]
        self.tap.tell("serial: a kernel that hangs is reset, and what is after it is graded",
                      [] if any("the board was reset" in text for text in timeouts)
                      and results["hangs"]["score"] > 0
                      else [f"{results['hangs']['score']} points", *timeouts])  # fmt: skip

    def one_is_taken_away(self, there: Path, gone: Path) -> None:
        """Another grader, whose second board does not exist any more."""
        status, said = self.serial[1].run("--no-integration", *on(gone, there), self.paths[0])
        score = self.serial[1].results()["solution"]["score"]
        self.tap.tell("serial: a board that is gone is given up, and another one does its work",
                      [] if status == 0 and "given up" in said and score == MAX
                      else said.splitlines())  # fmt: skip

    def none_is_left(self, gone: Path) -> None:
        """Nobody loses points because there is no board."""
        status, said = self.serial[1].run("--no-integration", "--again", *on(gone), self.paths[0])
        result = self.serial[1].results()["solution"]
        self.tap.tell("serial: without a board nobody is scored, and it is said why",
                      [] if status == 3 and result["status"] == "env_error"
                      and "no board is left" in result["message"]
                      else [f"status {status}, {result['status']}", *said.splitlines()])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
