# SPDX-License-Identifier: BSD-2-Clause
"""The watch over a boot, tools/emulator/run.py, with real machines that hang in different ways.

Only here is time what is tested: the watch must stop a silent machine. A machine that is not silent
is never stopped by it, however slow the host is. Read next: tools/emulator/README.md.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from guest import ENVIRONMENTS, Setup
from jobs import Job
from tap import Result
from words import JUMP_TO_ZERO, machine_of

from emulator.watch import STOPPED_BY_WATCH

RUN = str(Path(__file__).resolve().parents[2] / "tools/emulator/run.py")
NAMED = r"[A-Za-z_][\w:<>]*\+0x[0-9a-f]+"


def jobs(setup: Setup) -> Iterator[Job]:
    """One job for each way to hang, and some that do not hang."""
    for environment in ENVIRONMENTS:
        yield Job(f"watchdog/{environment}", partial(hanging, setup, environment))
    yield Job("watchdog/trap loop", partial(trap_loop, setup))
    yield Job("watchdog/default", partial(default, setup))
    yield Job("watchdog/speaking", partial(speaking, setup))


def started(setup: Setup, *arguments: str) -> subprocess.CompletedProcess:
    """Runs the command, with no terminal; the wall limit is the last resort."""
    return subprocess.run(
        [sys.executable, RUN, "--qemu", setup.qemu, "--timeout", str(setup.wall), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def guest(setup: Setup, environment: str, program: str) -> list[str]:
    """The options that start a test program."""
    arguments = ["--harts", "4", "--kernel", str(setup.kernel(environment, program))]
    if environment == "sbi":
        arguments += ["--firmware", setup.firmware]
    return arguments


def judge(name: str, ran: subprocess.CompletedProcess, status: int, last: str) -> Result:
    """Compares the status, and the last line of standard error with a pattern."""
    lines = ran.stderr.splitlines() or [""]
    if ran.returncode == status and re.search(last, lines[-1]):
        return Result(f"watchdog/{name}")
    details = [f"expected status {status} and: {last}", f"status {ran.returncode}"]
    return Result(f"watchdog/{name}", False, details + ran.stdout.splitlines()[-5:] + lines)


def hanging(setup: Setup, environment: str) -> list[Result]:
    """A silent loop is named; so are a loop and a sleep that had something to say."""
    silent = started(setup, *guest(setup, environment, "silent"), "--first-output", "1")
    sleep = started(setup, *guest(setup, environment, "sleep"), "--timeout", "1")
    spin = started(setup, *guest(setup, environment, "spin"), "--timeout", "1")
    sliced = started(setup, *guest(setup, environment, "spin"), "--timeout", "1",
                     "--counted", "--slice", "1000")  # fmt: skip
    late, asleep = "not ended after 1 s: ", "waiting for an interrupt that does not come: "
    return [
        judge(f"{environment}: a silent loop is stopped and named", silent, STOPPED_BY_WATCH,
              rf"no output for 1 s: hart \d loops at {NAMED}.*, remedy: run it again with --gdb$"),
        judge(f"{environment}: a loop is named at the last limit", spin, STOPPED_BY_WATCH,
              rf"{late}hart \d loops at {NAMED}"),
        judge(f"{environment}: a loop is named on a machine with slices", sliced, STOPPED_BY_WATCH,
              rf"{late}hart \d loops at {NAMED}"),
        judge(f"{environment}: a sleep is named at the last limit", sleep, STOPPED_BY_WATCH,
              rf"{late}{asleep}hart \d at {NAMED}"),
    ]  # fmt: skip


def trap_loop(setup: Setup) -> list[Result]:
    """Traps without end: the cause is told."""
    with machine_of(setup, [JUMP_TO_ZERO]) as machine:
        ran = started(setup, "--firmware", machine.firmware, "--first-output", "1")
    pattern = r"hart 0 loops at 0x0 \(cause: instruction access fault, tval 0x0\), remedy:"
    return [judge("bare: a loop of traps is named with its cause", ran, STOPPED_BY_WATCH, pattern)]


def default(setup: Setup) -> list[Result]:
    """Five seconds, if nothing else is said."""
    ran = started(setup, *guest(setup, "bare", "silent"))
    pattern = r"no output for 5 s: hart \d loops at"
    return [judge("bare: silence lasts five seconds by default", ran, STOPPED_BY_WATCH, pattern)]


def speaking(setup: Setup) -> list[Result]:
    """Machines that end by themselves: their status passes through."""
    results = []
    for environment in ENVIRONMENTS:
        for code in (0, 1, 77):
            ran = started(
                setup, *guest(setup, environment, "exit"), "--append", f"code={code}"
            )
            name = f"{environment}: exit status {code} passes through"
            results.append(judge(name, ran, code, ""))
    ran = started(setup, *guest(setup, "bare", "exit"), "--slice", "9", "--stop-after", "100")
    results.append(judge("bare: the emulator's own status passes through", ran, 124, "hart 3: pc="))
    return results
