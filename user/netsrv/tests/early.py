#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests that the net server serves whatever came before it was ready; writes TAP.

From the first instant on a frame comes every microsecond: the card takes the first ones as soon as
it has buffers, and interrupts while the server has not yet said how it wants to be told. Later there
is a client, whose every byte must come back. Read next: tools/net/play.py, user/netsrv/main.cpp.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

from net import frames  # noqa: E402
from net.frames import ARP, GUEST, GUEST_IP, PEER, PEER_IP  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.play import command_line, play, tell  # noqa: E402
from net.script import Pattern, Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

ECHO = 7
EVERY, SETTLED = 1000, 10**8  # ns
REQUESTS, REQUEST_BYTES = 20, 64


def script() -> Script:
    """Frames, and a client."""
    whole = Script("frames from the first instant on")
    define_segment(whole)
    arp_responder(whole)
    early = whole.lane("early")
    early.match("length=0")
    asked = frames.arp(1, (PEER, PEER_IP), ("00:00:00:00:00:00", GUEST_IP))
    with early.repeat(SETTLED // EVERY, "number"):
        early.send(frames.ethernet(GUEST, PEER, ARP, asked))
        early.wait(EVERY)
    early.barrier("settled")
    later = whole.lane("later")
    client = TcpClient(later, 42_000, ECHO)
    later.barrier("settled")
    client.connect()
    with later.repeat(REQUESTS, "round"):
        data = Pattern(REQUEST_BYTES, "round")
        client.send(data)
        client.expect(data)
    client.close()
    return whole


def main() -> None:
    """The command."""
    played = play(command_line(__doc__).parse_args(), script(), instructions=2_000_000_000)
    tell([("net-early: frames that come before the server is ready do no harm", played.problems())])


if __name__ == "__main__":
    main()
