#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Holds TCP conversations with the TCP server, all at the same time; writes TAP.

Each is a lane of one script, and each byte that comes is looked at. Both profiles must pass: they
have the same code for what is said, and another one for how it gets there. Nothing depends on the
host's time. Read next: tools/net/tcp.py, user/tcpsrv/conversations.cpp.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "tools"))

from net.load import arp_responder  # noqa: E402
from net.pages import (  # noqa: E402
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_FOUND_LAST,
    PAGE,
    THE_PAGE,
    get,
    refusal,
)
from net.play import Played, command_line, play, tell  # noqa: E402
from net.script import Pattern, Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

ECHO, HTTP, CLOSED = 7, 80, 9
MILLISECOND, SECOND = 10**6, 10**9
SETTLED = 100 * MILLISECOND  # then they begin, one after the other: the guest must first ask
# for our card's address, and keeps one packet meanwhile
FIRST_PORT = 40_000
SEGMENT = 1460  # bytes, at most
PACKET = 896  # bytes that the servers hand each other at a time
WINDOW = 3 * SEGMENT  # of the guest
ENDED = re.compile(r"^ended (\S+) ", re.MULTILINE)


def end(client: TcpClient, data: bytes | Pattern = b"") -> None:
    """The guest sends the rest, and ends the connection; it is acknowledged."""
    client.lane.stream("ack", data, "fin", reply=client.frame("A"), within=client.within)


# Echo.


def pieces_of_many_sizes(client: TcpClient) -> None:
    """Each comes back before the next one is sent."""
    for size in (1, 2, 3, 7, 8, 9, 63, 64, 65, 511, 512, 513, PACKET - 1, PACKET, PACKET + 1,
                 SEGMENT - 1, SEGMENT):  # fmt: skip
        data = Pattern(size, size)
        client.send(data)
        client.expect(data)
    client.close()


def more_than_a_segment(client: TcpClient) -> None:
    """Pieces of several segments, up to the guest's window."""
    for size in (SEGMENT + 1, 2 * PACKET + 1, 2 * SEGMENT, WINDOW - 1, WINDOW):
        data = Pattern(size, size).bytes()
        client.send_in_segments(data, SEGMENT)
        client.expect(data)
    client.close()


def many_small_pieces_at_once(client: TcpClient) -> None:
    """Nothing is read before all is sent."""
    data = Pattern(WINDOW, 3).bytes()
    client.send_in_segments(data, 37)
    client.expect(data)
    client.close()


def out_of_order_and_twice(client: TcpClient) -> None:
    """Segments that come late, and again."""
    data = Pattern(600, 5).bytes()
    client.send_at(200, data[200:400])
    client.send_at(400, data[400:])
    client.send_at(0, data[:200])
    client.send_at(100, data[100:300])
    client.advance(len(data))
    client.expect(data)
    client.send_at(-600, data)
    client.send(b"more")
    client.expect(b"more")
    client.close()


def half_closed(client: TcpClient) -> None:
    """The end is sent behind data, and read behind it: all of it comes back before the guest's."""
    data = Pattern(2000, 7).bytes()
    client.send_in_segments(data, SEGMENT)
    client.segment("FA")
    client.advance(1)
    end(client, data)


def end_with_data(client: TcpClient) -> None:
    """The end is in the segment with the data."""
    client.segment("FPA", f"payload={b'the last words'.hex()}")
    client.advance(1 + len(b"the last words"))
    end(client, b"the last words")


def reset_and_again(client: TcpClient) -> None:
    """A connection is broken off, with an echo on its way or unread, and made anew with the same
    ports."""
    for turn in range(8):
        data = Pattern(100, turn)
        client.send(data)
        if turn % 2 == 1:
            client.expect(data, acknowledge=False)
        client.reset()
        client.lane.wait(MILLISECOND)
        client.first += 100_000
        client.connect()
    client.send(b"still there")
    client.expect(b"still there")
    client.close()


def zero_window(client: TcpClient) -> None:
    """With a full window nothing comes but a byte, to ask; then all the rest."""
    data = Pattern(1000, 9).bytes()
    first = client.window
    client.send(data)
    client.expect(data[:first], acknowledge=False)
    client.window = 0
    client.acknowledge()
    client.lane.ignore("tcp.flags=A/SFR", payload_length=1)
    client.lane.silence(4 * SECOND)
    client.window = 0xFFFF
    client.acknowledge()
    client.expect(data[first:])
    client.send(b"more")
    client.expect(b"more")
    client.close()


# HTTP.


def pages_one_after_the_other(client: TcpClient) -> None:
    """One connection, which stays."""
    for path, expected in (("/", THE_PAGE), ("/nothing", NOT_FOUND), ("/?query", THE_PAGE)):
        client.send(get(path))
        client.expect(expected)
    client.close()


def requests_at_once(client: TcpClient) -> None:
    """Several requests in one segment, one of which asks for the end."""
    client.send(get("/nothing") * 3 + get("/") + get("/nothing", "Connection: close"))
    client.expect(NOT_FOUND * 3 + THE_PAGE + NOT_FOUND_LAST)
    client.expect_close()


def requests_cut_anywhere(client: TcpClient) -> None:
    """Segments that end where they like."""
    text = get("/nothing") * 4
    client.send_in_segments(text, 7)
    client.expect(NOT_FOUND * 4)
    client.send_in_segments(text, len(get("/nothing")) - 2)
    client.expect(NOT_FOUND * 4)
    client.close()


def only_the_head(client: TcpClient) -> None:
    """HEAD is GET without the body."""
    client.send(get("/").replace(b"GET", b"HEAD"))
    client.expect(THE_PAGE.removesuffix(PAGE))
    client.close()


def another_method(client: TcpClient) -> None:
    """405, and the end."""
    client.send(get("/").replace(b"GET", b"DELETE"))
    client.expect(NOT_ALLOWED)
    client.expect_close()


def another_version(client: TcpClient) -> None:
    """505, and the end."""
    client.send(get("/").replace(b"HTTP/1.1", b"HTTP/3.0"))
    client.expect(refusal("505 HTTP Version Not Supported"))
    client.expect_close()


def both_close_at_once(client: TcpClient) -> None:
    """The guest's end and ours pass each other on the way."""
    client.send(get("/nothing", "Connection: close"))
    client.lane.stream("ack", NOT_FOUND_LAST, "fin", within=client.within)
    client.segment("FA", ack="ack-1")
    client.advance(1)
    client.expect_acknowledged()
    client.acknowledge()
    client.lane.silence(SECOND)


def slow_reader(client: TcpClient) -> None:
    """A small window, and so long nothing is read that the guest sends the first of it again."""
    for _ in range(3):
        client.send(get("/") + get("/nothing"))
        client.lane.wait(5 * SECOND)
        client.expect(THE_PAGE + NOT_FOUND)
    client.close()


def reset_in_a_page(client: TcpClient) -> None:
    """A reader goes when it has seen some of the page; others are served."""
    client.send(get("/"))
    client.expect(THE_PAGE.removesuffix(PAGE), acknowledge=False)
    client.reset()


# Neither.


def refused(client: TcpClient) -> None:
    """Nobody listens."""
    client.segment("S", seq="1000", ack="0")
    client.lane.expect("tcp.flags=RA/SFRA", "tcp.ack=1001", within=SECOND)


Conversation = Callable[[TcpClient], None]
CONVERSATIONS: tuple[tuple[int, tuple[Conversation, ...]], ...] = (
    (ECHO, (pieces_of_many_sizes, more_than_a_segment, many_small_pieces_at_once,
            out_of_order_and_twice, half_closed, end_with_data, reset_and_again, zero_window)),
    (HTTP, (pages_one_after_the_other, requests_at_once, requests_cut_anywhere, only_the_head,
            another_method, another_version, both_close_at_once, slow_reader, reset_in_a_page)),
    (CLOSED, (refused,)),
)  # fmt: skip
WINDOWS = {zero_window: 300, slow_reader: 600}
NAMES = [talk.__name__ for _, talks in CONVERSATIONS for talk in talks]


def script() -> Script:
    """All conversations."""
    whole = Script("conversations with the TCP server")
    define_segment(whole)
    arp_responder(whole)
    for port, talks in CONVERSATIONS:
        for talk in talks:
            lane = whole.lane(talk.__name__)
            own = FIRST_PORT + NAMES.index(talk.__name__)
            client = TcpClient(lane, own, port, window=WINDOWS.get(talk, 0xFFFF), first=own << 10)
            lane.wait(SETTLED + NAMES.index(talk.__name__) * MILLISECOND)
            if port != CLOSED:
                client.connect()
            talk(client)
    return whole


def problems(played: Played, name: str) -> list[str]:
    """What is wrong with a conversation: the first failure ends all."""
    if name in ENDED.findall(played.log):
        return []
    failed = re.search(rf"^failure lane {name}, .*", played.log, re.MULTILINE)
    return played.problems() if failed else ["it has not ended", *played.problems()[:3]]


def main() -> None:
    """The command."""
    played = play(command_line(__doc__).parse_args(), script(), instructions=20_000_000_000)
    tell((f"net-conversations: {name.replace('_', ' ')}", problems(played, name))
         for name in NAMES)  # fmt: skip


if __name__ == "__main__":
    main()
