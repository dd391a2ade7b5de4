# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""A TCP stream, put together from a capture."""

import struct
import unittest

from net import frames
from net.capture import tcp_text

PORT, FIRST = 40_000, 0xFFFF_FFFE  # the numbers begin anew behind two bytes


def segment(sequence: int, data: bytes, flags: int = frames.ACK, port: int = PORT) -> bytes:
    """A frame of the guest."""
    packet = frames.ipv4(frames.TCP, frames.tcp(7, port, sequence, 0, flags, data),
                         frames.GUEST_IP, frames.PEER_IP)  # fmt: skip
    return frames.ethernet(frames.PEER, frames.GUEST, frames.IPV4, packet)


def capture(*sent: bytes) -> bytes:
    """A file with these frames."""
    return bytes(24) + b"".join(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame
                                for frame in sent)  # fmt: skip


SENT = (
    segment(FIRST - 1, b"", frames.SYN | frames.ACK),
    segment(FIRST + 3, b"lo"),
    segment(5, b"other", port=PORT + 1),
    segment(FIRST, b"hel"),
    bytes(20),
    segment(FIRST + 2, b"llo, you"),
    segment(FIRST + 2, b"llo"),
)


class CaptureTest(unittest.TestCase):
    """What is told of it."""

    def test_segments_in_any_order_and_repeated(self) -> None:
        self.assertEqual(tcp_text(capture(*SENT), PORT), b"hello, you")

    def test_headers_of_the_card_are_passed_over(self) -> None:
        headed = capture(*(bytes(12) + frame for frame in SENT))
        self.assertEqual(tcp_text(headed, PORT, card_header=True), b"hello, you")

    def test_what_is_behind_a_gap_is_not_told(self) -> None:
        self.assertEqual(tcp_text(capture(SENT[0], SENT[1]), PORT), b"")

    def test_a_file_that_is_cut_off(self) -> None:
        self.assertEqual(tcp_text(capture(SENT[0], SENT[3])[:-30], PORT), b"")
        self.assertEqual(tcp_text(b"", PORT), b"")


if __name__ == "__main__":
    unittest.main()
