# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Plays a script to a system in the emulator, as a test: what the system says, and the verdict.

    options = command_line(__doc__).parse_args()
    played = play(options, script, instructions=20_000_000_000)
    tell([("net: all is well", played.problems())])

Nothing depends on the host's time. Read next: script.py, tools/emulator/run.py.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from net.frames import GUEST_IP, PEER_IP
from net.script import Script, emulator_options

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "platform/tests"))

from tap import Result, Writer  # noqa: E402

ADDRESS = f"net={GUEST_IP}/24,{PEER_IP}"
MEMORY = "256M"
LAST_LINES = 10


@dataclass(frozen=True)
class Played:
    """The end of a machine that a script was played to."""

    status: int
    output: str
    log: str
    capture: bytes  # all frames, as pcap; empty if nobody asked for it

    def problems(self) -> list[str]:
        """Why the script has not passed, with what the system said last; nothing if it has."""
        found = [] if self.status == 0 else [f"exit status {self.status}"]
        if "verdict passed" not in self.log:
            lines = [line for line in self.log.splitlines() if not line.startswith("ended")]
            found += ["the script has not passed", *lines[:20]]
        return found and found + self.output.splitlines()[-LAST_LINES:]


def command_line(about: str) -> argparse.ArgumentParser:
    """The options that say what is run."""
    parser = argparse.ArgumentParser(description=about.split("\n\n")[0])
    for name in ("--qemu", "--firmware", "--kernel", "--root", "--harts"):
        parser.add_argument(name, required=True)
    return parser


def play(options: argparse.Namespace, script: Script, *, instructions: int, stop: bool = True,
         offload: bool = False, capture: bool = False) -> Played:  # fmt: skip
    """Boots the system and plays the script; no longer than so many instructions. With `stop` the
    machine ends with the script. `offload`: the card sums."""
    with tempfile.TemporaryDirectory() as folder:
        file, log, frames = (Path(folder) / name for name in ("script", "log", "frames"))
        script.write(file)
        extra = emulator_options(file, log, offload=offload, stop=stop)
        if capture:
            extra += ("-object", f"filter-dump,id=capture,netdev=net0,file={frames}")
        command = [
            ROOT / "tools/emulator/run.py", "--qemu", options.qemu, "--firmware", options.firmware,
            "--kernel", options.kernel, "--initrd", options.root, "--harts", options.harts,
            "--memory", MEMORY, "--append", ADDRESS, "--counted", "--slice", "1000",
            "--stop-after", str(instructions), "--first-output", "0", "--", *extra,
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        return Played(run.returncode, run.stdout + run.stderr,
                      log.read_text() if log.exists() else "",
                      frames.read_bytes() if capture and frames.exists() else b"")  # fmt: skip


def tell(results: Iterable[tuple[str, list[str]]]) -> bool:
    """Writes TAP, as it comes: the name of each test, and what is wrong. True if nothing is."""
    writer = Writer(sys.stdout)
    for name, problems in results:
        writer.add(Result(name, not problems, problems))
    writer.close()
    return writer.failed == 0
