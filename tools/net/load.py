#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Whole scripts: clients of an echo server that all ask at once, and what they need around them.

    tools/net/load.py --connections 64 --requests 1000 --size 64 > echo.net

Each client sends a request, waits for all of its echo, looks at every byte, and sends the next one
at once, which acknowledges the echo. Between the marks `begin` and `end` nothing else happens: all
clients are connected and have had `warm` requests each before, and nobody goes away. The cost of a
request is the difference of the marks' instructions by connections times requests.
"""

import argparse
import contextlib
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from net import frames  # noqa: E402
from net.frames import ARP, GUEST, GUEST_IP, PEER, PEER_IP, internet  # noqa: E402
from net.script import Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

FIRST_PORT = 40_000
CONFIGURED = "configured"
DISCOVER, OFFER, REQUEST, ACKNOWLEDGED = 1, 2, 3, 5
DHCP_MAGIC = 0x63825363
DHCP_KIND = 242  # where a message says what it is, if it says that first
LEASE = 86_400  # seconds
RETURNED = re.compile(
    r"(?P<what>mark|ended|verdict) (?P<name>\S+) time=(?P<time>\d+) instructions="
    r"(?P<instructions>\d+) sent=(?P<sent>\d+) received=(?P<received>\d+)"
)


def arp_responder(script: Script, address: str = PEER_IP) -> None:
    """A lane that says for ever that the address is ours."""
    lane = script.lane("arp")
    lane.match(arp_op=1, arp_tpa=address)
    answer = frames.arp(2, (PEER, address), (GUEST, GUEST_IP))
    with lane.repeat("forever"):
        lane.expect("arp.sha->card", "arp.spa->asker", within=None)
        lane.send(frames.ethernet(GUEST, PEER, ARP, answer),
                  eth_dst="card", arp_tha="card", arp_tpa="asker")  # fmt: skip


def dhcp_server(script: Script, address: str = GUEST_IP, server: str = PEER_IP) -> None:
    """Lanes that give the guest this address, as often as it asks. Once it has it, the barrier
    CONFIGURED opens."""
    def answer(kind: int) -> bytes:
        options = struct.pack(">BBB BB4s BBL BB4s BB4s B", 53, 1, kind, 54, 4, internet(server),
                              51, 4, LEASE, 1, 4, bytes((255, 255, 255, 0)), 3, 4,
                              internet(server), 255)  # fmt: skip
        message = struct.pack(">BBBB L HH 4s4s4s4s 16s 192x L", 2, 1, 6, 0, 0, 0, 0, bytes(4),
                              internet(address), internet(server), bytes(4),
                              frames.hardware(GUEST), DHCP_MAGIC)  # fmt: skip
        packet = frames.ipv4(frames.UDP, frames.udp(67, 68, message + options), server, address)
        return frames.ethernet(GUEST, PEER, frames.IPV4, packet)

    for name, asked, answered in (("offer", DISCOVER, OFFER), ("lease", REQUEST, ACKNOWLEDGED)):
        lane = script.lane(name)
        lane.match(f"payload+{DHCP_KIND}:1={asked}", udp_dst=67)
        for again in (False, True):
            with lane.repeat("forever") if again else contextlib.nullcontext():
                lane.expect("payload+4:4->transaction", "payload+28:6->card", within=None)
                lane.send(answer(answered), "payload+4:4=transaction", "payload+28:6=card",
                          eth_dst="card")  # fmt: skip
            if asked == REQUEST and not again:
                lane.barrier(CONFIGURED)


def echo_load(connections: int, requests: int, size: int, *, port: int = 7, warm: int = 10,
              think: int = 0, close: bool = True, sending_flags: str = "", dhcp: bool = False,
              settle: int = 0, stagger: int = 100_000) -> Script:  # fmt: skip
    """`size` is of a request, in one segment; `think` is a client's ns between an echo and its next
    request; `settle` are ns that the clients wait before they connect, with `dhcp` from when the
    guest has been given an address, and `stagger` those by which each connects later than the one
    before it, for a server has room for so many handshakes at a time. A lane `arp` is in it."""
    script = Script(f"{connections} clients of an echo server, {requests} requests of {size} bytes")
    define_segment(script)
    if dhcp:
        dhcp_server(script)
    clock = script.lane("clock")
    clock.match("length=0")
    clock.barrier("warm")
    clock.mark("begin")
    clock.barrier("begun")
    clock.barrier("done")
    clock.mark("end")
    clock.barrier("ended")
    arp_responder(script)
    for number in range(connections):
        lane = script.lane(f"client{number}")
        client = TcpClient(lane, FIRST_PORT + number, port, within=60 * 10**9,
                           first=number << 20, sending_flags=sending_flags)  # fmt: skip
        if dhcp:
            lane.barrier(CONFIGURED)
        if settle + number * stagger:
            lane.wait(settle + number * stagger)
        client.connect()
        for rounds, before, after in ((warm, "warm", "begun"), (requests, "done", "ended")):
            client.echo(rounds, size, first=number << 32, acknowledge=False, pause=think)
            lane.barrier(before)
            lane.barrier(after)
        if close:
            client.close()
    return script


@dataclass(frozen=True)
class Mark:
    """A line of the log that has a time: a mark, the end of a lane, or the verdict."""

    what: str
    name: str
    time: int
    instructions: int
    sent: int
    received: int


def marks(log: str) -> Iterator[Mark]:
    """The marks of a script's log."""
    for found in RETURNED.finditer(log):
        yield Mark(found["what"], found["name"], *(int(found[i]) for i in range(3, 7)))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="tools/net/load.py", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--connections", type=int, default=1, metavar="N", help="clients (default: 1)")
    add("--requests", type=int, default=1000, metavar="N", help="of each (default: 1000)")
    add("--size", type=int, default=64, metavar="BYTES", help="of a request (default: 64)")
    add("--port", type=int, default=7, metavar="N", help="of the server (default: 7)")
    add("--warm", type=int, default=10, metavar="N", help="requests before (default: 10)")
    add("--think", type=int, default=0, metavar="NS", help="between requests (default: 0)")
    add("--dhcp", action="store_true", help="give the guest its address")
    add("--settle", type=int, default=0, metavar="NS", help="before connecting (default: 0)")
    options = parser.parse_args()
    script = echo_load(options.connections, options.requests, options.size, port=options.port,
                       warm=options.warm, think=options.think, dhcp=options.dhcp,
                       settle=options.settle)  # fmt: skip
    sys.stdout.write(str(script))


if __name__ == "__main__":
    main()
