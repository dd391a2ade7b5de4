# SPDX-License-Identifier: BSD-2-Clause
"""A network of one's own, with a tap device for the machine. Read next: tools/net/namespace.sh."""

import os
import subprocess
import sys
from pathlib import Path

NAMESPACE = str(Path(__file__).resolve().parents[1] / "net/namespace.sh")


def enter() -> str:
    """Starts this program anew in such a network, with `--net tap:NAME` behind its arguments. If
    this computer gives none: why."""
    check = subprocess.run([NAMESPACE, "--check"], stdin=subprocess.DEVNULL, text=True, check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    if check.returncode == 0:
        os.execv(NAMESPACE, [NAMESPACE, sys.argv[0], *sys.argv[1:], "--net", "tap:tap0"])
    return check.stdout.strip()


def skipped(suite: str, why: str) -> None:
    """Says so in TAP."""
    print(f"TAP version 13\nok 1 - {suite}: on a tap device # SKIP {why}\n1..1")
