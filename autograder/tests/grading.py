# SPDX-License-Identifier: BSD-2-Clause
"""What tests that grade whole classes share: rel4-grade run, its results, and TAP."""

import json
import os
import signal
import subprocess
import time
import tomllib
from collections.abc import Callable
from pathlib import Path


def kill_when(command: list[str | Path], is_time: Callable[[], bool]) -> None:
    """Runs it, and kills it at that time, if it has not ended by then."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL) as running:  # fmt: skip
        while running.poll() is None and not is_time():
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)


class Grader:
    """rel4-grade run, into one folder."""

    def __init__(self, grade: str, emulator: str, lab: int, work: Path, out: Path) -> None:
        self.out = out
        self.command = [grade, "run", "--lab", str(lab), "--emulator", emulator, "--work", work,
                        "--out", out]  # fmt: skip

    def run(self, *arguments: str | Path) -> tuple[int, str]:
        """To its end: exit status, and what it printed."""
        done = subprocess.run([*self.command, *arguments], text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout

    def kill_half_way(self, *arguments: str | Path) -> None:
        """As soon as one is graded, without a chance to clean up."""
        kill_when([*self.command, *arguments], lambda: self.complete() > 0)

    def results(self) -> dict[str, dict]:
        """By id; a half-written file would be an error."""
        return {path.stem: json.loads(path.read_text(encoding="utf-8"))
                for path in sorted(self.out.glob("*.json"))}  # fmt: skip

    def complete(self) -> int:
        """How many are graded."""
        return sum(result["complete"] for result in self.results().values())


class Tap:
    """Results of tests, one by one."""

    def __init__(self) -> None:
        self.count = self.failed = 0
        print("TAP version 13")

    def tell(self, name: str, problems: list[str]) -> None:
        """One test."""
        self.count += 1
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.count} - {name}")
        print("".join(f"  # {line}\n" for line in problems), end="", flush=True)

    def end(self) -> int:
        """Gives the exit status."""
        print(f"1..{self.count}")
        return self.failed > 0


def derive(grade: str, lab: int, kind: str, folder: Path) -> Path:
    """Writes the tree of a lab, a starter or a solution."""
    subprocess.run([grade, "derive", "--lab", str(lab), "--kind", kind, "--force", "--out", folder],
                   check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    return folder


def manifest(tree: Path, lab: int) -> dict:
    """Of a lab of a tree."""
    path = next(tree.glob(f"labs/{lab}-*/manifest.toml"))
    return tomllib.loads(path.read_text(encoding="utf-8"))


def own_environment() -> dict[str, str]:
    """Without what `make test` says to the makes below it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


def begin_repository(tree: Path) -> None:
    """A student's: its first commit holds what was derived, as a clone's would."""
    own = ["git", "-C", tree, "-c", "user.name=student", "-c", "user.email=student@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "begun"]):
        subprocess.run([*own, *command], check=True)
