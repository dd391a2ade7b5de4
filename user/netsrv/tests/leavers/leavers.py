#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests that the net server outlives its clients in PROFILE=sel4; writes TAP.

Nothing comes over the cable. Nothing depends on the host's time. Read next: root.cpp.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "platform/tests")]

from net.frames import GUEST_IP, PEER_IP  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.script import Script, emulator_options  # noqa: E402
from tap import Result, Writer  # noqa: E402

ADDRESS = f"net={GUEST_IP}/24,{PEER_IP}"
ENDED = "leavers: each has ended as it should"
AUDIT = re.compile("auditor: (.*)")
NOBODY = "clients 1, handles 0, connections 0, segments 0, packets 0, "


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for name in ("--qemu", "--firmware", "--kernel", "--root", "--harts"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    whole = Script("a peer that only says where it is")
    arp_responder(whole)
    whole.lane("clock").silence(1)
    with tempfile.TemporaryDirectory() as folder:
        file, log = Path(folder) / "script", Path(folder) / "log"
        whole.write(file)
        command = [
            ROOT / "tools/emulator/run.py", "--qemu", options.qemu, "--firmware", options.firmware,
            "--kernel", options.kernel, "--initrd", options.root, "--harts", options.harts,
            "--memory", "256M", "--append", ADDRESS, "--counted", "--slice", "1000",
            "--stop-after", "10000000000", "--first-output", "0",
            "--", *emulator_options(file, log, stop=False),
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    output = (run.stdout + run.stderr).replace("\r", "")
    audits = AUDIT.findall(output)
    problems = [] if run.returncode == 0 else [f"exit status {run.returncode}"]
    problems += [] if ENDED in output else [f"missing: {ENDED}"]
    if len(audits) != 2 or audits[0] != audits[1] or not audits[0].startswith(NOBODY):
        problems += ["the net server has not everything back:", *audits]
    writer = Writer(sys.stdout)
    name = "net-leavers: clients that end in every way leave nothing in the net server"
    writer.add(Result(name, not problems, problems and problems + output.splitlines()[-30:]))
    writer.close()


if __name__ == "__main__":
    main()
