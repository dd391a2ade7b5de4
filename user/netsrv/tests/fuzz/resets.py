# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Resets in every state of RFC 9293 that a server's connection can be in.

Each case brings a connection into its state, by what the guest answers. A reset outside of the
window does nothing; one in it, but not at its beginning, is asked about (RFC 5961, 3.2); one at its
beginning ends the connection, and then the guest knows nothing of it. But TIME-WAIT stays
(RFC 1337). Read next: tools/net/tcp.py.
"""

from collections.abc import Callable

from net.script import Lane, Script
from net.tcp import TcpClient

ECHO, HTTP = 7, 80
FIRST_PORT = 43_000
WINDOW = 3 * 1460  # of the guest
QUIET = 100_000
PAGE = b"GET / HTTP/1.1\r\n\r\n"
NOTHING = b"GET /nothing HTTP/1.0\r\n\r\n"
NOTHING_ANSWER = (b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 23\r\n"
                  b"Cache-Control: no-store\r\nConnection: close\r\n\r\n"
                  b"There is nothing here.\n")  # fmt: skip
BARE = "tcp.flags=A/FSRA"


def syn_received(client: TcpClient) -> None:
    """It has answered our SYN, and we do not answer."""
    client.lane.set("iss", client.first)
    client.lane.set("seq", "iss+1")
    client.segment("S", seq="iss", ack="0")
    client.lane.expect("tcp.seq->irs", tcp_flags="SA", tcp_ack="seq")
    client.lane.set("ack", "irs+1")


def established(client: TcpClient) -> None:
    """It is there."""
    client.connect()
    client.lane.heed()


def close_wait(client: TcpClient) -> None:
    """We have ended it; the server has not, for it has more to send than we take."""
    client.window = 0
    established(client)
    client.send(PAGE)
    client.lane.expect(BARE, tcp_ack="seq")
    client.segment("FA")
    client.advance(1)
    client.lane.expect(BARE, tcp_ack="seq")


def last_ack(client: TcpClient) -> None:
    """We have ended it, and so has the server: we say nothing to that."""
    client.connect()
    client.segment("FA")
    client.advance(1)
    client.lane.stream("ack", b"", "fin", "tcp.ack=seq")
    client.lane.heed()
    client.lane.set("ack", "irs+1")


def fin_wait_1(client: TcpClient) -> None:
    """The server has ended it; we have not heard of it."""
    client.connect()
    client.send(NOTHING)
    client.expect(NOTHING_ANSWER, "fin", acknowledge=False)
    client.lane.heed()
    client.lane.set("ack", "irs+1")


def fin_wait_2(client: TcpClient) -> None:
    """The server has ended it; we know, and go on."""
    fin_wait_1(client)
    client.lane.set("ack", f"irs+{len(NOTHING_ANSWER) + 2}")
    client.acknowledge()


def closing(client: TcpClient) -> None:
    """Both have ended it, and the server has not heard that we know."""
    fin_wait_1(client)
    client.segment("FA")
    client.advance(1)
    client.lane.expect(BARE, tcp_ack="seq")


def time_wait(client: TcpClient) -> None:
    """Both have ended it, the server first."""
    fin_wait_2(client)
    client.segment("FA")
    client.advance(1)
    client.lane.expect(BARE, tcp_ack="seq")


CASES: dict[str, tuple[int, Callable[[TcpClient], None]]] = {
    "SYN-RECEIVED": (ECHO, syn_received),
    "ESTABLISHED": (ECHO, established),
    "CLOSE-WAIT": (HTTP, close_wait),
    "LAST-ACK": (ECHO, last_ack),
    "FIN-WAIT-1": (HTTP, fin_wait_1),
    "FIN-WAIT-2": (HTTP, fin_wait_2),
    "CLOSING": (HTTP, closing),
    "TIME-WAIT": (HTTP, time_wait),
}


def lane_name(state: str) -> str:
    """Of the case."""
    return f"reset-{state}"


def add_cases(script: Script, begin: Callable[[Lane], None]) -> None:
    """A lane for each; `begin` is what they wait for."""
    for number, (state, (port, reach)) in enumerate(CASES.items()):
        lane = script.lane(lane_name(state))
        client = TcpClient(lane, FIRST_PORT + number, port)
        begin(lane)
        reach(client)
        client.segment("R", seq=f"seq+{WINDOW + 1}")
        client.segment("R", seq="seq-1")
        lane.silence(QUIET)
        if state == "TIME-WAIT":
            client.segment("R")
            lane.silence(QUIET)
            client.segment("FA", seq="seq-1")
            lane.expect(BARE, tcp_ack="seq")
            continue
        client.segment("R", seq="seq+1")
        lane.expect(BARE, tcp_ack="seq")
        client.segment("R")
        lane.silence(QUIET)
        client.segment("A")
        lane.expect("tcp.flags=R/FSR", tcp_seq="ack")
