#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs what is in autograder/integrations/ here, as far as another system is not needed for it.

integrations.py REL4_GRADE FOLDER. Writes TAP. Each script grades the same small submission, lab 1
with some exercises left open, and its result must be the one that the others have too; files for
CI systems are read as those read them, and their commands are run.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml
import zipfile
from collections.abc import Callable
from pathlib import Path

import grading
import yaml

LAB = "1"
TOP = Path(__file__).resolve().parents[2]
HERE = TOP / "autograder/integrations"
# What a job does before it grades needs another machine, or changes this one.
SET_UP = ("apt-get", "git clone", "touch /run/")


class Place:
    """The submission, and a folder for each system."""

    def __init__(self, grade: str, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if old.name != "work":  # what is built there is built only once
                shutil.rmtree(old)
        self.submission = grading.derive(grade, int(LAB), "starter", folder / "ada")
        solution = grading.derive(grade, int(LAB), "solution", folder / "solution")
        shutil.copy(solution / "kernel/cap/cspace.cpp", self.submission / "kernel/cap/cspace.cpp")
        self.environment = {
            **grading.own_environment(),
            "SANDBOX": "bwrap",
            # Else Gradescope's script builds an emulator of its own.
            "REL4_CACHE": os.environ.get("REL4_CACHE") or str(Path.home() / ".cache/rel4"),
            "REL4_WORK": str(folder / "work"),
            "REL4": str(TOP),
            "LAB": LAB,
        }

    def make(self, name: str) -> Path:
        """A folder in which the course's source is, as a system has it."""
        place = self.folder / name
        place.mkdir(parents=True)
        (place / "rel4").symlink_to(TOP)
        return place

    def run(self, command: list[str | Path], place: Path, **more: str) -> tuple[int, str]:
        """Exit status, and what it printed."""
        done = subprocess.run([str(word) for word in command], cwd=place, text=True, check=False,
                              env={**self.environment, **more}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        return done.returncode, done.stdout


def grade_one(place: Place) -> float:
    """The script that all others come down to, with its exit statuses."""
    folder = place.make("one")
    out = folder / "result.xml"
    status, said = place.run([HERE / "grade-one.sh", LAB, place.submission, "junit", out], folder)
    assert status == 0, said
    suite = xml.parse(out).getroot().find("testsuite")
    assert suite is not None, "no testsuite"
    values = {item.get("name"): item.get("value") for item in suite.iter("property")}
    out.write_text("old", encoding="utf-8")
    status, said = place.run([HERE / "grade-one.sh", LAB], folder)
    assert status == 3 and "grade-one.sh LAB SUBMISSION" in said, said
    status, said = place.run([HERE / "grade-one.sh", LAB, place.submission, "junit", out], folder,
                             PATH="/usr/bin:/bin", SANDBOX="nothing")  # fmt: skip
    assert status >= 3 and not out.exists(), f"{status}: a fault of the machine has a result"
    return float(values["score"] or 0)


def gradescope(place: Place) -> float:
    """What runs for each submission; the package's content."""
    folder = place.make("gradescope")
    source = folder / "source"
    source.mkdir()
    (folder / "rel4").rename(source / "rel4")
    (source / "lab").write_text(LAB + "\n", encoding="utf-8")
    (folder / "submission").symlink_to(place.submission)
    status, said = place.run([HERE / "gradescope/run_autograder"], folder, AUTOGRADER=str(folder))
    assert status == 0, said
    return json.loads((folder / "results/results.json").read_text(encoding="utf-8"))["score"]


def gradescope_package(place: Place) -> None:
    """It has what Gradescope calls, and the whole course; what it calls is there."""
    folder = place.make("package")
    status, said = place.run([HERE / "gradescope/package.sh", LAB], folder)
    assert status == 0, said
    with zipfile.ZipFile(folder / f"autograder-lab{LAB}.zip") as package:
        names = set(package.namelist())
        assert package.read("lab").decode().strip() == LAB
    for name in ("setup.sh", "run_autograder", "rel4/Makefile",
                 "rel4/autograder/integrations/grade-one.sh"):  # fmt: skip
        assert name in names, f"the package lacks {name}"
    goals = re.findall(r"^make (.*)$", (HERE / "gradescope/setup.sh").read_text(encoding="utf-8"),
                       flags=re.MULTILINE)  # fmt: skip
    assert goals, "setup.sh builds nothing"
    status, said = place.run(["make", "--dry-run", *goals[0].split()], TOP)
    assert status == 0, said


def autolab(place: Place) -> float:
    """The last line is Autolab's."""
    folder = place.make("autolab")
    for name in ("Makefile", "autograde.sh"):
        shutil.copy(HERE / "autolab" / name, folder)
    status, said = place.run(["make", "-s", f"LAB={LAB}", f"HANDIN={place.submission}"], folder)
    assert status == 0, said
    return sum(json.loads(said.strip().splitlines()[-1])["scores"].values())


def slurm(place: Place) -> float:
    """One job of an array; a score is no failure of the job."""
    folder = place.make("slurm")
    (folder / "submissions.txt").write_text(f"/nowhere\n{place.submission}\n", encoding="utf-8")
    (folder / "results").mkdir()
    command = ["bash", HERE / "slurm/class.sbatch", "submissions.txt", LAB, "results"]
    status, said = place.run(command, folder, SLURM_ARRAY_TASK_ID="2")
    assert status == 0, said
    status, said = place.run(command, folder, SLURM_ARRAY_TASK_ID="1")
    assert status != 0, "a submission that is not there is no failure"
    return json.loads((folder / "results/ada.json").read_text(encoding="utf-8"))["score"]


def has_commands(script: str, place: Path) -> None:
    """The first word of each command is a program, or a file of the course."""
    for line in script.splitlines():
        for command in line.split("&&"):
            word = shlex.split(command)[0]
            known = shutil.which(word) or (place / word).is_file()
            assert known, f"there is no {word}"


def github(place: Place) -> float:
    """The steps of the job that are commands."""
    folder = place.make("github")
    (folder / "submission").symlink_to(place.submission)
    workflow = yaml.safe_load((HERE / "github/grade.yml").read_text(encoding="utf-8"))
    assert set(workflow) == {"name", True, "permissions", "jobs"}, list(workflow)  # True: "on"
    job = workflow["jobs"]["grade"]
    assert job["timeout-minutes"] and job["container"]["image"]
    for step in job["steps"]:
        assert ("run" in step) != ("uses" in step), step
        assert "@" in step.get("uses", "@"), "an action without a version"
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    for script in scripts:
        has_commands(re.sub(r"\$\{\{.*?\}\}", "x", script), folder)
    script = scripts[-1].replace("${{ vars.LAB }}", LAB)
    assert "${{" not in script, script
    status, said = place.run(["bash", "-euo", "pipefail", "-c", script], folder)
    assert status == 0, said
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return sum(test["score"] for test in result["tests"])


def gitlab(place: Place) -> float:
    """The job's script, but for what sets up its machine; the submission is a repository."""
    folder = place.make("gitlab")
    job = yaml.safe_load((HERE / "gitlab/gitlab-ci.yml").read_text(encoding="utf-8"))["grade"]
    lines = [line for line in job["script"] if not line.startswith(SET_UP)]
    assert len(lines) < len(job["script"]), "nothing is set up"
    script = "\n".join(lines).replace("/tmp/", f"{folder}/")
    work = shutil.copytree(place.submission, folder / "ada")
    git = "git -c user.name=t -c user.email=t@rel4.invalid"
    status, said = place.run(["bash", "-euo", "pipefail", "-c",
                              f"git init -q . && git add -A && {git} commit -qm mine\n{script}"],
                             work)  # fmt: skip
    assert status == 0, said
    reports = job["artifacts"]["reports"]["junit"]
    suite = xml.parse(work / reports).getroot().find("testsuite")
    assert suite is not None, "no testsuite"
    values = {item.get("name"): item.get("value") for item in suite.iter("property")}
    return float(values["score"] or 0)


def main(grade: str, folder: str) -> int:
    """Runs everything; gives the exit status."""
    tap = grading.Tap()
    place = Place(grade, Path(folder).resolve())
    scores: dict[str, float] = {}

    def tell(name: str, check: Callable[[Place], float | None]) -> None:
        problems = []
        try:
            score = check(place)
            if score is not None:
                scores[name] = score
        except (AssertionError, OSError, KeyError, ValueError) as error:
            problems = f"{type(error).__name__}: {error}".splitlines()[-40:]
        tap.tell(f"integrations: {name}", problems)

    tell("grade-one.sh", grade_one)
    tell("Gradescope, a submission", gradescope)
    tell("Gradescope, the package", gradescope_package)
    tell("Autolab", autolab)
    tell("Slurm", slurm)
    tell("GitHub Actions", github)
    tell("GitLab CI", gitlab)
    same = len(set(scores.values())) == 1 and all(0 < score < 100 for score in scores.values())
    tap.tell("integrations: all have the same score", [] if same else [str(scores)])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
