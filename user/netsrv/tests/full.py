#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests that who keeps the rules is served while others take all connections; writes TAP.

More connections are opened than a program can have, one crowd after the other, and kept: of clients
that never say anything; of clients that have said something, long ago; and many are broken off
before the server has looked at them. During and after each crowd new clients come, ask for echoes,
and get every byte; and so does one that is there all the time. Nothing depends on the host's time.
Read next: tools/net/tcp.py, user/netsrv/handles.cpp.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

from net.load import arp_responder  # noqa: E402
from net.play import command_line, play, tell  # noqa: E402
from net.script import Lane, Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

ECHO = 7
MICROSECOND, MILLISECOND, SECOND = 10**3, 10**6, 10**9
SETTLED = 100 * MILLISECOND
SILENT, SILENT_EVERY = 700, 50 * MICROSECOND
IDLE, IDLE_EVERY, IDLE_FOR = 250, 200 * MICROSECOND, 3 * SECOND
BROKEN, BROKEN_EVERY = 600, 50 * MICROSECOND
NEW, NEW_EVERY, REQUESTS, REQUEST_BYTES = 20, 2 * MILLISECOND, 10, 64
PAUSE, PAUSES = 50 * MILLISECOND, 100  # of the one that stays
CROWDS = ("silent", "idle", "broken")


def ask(client: TcpClient, requests: int, pause: int = 0) -> None:
    """The client gets back all that it sends, within a second each time."""
    client.echo(requests, REQUEST_BYTES, first=client.port << 16, pause=pause)


def keep(lane: Lane) -> None:
    """From here on nothing that the guest sends matters: it may have broken the connection off."""
    lane.ignore("tcp.flags=A/FSR")
    lane.ignore("tcp.flags=R/R")


def crowd(script: Script, name: str, count: int, every: int) -> list[TcpClient]:
    """Clients that connect one after the other, when it is this crowd's turn."""
    clients = []
    for number in range(count):
        lane = script.lane(f"{name}{number}")
        port = 10_000 * (1 + CROWDS.index(name)) + number
        clients.append(TcpClient(lane, port, ECHO, within=10 * SECOND, first=port << 8))
        lane.barrier(name)
        lane.wait(1 + number * every)
        clients[-1].connect()
    return clients


def newcomers(script: Script, name: str) -> None:
    """Clients that keep the rules come during and after a crowd."""
    for number in range(2 * NEW):
        lane = script.lane(f"beside-{name}{number}")
        client = TcpClient(lane, 50_000 + 100 * CROWDS.index(name) + number, ECHO)
        lane.barrier(name if number < NEW else f"{name}-there")
        lane.wait(1 + number % NEW * NEW_EVERY)
        client.connect()
        ask(client, REQUESTS)
        client.close()
        lane.barrier(f"{name}-done")


def script() -> Script:
    """All of them."""
    whole = Script("clients that take all connections, and others that want to be served")
    define_segment(whole)
    arp_responder(whole)
    clock = whole.lane("clock")
    clock.match("length=0")
    clock.wait(SETTLED)
    for name in CROWDS:
        clock.barrier(name)
        clock.barrier(f"{name}-there")
        clock.barrier(f"{name}-done")
    there = whole.lane("there")
    client = TcpClient(there, 60_000, ECHO)
    there.wait(SETTLED // 2)
    client.connect()
    ask(client, PAUSES, PAUSE)
    client.close()
    for client in crowd(whole, "silent", SILENT, SILENT_EVERY):
        keep(client.lane)
        client.lane.barrier("silent-there")
    for client in crowd(whole, "idle", IDLE, IDLE_EVERY):
        ask(client, 1)
        keep(client.lane)
        client.lane.wait(IDLE_FOR)
        client.lane.barrier("idle-there")
    for client in crowd(whole, "broken", BROKEN, BROKEN_EVERY):
        client.reset()
        keep(client.lane)
        client.lane.barrier("broken-there")
    for name in CROWDS:
        newcomers(whole, name)
    return whole


def main() -> None:
    """The command."""
    played = play(command_line(__doc__).parse_args(), script(), instructions=20_000_000_000)
    name = "net-full: clients that take all connections keep nobody out who keeps the rules"
    tell([(name, played.problems())])


if __name__ == "__main__":
    main()
