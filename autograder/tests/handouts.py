#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the commands that a lab's handout shows, in the tree of a student who has done the lab.

handouts.py REL4_GRADE FOLDER LAB [BEGINNING...]. Writes TAP, a line for each command; those of the
start page, handouts/README.md, are shown in every lab. With BEGINNINGs only commands that begin so
are run. The tree is a clone of the course's repository with the solution's files, so tests pass;
`make next-lab` comes last, for it makes another branch.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import grading

SHOWN = re.compile(r"`((?:make|build)[ /][^`]+)`|^    (?:\$ )?((?:make|build/host/)[^#\n]*)", re.M)
WAITS = re.compile(r"GDB=1|qemu-gdb")  # for a debugger
SERVES = re.compile(r"NET=user")  # until it is stopped
LAST = 7
PATIENCE = 900  # seconds: only a command that hangs takes so long
# Not run: the first installs packages on this machine, as every first command does; suite `make`
# has the second; the third goes with what waits for a debugger; carried.py has the fourth; suite
# autograder has bundles.
ELSEWHERE = ("make setup", "make help", "make gdb", "make grade FULL=1", "make next-lab CATCH_UP")


@dataclass
class Student:
    """Somebody's clone of the course's repository."""

    tree: Path
    lab: int

    def start(self, command: str) -> subprocess.Popen:
        """In the tree, with nothing to be read."""
        return subprocess.Popen(shlex.split(command), cwd=self.tree, env=grading.own_environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip

    def run(self, command: str) -> tuple[int, str]:
        """To its end: exit status and output."""
        with self.start(command) as running:
            try:
                said, _ = running.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, 9)
                return -1, running.communicate()[0] + f"\nit did not end in {PATIENCE} s\n"
        return running.returncode, said


def clone(grade: str, folder: Path, lab: int) -> Student:
    """A student who has the lab's solution."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    course = folder / "course"
    subprocess.run([grade, "branches", "--out", course], check=True, stdout=subprocess.DEVNULL)
    student = Student(folder / "tree", lab)
    subprocess.run(["git", "clone", "--quiet", "--branch", f"lab{lab}", course / "starter.git",
                    student.tree], check=True)  # fmt: skip
    with subprocess.Popen(["git", "--git-dir", course / "solutions.git", "archive", f"lab{lab}"],
                          stdout=subprocess.PIPE) as files:  # fmt: skip
        # The marker stays: it tells of what the student began with.
        subprocess.run(["tar", "-x", "-C", student.tree, "--exclude", ".stage.toml"],
                       stdin=files.stdout, check=True)  # fmt: skip
    for command in ("git config user.name student", "git config user.email student@example.org",
                    "git add --all", "git commit --quiet --message done"):  # fmt: skip
        status, said = student.run(command)
        if status != 0:
            raise RuntimeError(f"{command}: {said}")
    return student


def commands(tree: Path, lab: int) -> list[str]:
    """Those of the handout and of the start page, each once: programs behind the commands that make
    them, `make next-lab` as the last."""
    pages = [*tree.glob(f"handouts/{lab}-*.md"), tree / "handouts/README.md"]
    found = {}
    for page in pages:
        for inline, alone in SHOWN.findall(page.read_text(encoding="utf-8")):
            found[" ".join((inline or alone).split())] = None
    if lab == LAST:
        del found["make next-lab"]
    return sorted(found, key=lambda command: (command == "make next-lab", command[:4] != "make"))


def test_on_machine(tree: Path, lab: int) -> str:
    """What stands for "id" in a command."""
    return next(test["id"] for test in grading.manifest(tree, lab)["test"]
                if test["tier"] == "guest")  # fmt: skip


def filled_in(command: str, student: Student) -> str:
    """With this lab's names where a handout leaves them to the reader."""
    build = f"build/llvm-rel4-qemu-cpus{{}}-debug0/user/lab{student.lab}.elf"
    harts = re.search(r"CPUS=(\d)", command)
    command = re.sub(r"ROOT=(\.\.\.)?(?= |$)", "ROOT=" + build.format(harts[1] if harts else 4),
                     command)  # fmt: skip
    return re.sub(r"TEST=id\b", "TEST=" + test_on_machine(student.tree, student.lab), command)


def wait_for(running: subprocess.Popen, text: str) -> str:
    """What is printed until a line has the text, or to the end."""
    said = ""
    for line in running.stdout:
        said += line
        if text in line:
            break
    return said


def problems_of_debugged(student: Student, command: str) -> list[str]:
    """It waits for a debugger, which `make gdb` is, if the handout says so."""
    with student.start(command) as running:
        said = wait_for(running, "wait")
        problems = [] if "wait" in said else ["it does not wait for a debugger", said[-2000:]]
        if "make gdb" in said:
            status, told = student.run("make gdb")
            problems += [] if status == 0 else [f"make gdb: exit status {status}", told[-2000:]]
        os.killpg(running.pid, 9)
    return problems


def problems_of_server(student: Student, command: str) -> list[str]:
    """It comes up; without ports of this machine, which may be in use."""
    with student.start(re.sub(r'FORWARD=("[^"]*"|\S+)', "", command)) as running:
        said = wait_for(running, "listening on port")
        os.killpg(running.pid, 9)
    return [] if "listening on port" in said else [said[-2000:]]


def problems_of(student: Student, command: str) -> list[str]:
    """What is wrong with it; nothing if it does what is wanted."""
    if WAITS.search(command):
        return problems_of_debugged(student, command)
    if SERVES.search(command):
        return problems_of_server(student, command)
    status, said = student.run(command)
    problems = [] if status == 0 else [f"exit status {status}"]
    if " grade" in command and " passed" not in said and " 100 of 100" not in said:
        problems.append("not all points")
    if " submit" in command and not (student.tree / "submission.tar.gz").is_file():
        problems.append("there is no submission.tar.gz")
    return [*problems, *said[-3000:].splitlines()] if problems else []


def main(grade: str, folder: str, number: str, *wanted: str) -> int:
    """Gives the exit status."""
    tap = grading.Tap()
    lab = int(number)
    student = clone(str(Path(grade).resolve()), Path(folder).resolve(), lab)
    for shown in commands(student.tree, lab):
        if not shown.startswith(ELSEWHERE) and (not wanted or shown.startswith(wanted)):
            tap.tell(f"lab {lab}: {shown}", problems_of(student, filled_in(shown, student)))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
