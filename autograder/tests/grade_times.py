#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""How long a student waits: grade_times.py REL4_GRADE EMULATOR FOLDER [LAB...].

For each lab its solution is graded as `make grade` does it, three times: in a new tree, where
everything is compiled; again as it is; and after a change in the body of its last exercise, which
is a student's round of work. Prints the seconds of the wall clock to the first test's result and
to the end. Nothing else should run meanwhile. Exit status 1 if a round of work takes longer than
it should.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import grading

FIRST = 5  # seconds to the first answer, in a round of work
ALL = 60
SEVEN = 300  # all labs together
RESULT = re.compile(r"  \w+ +\S+/\d+ ")


def grade(command: list[str]) -> tuple[float, float, str]:
    """Seconds to the first result, and to the end; what was printed."""
    begun = time.monotonic()
    first = 0.0
    said = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          stderr=subprocess.STDOUT, text=True) as running:  # fmt: skip
        for line in running.stdout:
            said += line
            if not first and RESULT.match(line):
                first = time.monotonic() - begun
    return first, time.monotonic() - begun, said


def change(tree: Path, lab: int) -> None:
    """A line more in the file of the last exercise: as its body begins, or as the file ends."""
    path = tree / grading.manifest(tree, lab)["exercise"][-1]["file"]
    text = path.read_text(encoding="utf-8")
    whole = path.suffix == ".S"
    at = len(text) if whole else text.index("{", text.rindex(f"@lab{{{lab}.") + len("@lab{")) + 1
    path.write_text(f"{text[:at]}\n    // {time.time()}\n{text[at:]}", encoding="utf-8")


def main(program: str, emulator: str, folder: str, *labs: str) -> int:
    """Gives the exit status."""
    is_bad = False
    total = 0.0
    print("lab   new tree       again          after a change   (first answer, all; seconds)")
    for lab in [int(word) for word in labs] or range(1, 8):
        tree = Path(folder) / f"lab{lab}"
        shutil.rmtree(tree, ignore_errors=True)
        grading.derive(program, lab, "solution", tree)
        grading.begin_repository(tree)
        shutil.rmtree(tree.with_suffix(".build"), ignore_errors=True)
        command = [program, "grade", "--root", tree, "--build", tree.with_suffix(".build"),
                   "--emulator", emulator]  # fmt: skip
        rounds = [grade(command), grade(command)]
        change(tree, lab)
        rounds.append(grade(command))
        if not all(f"Lab {lab}: 100 of 100" in said for _, _, said in rounds):
            print(rounds[-1][2])
            is_bad = True
        print(f"{lab:3}" + "".join(f"   {first:4.1f} {whole:6.1f}  " for first, whole, _ in rounds),
              flush=True)  # fmt: skip
        is_bad = is_bad or rounds[-1][0] > FIRST or rounds[-1][1] > ALL
        total += rounds[-1][1]
    print(f"all                                    {total:6.1f}")
    return int(is_bad or total > SEVEN)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
