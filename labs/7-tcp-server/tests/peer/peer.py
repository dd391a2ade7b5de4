#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the script of a test in which the network is played: peer.py ID SEED.

On the machine runs the whole system, as it is; the other end of its cable is the script, which has
the verdict. What it says and when is drawn from the seed. A note in a lane is what is expected from
there on: if a step behind it fails, students read it. Read next: tools/net/tcp.py.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tools"))

from net import frames, pages  # noqa: E402
from net.frames import GUEST, GUEST_IP, PEER  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.script import Lane, Pattern, Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

ECHO, HTTP = 7, 80
MICROSECOND, MILLISECOND = 10**3, 10**6
SETTLED = 300 * MILLISECOND  # then the system listens
SOON = 100 * MILLISECOND
FIRST_PORT = 40_000
SEGMENT = 1460  # bytes, at most
WINDOW = 3 * SEGMENT  # of the guest
# Small windows of ours. The stack sends at most half of one in a segment, and a packet of the
# servers, 896 bytes, must fit into the 8 segments that it keeps.
SMALL = (300, 900)

TOGETHER = "together"  # all are served at the same time

Test = Callable[[Script, random.Random], None]
TESTS: dict[str, Test] = {}


def test(name: str) -> Callable[[Test], Test]:
    """A test, "id: title"; rel4-grade looks for these."""
    return lambda function: TESTS.setdefault(name.partition(":")[0], function)


# 7.2


@test("drive-peer: on the machine, the card's frames are seen at once, whenever they come")
def drive(script: Script, draw: random.Random) -> None:
    """Pings: at first many at once; then two, the second at every moment while the first one is
    answered and the driver goes to sleep behind it."""
    lane = script.lane("pings")
    lane.match(ip_protocol=frames.ICMP, ip_src=GUEST_IP)
    lane.wait(SETTLED)
    pings = Pings(lane, draw)
    for count in (1, 1, 2, 5, 20, 30, 1, 1):
        pings.send(count)
        pings.expect()
        lane.wait(draw.randint(1, 50) * MILLISECOND)
    for moment in range(0, 12 * MICROSECOND, 40):
        pings.send(1)
        lane.wait(1 + moment + draw.randrange(40))
        pings.send(1)
        pings.expect()
        lane.wait(draw.randint(20, 100) * MICROSECOND)


class Pings:
    """What the guest was asked, and has not answered yet."""

    def __init__(self, lane: Lane, draw: random.Random) -> None:
        self._lane = lane
        self._draw = draw
        self._sent = 0
        self._asked: list[tuple[int, int]] = []

    def send(self, count: int) -> None:
        """So many at once, of any lengths."""
        for _ in range(count):
            size = self._draw.randrange(1400)
            self._lane.send(ping(), icmp_seq=self._sent, payload=Pattern(size, self._sent))
            self._asked.append((self._sent, size))
            self._sent += 1

    def expect(self) -> None:
        """All answers, one after the other."""
        for sequence, size in self._asked:
            is_last = sequence == self._asked[-1][0]
            self._lane.note(f"expected an answer to ping {sequence}"
                            f"{', behind which no other came' if is_last else ''}")  # fmt: skip
            self._lane.expect(within=SOON, icmp_type=0, icmp_id=1, icmp_seq=sequence,
                              payload=Pattern(size, sequence), payload_length=size)  # fmt: skip
        self._asked.clear()


def ping() -> bytes:
    """A ping of the guest, without data."""
    packet = frames.ipv4(frames.ICMP, frames.icmp_echo(1, 0))
    return frames.ethernet(GUEST, PEER, frames.IPV4, packet)


# 7.3, with 7.4 and 7.5


@test("receive-peer: over real TCP, 5 connections get every byte back, whatever segments it is in")
def receive(script: Script, draw: random.Random) -> None:
    """Each connection has a way of its own to send; at first all of them are there."""
    for number, talk in enumerate((pieces, whole_windows, out_of_order, breaks_off, reads_slowly)):
        window = draw.randint(*SMALL) if talk is reads_slowly else 0xFFFF
        expected = f"connection {number + 1}: expected"
        client = connection(script, draw, number, ECHO, expected, window)
        send(client, draw, 100)
        get_back(client, 100, expected)
        client.lane.barrier(TOGETHER)
        talk(client, draw, expected)


def pieces(client: TcpClient, draw: random.Random, expected: str) -> None:
    """One piece after the other."""
    for _ in range(20):
        size = draw.choice((draw.randint(1, 64), draw.randint(1, SEGMENT)))
        send(client, draw, size)
        get_back(client, size, expected)
    half_close(client, draw, expected)


def whole_windows(client: TcpClient, draw: random.Random, expected: str) -> None:
    """As much as the guest takes, so that it must make room for what comes next."""
    for _ in range(10):
        send(client, draw, WINDOW)
        get_back(client, WINDOW, expected)
    close(client, expected)


def out_of_order(client: TcpClient, draw: random.Random, expected: str) -> None:
    """Segments that come late, and twice."""
    for _ in range(5):
        size = draw.randint(300, 3000)
        data = Pattern(size, size).bytes()
        first, second = sorted(draw.sample(range(1, size), 2))
        for begin, end in ((first, second), (0, first), (0, second), (second, size)):
            for at in range(begin, end, SEGMENT):
                client.send_at(at, data[at : min(at + SEGMENT, end)])
        client.advance(size)
        get_back(client, size, expected)
    close(client, expected)


def breaks_off(client: TcpClient, draw: random.Random, expected: str) -> None:
    """Goes away with an echo on its way, and comes again."""
    for _ in range(4):
        send(client, draw, draw.randint(1, WINDOW))
        client.lane.wait(draw.randint(1, 200) * MICROSECOND)
        client.reset()
        client.lane.ignore(ip_protocol=frames.TCP)
        client.lane.silence(MILLISECOND)
        client.first += 1 << 20
        client.lane.note(f"{expected} to be accepted, after one that was broken off")
        client.connect()
    send(client, draw, 1000)
    get_back(client, 1000, expected)
    close(client, expected)


def reads_slowly(client: TcpClient, draw: random.Random, expected: str) -> None:
    """Sends all that it can, and takes little at a time: its window is small."""
    for _ in range(3):
        send(client, draw, WINDOW)
        client.lane.wait(draw.randint(1, 100) * MILLISECOND)
        get_back(client, WINDOW, expected)
    close(client, expected)


def send(client: TcpClient, draw: random.Random, size: int) -> None:
    """Bytes in any segments, with pauses between some of them."""
    send_text(client, draw, Pattern(size, size).bytes(), SEGMENT)


def send_text(client: TcpClient, draw: random.Random, data: bytes, most: int) -> None:
    """The same for these bytes."""
    while data:
        size = draw.randint(1, most)
        client.send(data[:size])
        data = data[size:]
        if draw.random() < 0.3:
            client.lane.wait(draw.randint(1, 50 * MICROSECOND))


def get_back(client: TcpClient, size: int, expected: str) -> None:
    """What send() has sent."""
    client.lane.note(f"{expected} {size} bytes back")
    client.expect(Pattern(size, size))


def half_close(client: TcpClient, draw: random.Random, expected: str) -> None:
    """Our end comes right behind the data."""
    send(client, draw, 2000)
    client.segment("FA")
    client.advance(1)
    client.lane.note(f"{expected} 2000 bytes back, and the end behind them")
    client.lane.stream("ack", Pattern(2000, 2000), "fin", reply=client.frame("A"),
                       within=client.within)  # fmt: skip


def close(client: TcpClient, expected: str) -> None:
    """Our end, and the guest's."""
    client.lane.note(f"{expected} the end of the connection")
    client.close()


# 7.6, with 7.3 and 7.5

LAST = ("Connection: close",)
HEAD_OF_PAGE = pages.THE_PAGE.removesuffix(pages.PAGE)
REQUESTS = (  # what, bytes, answer
    ("GET /", pages.get("/"), pages.THE_PAGE),
    ("GET /nothing", pages.get("/nothing"), pages.NOT_FOUND),
    ("empty lines, GET /nothing", b"\r\n\r\n" + pages.get("/nothing"), pages.NOT_FOUND),
    ("HEAD /", pages.get("/").replace(b"GET", b"HEAD"), HEAD_OF_PAGE),
    ("GET /?query with a body", pages.get("/?query", "Content-Length: 300") + bytes(300),
     pages.THE_PAGE),
)  # fmt: skip
LAST_REQUESTS = (
    ("GET /nothing, close", pages.get("/nothing", *LAST), pages.NOT_FOUND_LAST),
    ("DELETE /", pages.get("/").replace(b"GET", b"DELETE"), pages.NOT_ALLOWED),
)


@test("next-peer: over real TCP, 4 browsers get each answer to the byte, one or many at a time")
def browse(script: Script, draw: random.Random) -> None:
    """Requests in any segments; the last one ends the connection."""
    for number in range(4):
        expected = f"browser {number + 1}: expected"
        client = connection(script, draw, number, HTTP, expected)
        for turn in range(5):
            asked = draw.choices(REQUESTS, k=draw.randint(1, 4))
            if turn == 4:
                asked.append(draw.choice(LAST_REQUESTS))
            names, requests, answers = zip(*asked, strict=True)
            send_text(client, draw, b"".join(requests), draw.choice((30, 200, SEGMENT)))
            client.lane.note(f"{expected} answers to: {'; '.join(names)}")
            client.expect(b"".join(answers))
            if turn == 0:
                client.lane.barrier(TOGETHER)
        client.lane.note(f"{expected} the end of the connection")
        client.expect_close()


def connection(script: Script, draw: random.Random, number: int, port: int, expected: str,
               window: int = 0xFFFF) -> TcpClient:  # fmt: skip
    """A client that is connected when the system has come up."""
    lane = script.lane(f"connection{number + 1}")
    client = TcpClient(lane, FIRST_PORT + number, port, window=window,
                       first=draw.randrange(1 << 32))  # fmt: skip
    lane.wait(SETTLED + number * MILLISECOND + draw.randint(1, 500 * MICROSECOND))
    lane.note(f"{expected} to be accepted at port {port}")
    client.connect()
    return client


def main() -> None:
    """The command."""
    name, seed = sys.argv[1], int(sys.argv[2])
    script = Script(f"{name}, seed {seed}")
    define_segment(script)
    arp_responder(script)
    TESTS[name](script, random.Random(f"{name} {seed}"))
    sys.stdout.write(str(script))


if __name__ == "__main__":
    main()
