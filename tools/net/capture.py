# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""What a guest has sent, read from a capture of all frames (pcap, as QEMU's filter-dump writes it).

    tcp_text(capture, port=40_000)      what it has sent to this port, put together

Read next: play.py.
"""

import struct
from collections.abc import Iterator

from net import frames

FILE_HEADER = 24
RECORD = struct.Struct("<IIII")
CARD_HEADER = 12  # before each frame, if the card sums
IP_AT = 14
SHORTEST = IP_AT + 40  # with headers of IPv4 and TCP


def records(capture: bytes) -> Iterator[bytes]:
    """The frames, as they were captured."""
    at = FILE_HEADER
    while at + RECORD.size <= len(capture):
        length = RECORD.unpack_from(capture, at)[2]
        at += RECORD.size
        yield capture[at : at + length]
        at += length


def tcp_text(capture: bytes, port: int, *, card_header: bool = False) -> bytes:
    """The bytes that the guest has sent to a port of ours in one connection."""
    pieces: dict[int, bytes] = {}
    first = None
    for record in records(capture):
        frame = record[CARD_HEADER if card_header else 0 :]
        packet = frame[IP_AT:]
        if len(frame) < SHORTEST or frame[12:14] != b"\x08\0" or packet[9] != frames.TCP or \
                packet[12:16] != frames.internet(frames.GUEST_IP):  # fmt: skip
            continue
        length = int.from_bytes(packet[2:4])
        segment = packet[(packet[0] & 15) * 4 : length]
        if int.from_bytes(segment[2:4]) != port:
            continue
        sequence = int.from_bytes(segment[4:8])
        if segment[13] & frames.SYN:
            first = sequence + 1
        elif first is not None:
            at = sequence - first & 0xFFFFFFFF
            data = segment[(segment[12] >> 4) * 4 :]
            pieces[at] = max(data, pieces.get(at, b""), key=len)
    text = b""
    for at, piece in sorted(pieces.items()):
        if at <= len(text):
            text += piece[len(text) - at :]
    return text
