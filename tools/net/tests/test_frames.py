# SPDX-License-Identifier: BSD-2-Clause
"""Frames, byte by byte, and that their checksums are those of RFC 1071."""

import struct
import unittest

from net import frames


class ChecksumTest(unittest.TestCase):
    """The Internet checksum."""

    def test_example_of_the_rfc(self) -> None:
        """The words of RFC 1071, section 3, sum to ddf2."""
        self.assertEqual(frames.checksum(bytes.fromhex("0001f203f4f5f6f7")), 0xDDF2 ^ 0xFFFF)

    def test_an_odd_number_of_bytes_is_filled_up(self) -> None:
        self.assertEqual(frames.checksum(b"\x01"), 0x0100 ^ 0xFFFF)


class FramesTest(unittest.TestCase):
    """Headers."""

    def check_sums(self, packet: bytes, protocol: int) -> None:
        """With the sums in it, what they cover sums to nothing."""
        header = (packet[0] & 15) * 4
        self.assertEqual(frames.checksum(packet[:header]), 0)
        pseudo = packet[12:20] + struct.pack(">HH", protocol, len(packet) - header)
        self.assertEqual(frames.checksum(pseudo + packet[header:]), 0)

    def test_ethernet_and_arp(self) -> None:
        packet = frames.arp(1, (frames.PEER, frames.PEER_IP), ("00:00:00:00:00:00", "10.0.2.15"))
        frame = frames.ethernet("ff:ff:ff:ff:ff:ff", frames.PEER, frames.ARP, packet)
        expected = ("ffffffffffff 020000000001 0806 0001 0800 06 04 0001"
                    "020000000001 0a000202 000000000000 0a00020f")  # fmt: skip
        self.assertEqual(frame, bytes.fromhex(expected))

    def test_udp(self) -> None:
        packet = frames.ipv4(frames.UDP, frames.udp(4000, 7, b"odd"))
        self.check_sums(packet, frames.UDP)
        self.assertEqual(packet[20:26], bytes.fromhex("0fa0 0007 000b"))
        self.assertEqual(struct.unpack(">H", packet[2:4])[0], len(packet))

    def test_tcp_with_options(self) -> None:
        segment = frames.tcp(1, 2, -1, 5, frames.SYN | frames.ACK, options=b"\2\4\5\xb4")
        packet = frames.ipv4(frames.TCP, segment, options=b"\1\1\1\0")
        self.check_sums(packet, frames.TCP)
        self.assertEqual(packet[0], 0x46)
        self.assertEqual(packet[24:38], bytes.fromhex("0001 0002 ffffffff 00000005 6012"))

    def test_a_sum_that_is_there_stays(self) -> None:
        packet = frames.ipv4(frames.UDP, frames.udp(1, 2)[:6] + b"\x12\x34")
        self.assertEqual(packet[26:28], b"\x12\x34")

    def test_ping(self) -> None:
        self.assertEqual(frames.checksum(frames.icmp_echo(1, 2, b"abc")), 0)
        self.assertEqual(frames.icmp_echo(1, 2, reply=True)[0], 0)


if __name__ == "__main__":
    unittest.main()
