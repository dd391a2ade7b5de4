#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests that the net server outlives its clients in PROFILE=sel4; writes TAP.

Nothing comes over the cable. Nothing depends on the host's time. Read next: root.cpp.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tools"))

from net.load import arp_responder  # noqa: E402
from net.play import Played, command_line, play, tell  # noqa: E402
from net.script import Script  # noqa: E402

ENDED = "leavers: each has ended as it should"
AUDIT = re.compile("auditor: (.*)")
NOBODY = "clients 1, handles 0, connections 0, segments 0, packets 0, "


def problems(played: Played) -> Iterator[str]:
    """What is wrong."""
    output = played.output.replace("\r", "")
    audits = AUDIT.findall(output)
    yield from played.problems()
    if ENDED not in output:
        yield f"missing: {ENDED}"
    if len(audits) != 2 or audits[0] != audits[1] or not audits[0].startswith(NOBODY):
        yield "the net server has not everything back:"
        yield from audits


def main() -> None:
    """The command."""
    script = Script("a peer that only says where it is")
    arp_responder(script)
    script.lane("clock").silence(1)
    played = play(command_line(__doc__).parse_args(), script, instructions=10_000_000_000,
                  stop=False)  # fmt: skip
    name = "net-leavers: clients that end in every way leave nothing in the net server"
    tell([(name, list(problems(played)))])


if __name__ == "__main__":
    main()
