#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests the net server with a crowd of clients, and plays the other end of the cable; writes TAP.

Every 16th guest sends a datagram, is answered, and is then visited by a client of its TCP server
(crowd.hpp). Nothing depends on the host's time. Read next: crowd.hpp; platform/qemu/README.md.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tools"))

from net import frames  # noqa: E402
from net.frames import ARP, GUEST, GUEST_IP, PEER, PEER_IP  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.play import command_line, play, tell  # noqa: E402
from net.script import Lane, Pattern, Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

# As crowd.hpp has them.
GUESTS, EVERY, ROUNDS_OF_GUESTS = 200, 16, 2
TCP_PORT, UDP_PORT_OUTSIDE, MOST_DATA = 1000, 9, 896
REQUESTS = 10
MINUTES = 600 * 10**9
SETTLED = 10**8
EXPECTED = (
    "crowd: 200 guests",
    "auditor: 2 times 201 clients at once, nothing is missing",
    ", all is well",
)


def bytes_of(number: int) -> int:
    """The length of a guest's datagram, by which it is known."""
    return 1 + number * 37 % MOST_DATA


def answer(lane: Lane, number: int) -> None:
    """A datagram came, another one goes back."""
    lane.expect("udp.src->port", within=MINUTES,
                payload=Pattern(bytes_of(number), number))  # fmt: skip
    lane.send("datagram", f"payload~{bytes_of(number)}={number + GUESTS}@0", udp_dst="port")


def script() -> Script:
    """The other end of the cable."""
    whole = Script("what a crowd of guests finds outside")
    define_segment(whole)
    packet = frames.ipv4(frames.UDP, frames.udp(UDP_PORT_OUTSIDE, 0, b""))
    whole.let("datagram", frames.ethernet(GUEST, PEER, frames.IPV4, packet))
    # From this the machine learns who we are: of packets that wait for that, lwIP keeps one only.
    greeting = whole.lane("greeting")
    greeting.match("length=0")
    greeting.wait(SETTLED)
    asked = frames.arp(1, (PEER, PEER_IP), ("00:00:00:00:00:00", GUEST_IP))
    greeting.send(frames.ethernet(GUEST, PEER, ARP, asked))
    arp_responder(whole)
    for number in range(0, GUESTS, EVERY):
        datagrams = whole.lane(f"datagrams{number}")
        datagrams.match(udp_dst=UDP_PORT_OUTSIDE, payload_length=bytes_of(number))
        visitor = whole.lane(f"visitor{number}")
        client = TcpClient(visitor, 5000, TCP_PORT + number, within=MINUTES)
        for turn in range(ROUNDS_OF_GUESTS):
            answer(datagrams, number)
            for lane in (datagrams, visitor):
                lane.barrier(f"visit{number}-{turn}")
            client.connect()
            client.echo(REQUESTS, MOST_DATA, first=number << 16)
            client.close()
    return whole


def main() -> None:
    """The command."""
    played = play(command_line(__doc__).parse_args(), script(), instructions=6_000_000_000,
                  stop=False)  # fmt: skip
    missing = [f"missing: {text}" for text in EXPECTED if text not in played.output]
    details = missing and missing + played.output.splitlines()[-30:]
    name = "net-crowd: 200 clients, of whom some are hostile, twice"
    tell([(name, played.problems() + details)])


if __name__ == "__main__":
    main()
