#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests the servers with remote peers who take all they can get; writes TAP.

SYNs come from thousands of ports that never answer; and nearly as many connections as the TCP
server has room for are opened at its echo, fill it with what they send, and read nothing. Meanwhile
one client asks for echoes, and gets every byte; then those who read nothing break off, and twenty
new ones are served. Nothing depends on the host's time. Read next: tools/net/tcp.py.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

from net.load import arp_responder  # noqa: E402
from net.play import command_line, play, tell  # noqa: E402
from net.script import Lane, Pattern, Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

ECHO = 7
SYNS, SYN_EVERY = 3000, 20_000  # ns: ten times the backlog within a round trip would keep all out
DEAF, SEGMENTS, SEGMENT = 280, 3, 1460
LATER, REQUESTS, REQUEST_BYTES = 20, 200, 64
SETTLED, SECOND = 10**8, 10**9


def served(lane: Lane, port: int, requests: int) -> None:
    """A client that gets back all that it sends, within a second each time."""
    client = TcpClient(lane, port, ECHO)
    client.connect()
    client.echo(requests, REQUEST_BYTES, first=port << 16)
    client.close()


def script() -> Script:
    """All of them."""
    whole = Script("SYNs that nobody stands behind, and clients that read nothing")
    define_segment(whole)
    arp_responder(whole)
    syns = whole.lane("syns")
    syns.match("length=0")
    syns.wait(SETTLED)
    with syns.repeat(SYNS, "number"):
        syns.send("segment", "tcp.src=number+10000", "tcp.seq=number", "tcp.flags=S",
                  f"tcp.dst={ECHO}", "ip.src=10.0.2.77")  # fmt: skip
        syns.wait(SYN_EVERY)
    syns.barrier("flooded")
    for number in range(DEAF):
        lane = whole.lane(f"deaf{number}")
        client = TcpClient(lane, 41_000 + number, ECHO, within=60 * SECOND)
        lane.barrier("flooded")
        lane.wait(1 + number * 100_000)
        client.connect()
        lane.ignore("tcp.flags=A/FSR")
        for _ in range(SEGMENTS):
            client.send(Pattern(SEGMENT, number))
        lane.barrier("full")
        lane.barrier("enough")
        client.reset()
        lane.barrier("gone")
    while_flooded = whole.lane("while-flooded")
    while_flooded.wait(SETTLED + SYNS // 3 * SYN_EVERY)
    served(while_flooded, 42_000, REQUESTS)
    while_full = whole.lane("while-full")
    while_full.barrier("full")
    served(while_full, 42_001, REQUESTS)
    while_full.barrier("enough")
    for number in range(LATER):
        lane = whole.lane(f"later{number}")
        lane.barrier("gone")
        served(lane, 42_100 + number, REQUESTS)
    return whole


def main() -> None:
    """The command."""
    played = play(command_line(__doc__).parse_args(), script(), instructions=20_000_000_000)
    name = f"net-flood: {SYNS} SYNs and {DEAF} connections that read nothing keep nobody out"
    tell([(name, played.problems())])


if __name__ == "__main__":
    main()
