# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Conversations as a bad network or a bad client makes them; all choices follow from a seed.

Whoever keeps TCP's rules is answered to the byte, however badly the network treats the segments,
however slow it is. The others get what the rules have for them, or nothing: the server goes on.
Read next: resets.py, whose states segments of every kind come to.
"""

import random
from collections.abc import Callable
from dataclasses import replace

import resets
from net.script import SECOND, Lane, Script
from net.tcp import TcpClient

ECHO, HTTP = 7, 80
Begin = Callable[[Lane], None]
PATIENCE = 300 * SECOND

# A network that loses, doubles, exchanges and damages.
MANGLED_PORT, ROUNDS, SEGMENTS, LARGEST = 44_000, 12, 3, 1400
SPOILT = ("badsum", "badipsum", "tcp.header=0x40", "14:1=0x65", "ip.fragment=0x2000")
ASTRAY = 100_000  # far from the window
OPTIONS = 40  # bytes, the most; a segment that has fewer behind its header has a wrong header


def send_wrong(client: TcpClient, choices: random.Random, at: int, data: bytes) -> None:
    """In place of this data, a segment that the guest must not take."""
    other = bytes(byte ^ 0x55 for byte in data)
    payload = f"payload={other.hex()}"
    way = choices.randrange(10)
    if way < len(SPOILT):
        client.segment("PA", payload, SPOILT[way], seq=f"seq+{at}")
    elif way == 5:
        short = f"payload={other[: OPTIONS - 1].hex()}"
        client.segment("PA", short, "tcp.header=0xf0", seq=f"seq+{at}")
    elif way == 6:
        client.segment("PA", payload, seq=f"seq+{at}{choices.choice((-ASTRAY, ASTRAY)):+}")
    elif way == 7:
        client.segment("R", seq=f"seq+{at + 1}")
    elif way == 8:
        client.segment("S", seq=f"seq-{at + 1}")
    else:
        client.send_truncated(data, 1 + at % 7)


def mangled(script: Script, begin: Begin, seed: int, sending_flags: str) -> None:
    """A client that keeps the rules, on a network that does not."""
    choices = random.Random(seed)
    lane = script.lane("mangled")
    client = TcpClient(lane, MANGLED_PORT, ECHO, within=60 * SECOND, sending_flags=sending_flags)
    begin(lane)
    client.connect()
    wrong = replace(client, sending_flags="")  # else nobody looks at the sum
    for _ in range(ROUNDS):
        pieces = [choices.randbytes(choices.randint(8, LARGEST)) for _ in range(SEGMENTS)]
        places = [sum(map(len, pieces[:number])) for number in range(SEGMENTS)]
        whole = list(zip(places, pieces, strict=True))
        for at, data in choices.choices(whole, k=5):
            if choices.random() < 0.6:
                send_wrong(wrong, choices, at, data)
            if choices.random() < 0.6:
                cut = choices.randrange(len(data))  # segments that overlap
                client.send_at(at + cut, data[cut:])
        for at, data in whole:
            client.send_at(at, data)
        client.advance(sum(map(len, pieces)))
        client.expect(b"".join(pieces))
    client.close()


# A network that loses an answer, and then is silent.

LOST_PORT, LOST = 44_200, "lost-answer"
LOST_DATA = b"the answer to this is lost"
RETRANSMITTED = 10 * SECOND


def lost(script: Script, begin: Begin, end: Begin) -> None:
    """The answer is sent again, though nothing comes that would wake the net server."""
    lane = script.lane(LOST)
    client = TcpClient(lane, LOST_PORT, ECHO)
    begin(lane)
    client.connect()
    client.send(LOST_DATA)
    client.expect(LOST_DATA, acknowledge=False)
    for _ in range(2):
        lane.expect("tcp.seq=irs+1", within=RETRANSMITTED, payload=LOST_DATA)
    client.acknowledge()
    client.close()
    end(lane)


# A window that shrinks, while half of a segment was acknowledged.

SHRUNK_PORT, SHRUNK = 44_201, "shrunk-window"
ACKNOWLEDGED, WINDOW = 2, 3


def shrunk(script: Script, begin: Begin) -> None:
    """What the window still has room for comes again, and in the end everything."""
    lane = script.lane(SHRUNK)
    client = TcpClient(lane, SHRUNK_PORT, ECHO, window=WINDOW)
    begin(lane)
    whole = replace(client, window=0xFFFF)
    whole.connect()
    client.send(LOST_DATA)
    client.expect(LOST_DATA, acknowledge=False)
    lane.heed()
    client.segment("A", ack=f"irs+{1 + ACKNOWLEDGED}")
    lane.await_frame("tcp.seq=irs+1", within=RETRANSMITTED,
                     payload=LOST_DATA[: ACKNOWLEDGED + WINDOW])  # fmt: skip
    whole.ignore_acknowledgements()
    whole.acknowledge()
    whole.close()


# Clients that are slow, or never come to the point.

SLOW_PORT, SLOW_WAIT = 44_100, 2_000_000
SLOW_TEXT = b"slowly, one byte at a time"
HALF_OPEN, HALF_OPEN_PORT = 100, 45_000
VANISHED, VANISHED_PORT = 20, 45_500


def slow(script: Script, begin: Begin) -> None:
    """One byte at a time: to the echo, and as a request for a page."""
    lane = script.lane("slow-echo")
    client = TcpClient(lane, SLOW_PORT, ECHO)
    begin(lane)
    client.connect()
    for byte in SLOW_TEXT:
        client.send(bytes((byte,)))
        client.expect(bytes((byte,)))
        lane.wait(SLOW_WAIT)
    client.close()
    lane = script.lane("slow-http")
    client = TcpClient(lane, SLOW_PORT + 1, HTTP)
    begin(lane)
    client.connect()
    for byte in resets.NOTHING:
        client.send(bytes((byte,)))
        lane.wait(SLOW_WAIT)
    client.expect(resets.NOTHING_ANSWER)
    client.expect_close()


def half_open(script: Script, begin: Begin) -> None:
    """SYNs without an end to the handshake; clients that vanish: these are broken off."""
    lane = script.lane("half-open")
    lane.match(tcp_dst=HALF_OPEN_PORT)
    begin(lane)
    with lane.repeat(HALF_OPEN, "number"):
        lane.send("segment", "ip.src=10.0.2.79", f"tcp.src={HALF_OPEN_PORT}+number",
                  "tcp.seq=number", "tcp.flags=S", f"tcp.dst={ECHO}")  # fmt: skip
        lane.wait(100_000)
    for number in range(VANISHED):
        lane = script.lane(f"vanished{number}")
        client = TcpClient(lane, VANISHED_PORT + number, (ECHO, HTTP)[number % 2])
        begin(lane)
        lane.wait(1 + number * 100_000)
        client.connect()
        if number % 3 == 0:
            client.send(b"GET / HT")
        lane.await_frame("tcp.flags=R/R", within=PATIENCE)


# Segments with all combinations of flags, in all states, near the window.

STATES_PORT, FLAGS = 46_000, 64
OFFSETS = (0, 0, 0, 1, 2, -1, -2, 100, resets.WINDOW - 1, resets.WINDOW, resets.WINDOW + 1, 65_536,
           1 << 31, -(1 << 31), -1000)  # fmt: skip
STATES_STAGGER = 150_000


def segments(script: Script, begin: Begin, seed: int) -> None:
    """To each state every combination of flags once, with numbers of any kind."""
    choices = random.Random(seed)
    cases = [(port, reach, flags) for port, reach in resets.CASES.values()
             for flags in range(FLAGS)]  # fmt: skip
    choices.shuffle(cases)
    for number, (port, reach, flags) in enumerate(cases):
        lane = script.lane(f"segment{number}")
        client = TcpClient(lane, STATES_PORT + number, port, first=choices.getrandbits(32),
                           within=10 * SECOND)  # fmt: skip
        begin(lane)
        lane.wait(1 + number * STATES_STAGGER)
        reach(client)
        for _ in range(choices.choice((1, 1, 2, 3))):
            data = choices.randbytes(choices.choice((0, 0, 1, 64, 1460)))
            client.segment(
                "A", f"47:1={flags}", f"tcp.urgent={choices.choice((0, 1, 5, 65_535))}",
                f"tcp.window={choices.choice((0, 1, 535, 65_535))}",
                f"payload={data.hex()}" if data else "payload~0=0",
                seq=f"seq{choices.choice(OFFSETS):+}", ack=f"ack{choices.choice(OFFSETS):+}",
            )  # fmt: skip


# Requests that are none.

HTTP_PORT = 47_000
REQUESTS = {
    b"\r\n\r\n\r\nnothing\r\n\r\n": "400 Bad Request",
    b"GET /\r\n\r\n": "400 Bad Request",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n": "400 Bad Request",
    b"GET / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n": "400 Bad Request",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n": "400 Bad Request",
    bytes(100) + b"\r\n\r\n": "400 Bad Request",
    b"GET / HTTP/3.0\r\n\r\n": "505 HTTP Version Not Supported",
    b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n": "501 Not Implemented",
    b"GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n": "413 Content Too Large",
    b"GET /" + b"x" * 2100: "431 Request Header Fields Too Large",
}


def requests(script: Script, begin: Begin) -> None:
    """Each is refused as it should be, and the connection closed."""
    for number, (request, reason) in enumerate(REQUESTS.items()):
        lane = script.lane(f"request{number}")
        client = TcpClient(lane, HTTP_PORT + number, HTTP)
        begin(lane)
        lane.wait(1 + number * 100_000)
        client.connect()
        client.send_in_segments(request, 700)
        client.expect(f"HTTP/1.1 {reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                      .encode())  # fmt: skip
        client.expect_close()
