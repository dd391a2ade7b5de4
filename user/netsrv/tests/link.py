#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests what the net server does below IP; writes TAP.

A frame comes every microsecond from the first instant on: the card takes the first ones as soon as
it has buffers, and interrupts while the server has not yet said how it wants to be told. And a peer
moves to another card while a connection is open: answers must soon go there. Read next:
tools/net/play.py, user/netsrv/main.cpp, user/netsrv/frame_heads.hpp.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

from net import frames  # noqa: E402
from net.frames import ARP, GUEST, GUEST_IP, PEER, PEER_IP  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.play import command_line, play, tell  # noqa: E402
from net.script import Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

ECHO = 7
EVERY, SETTLED = 1000, 10**8  # ns
REQUESTS, REQUEST_BYTES = 20, 64
ANOTHER = "02:00:00:00:00:02"
UNTIL_FOLLOWED = 5 * 10**8  # ns
INSTRUCTIONS = 3_000_000_000


def asked(card: str) -> bytes:
    """A peer with this card asks who the guest is, and so says who it is itself."""
    return frames.ethernet(GUEST, card, ARP, frames.arp(
        1, (card, PEER_IP), ("00:00:00:00:00:00", GUEST_IP)))  # fmt: skip


def exchange(client: TcpClient, card: str) -> None:
    """Requests, whose answers go to this card."""
    client.echo(REQUESTS, REQUEST_BYTES, f"eth.dst=0x{card.replace(':', '')}")


def early(whole: Script) -> None:
    """Frames before anybody waits for them."""
    arp_responder(whole)
    lane = whole.lane("early")
    lane.match("length=0")
    with lane.repeat(SETTLED // EVERY, "number"):
        lane.send(asked(PEER))
        lane.wait(EVERY)
    lane.barrier("settled")
    later = whole.lane("later")
    client = TcpClient(later, 42_000, ECHO)
    later.barrier("settled")
    client.connect()
    exchange(client, PEER)
    client.close()


def moved(whole: Script) -> None:
    """A peer with two cards, one after the other."""
    lane = whole.lane("peer")
    client = TcpClient(lane, 42_000, ECHO)
    lane.wait(SETTLED)
    lane.send(asked(PEER))
    client.connect()
    exchange(client, PEER)
    lane.send(asked(ANOTHER))
    lane.wait(UNTIL_FOLLOWED)
    exchange(client, ANOTHER)
    client.close()


CASES: dict[str, Callable[[Script], None]] = {
    "frames that come before the server is ready do no harm": early,
    "a peer that moves to another card is followed": moved,
}


def main() -> None:
    """The command."""
    options = command_line(__doc__).parse_args()

    def results() -> Iterator[tuple[str, list[str]]]:
        for name, steps in CASES.items():
            script = Script(name)
            define_segment(script)
            steps(script)
            yield f"net-link: {name}", play(options, script, instructions=INSTRUCTIONS).problems()

    tell(results())


if __name__ == "__main__":
    main()
