# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Frames that nobody should send, from a seed: valid ones, and what becomes of them.

    a valid frame ──> cut, grown, bits and fields changed, two joined ──> lengths and checksums
                      that are right, or not ──> doubled, exchanged with the next one, or lost

Not one of them claims to be IPv4 from the peer's own address, where honest clients live.
Read next: fuzz.py.
"""

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from net import frames
from net.frames import ARP, GUEST, GUEST_IP, ICMP, IPV4, PEER, PEER_IP, TCP, UDP
from net.script import Lane

BROADCAST = "ff:ff:ff:ff:ff:ff"
CARDS = (GUEST, GUEST, GUEST, GUEST, BROADCAST, "01:00:5e:00:00:01", "02:00:00:00:00:99",
         "00:00:00:00:00:00")  # fmt: skip
SOURCES = ("10.0.2.77", "10.0.2.78", "192.0.2.9", GUEST_IP, "127.0.0.1", "0.0.0.0", "10.0.2.255",
           "255.255.255.255", "224.0.0.1", "10.0.2.0")  # fmt: skip
TARGETS = (GUEST_IP, GUEST_IP, GUEST_IP, GUEST_IP, "10.0.2.255", "255.255.255.255", "224.0.0.1",
           "127.0.0.1", "10.0.2.99", "0.0.0.0")  # fmt: skip
PORTS = (7, 80, 0, 1, 67, 68, 53, 9999, 65535)
TYPES = (0x86DD, 0x8100, 0x8863, 0x88CC, 0x0600, 0x05DC, 0, 0xFFFF, IPV4, ARP)
DHCP_REPLY = struct.pack(">BBBBLHH4s4s4s4s16s192xL", 2, 1, 6, 0, 7, 0, 0, bytes(4), bytes(4),
                         bytes(4), bytes(4), bytes(16), 0x63825363)  # fmt: skip
# Places and sizes of headers' fields; version and length of IPv4's, and TCP's offset, most of all.
OF_IP = ((14, 1), (14, 1), (14, 1), (15, 1), (16, 2), (16, 2), (18, 2), (20, 2), (20, 2), (22, 1),
         (23, 1), (24, 2), (30, 4))  # fmt: skip
OF_TCP = ((34, 2), (36, 2), (38, 4), (42, 4), (46, 1), (46, 1), (46, 1), (47, 1), (48, 2), (50, 2),
          (52, 2))  # fmt: skip
OF_UDP = ((34, 2), (36, 2), (38, 2), (38, 2), (40, 2))
OF_ICMP = ((34, 1), (35, 1), (36, 2), (38, 4))
OF_ARP = ((14, 2), (16, 2), (18, 1), (19, 1), (20, 2), (22, 6), (28, 4), (32, 6), (38, 4))
OF_ETHERNET = ((0, 6), (6, 6), (12, 2))
# What the emulator corrects when it sends.
CORRECTED = ("", "", "nolength", "nolength nosum", "nolength nosum", "badsum", "badipsum",
             "partial", "valid")  # fmt: skip
LENGTHS = (14, 15, 33, 34, 53, 54, 60, 590, 1514, 1515, 2029, 2030, 2031, 2042, 2048, 4096, 65_549)
WAITS = (0, 0, 0, 5_000, 20_000, 50_000, 200_000)
SOURCE_AT = 26  # IPv4's


@dataclass(frozen=True)
class Shot:
    """A frame, what the emulator does to it, and how long to wait then."""

    frame: bytes
    flags: str
    wait: int


class Hostile:
    """All choices follow from the seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def shots(self, count: int) -> Iterator[Shot]:
        """So many frames; some come twice, some in the place of others, some not at all."""
        held: Shot | None = None
        while count > 0:
            shot = self._shot()
            fate = self._random.random()
            if fate < 0.05 and held is None:
                held = shot
                continue
            for one in [shot, shot] if fate > 0.95 else [shot]:
                yield one
                count -= 1
            if held is not None:
                yield held
                count -= 1
                held = None

    def send(self, lane: Lane, count: int) -> int:
        """Sends them; how many ns that takes."""
        duration = 0
        for shot in self.shots(count):
            lane.step("send", shot.frame.hex(), shot.flags)
            if shot.wait:
                lane.wait(shot.wait)
            duration += shot.wait
        return duration

    def _shot(self) -> Shot:
        choose = self._random.choice
        frame = bytearray(self._valid())
        for _ in range(choose((0, 1, 1, 1, 2, 3))):
            self._spoil(frame)
        frame += bytes(max(0, 14 - len(frame)))
        is_ip = frame[12:14] == b"\x08\0"
        if is_ip and frame[SOURCE_AT : SOURCE_AT + 4] == frames.internet(PEER_IP):
            frame[SOURCE_AT + 3] = 77
        return Shot(bytes(frame), choose(CORRECTED), choose(WAITS))

    # Valid frames.

    def _valid(self) -> bytes:
        kind = self._random.choice((self._arp, self._ping, self._udp, self._dhcp, self._other,
                                    *3 * [self._tcp]))  # fmt: skip
        return kind()

    def _bytes(self, most: int) -> bytes:
        return self._random.randbytes(self._random.choice((0, 1, 7, self._random.randint(0, most))))

    def _ip(self, protocol: int, payload: bytes) -> bytes:
        choose = self._random.choice
        options = choose((b"", b"", b"", self._ip_options()))
        packet = frames.ipv4(protocol, payload, choose(SOURCES), choose(TARGETS),
                             fragment=choose((0x4000, 0x4000, 0, 0x2000, 0x2001, 0x1FFF, 0x8000)),
                             ttl=choose((64, 64, 255, 1, 0)), options=options)  # fmt: skip
        return frames.ethernet(choose(CARDS), PEER, IPV4, packet)

    def _ip_options(self) -> bytes:
        """Source routes, timestamps, lengths that are none."""
        choose = self._random.choice
        kind, length = choose((1, 7, 68, 131, 137, 148, 255)), choose((0, 1, 3, 4, 8, 39, 255))
        return (bytes((kind, length)) + self._random.randbytes(38))[: choose((4, 8, 40))]

    def _arp(self) -> bytes:
        choose = self._random.choice
        packet = frames.arp(choose((1, 2, 3)), (choose((PEER, GUEST, BROADCAST)),
                            choose((PEER_IP, *SOURCES))),
                            (choose(CARDS), choose(TARGETS)))  # fmt: skip
        return frames.ethernet(choose(CARDS), PEER, ARP, packet)

    def _ping(self) -> bytes:
        kind = self._random.choice((8, 8, 0, 3, 5, 11, 13, 17))
        packet = bytearray(frames.icmp_echo(1, 2, self._bytes(1472)))
        packet[0] = kind
        return self._ip(ICMP, bytes(packet))

    def _udp(self) -> bytes:
        choose = self._random.choice
        return self._ip(UDP, frames.udp(choose(PORTS), choose(PORTS), self._bytes(1472)))

    def _dhcp(self) -> bytes:
        return self._ip(UDP, frames.udp(67, 68, DHCP_REPLY + self._bytes(300)))

    def _tcp(self) -> bytes:
        choose, number = self._random.choice, self._random.getrandbits
        segment = frames.tcp(choose(PORTS), choose((7, 7, 80, 80, *PORTS)), number(32), number(32),
                             choose((frames.SYN, frames.SYN, number(6), number(8))),
                             self._bytes(1420), choose((0, 1, 0xFFFF, number(16))),
                             choose((b"", self._tcp_options())))  # fmt: skip
        return self._ip(TCP, segment)

    def _tcp_options(self) -> bytes:
        """Largest segments of any size, options that are cut off, and lengths that are none."""
        choose, number = self._random.choice, self._random.getrandbits
        size = choose((0, 1, 2, 64, 1460, 65535)).to_bytes(2)
        option = choose((b"\2\4" + size, b"\2\3" + size, b"\2\0", b"\x08\x0a" + bytes(8), b"\5\x22",
                         bytes((number(8), number(8))), b"\3\3\x0e", b"\4\2", b"\0", b"\1" * 40,
                         self._random.randbytes(40)))  # fmt: skip
        return (option + bytes(40))[: choose((4, 8, 20, 40))]

    def _other(self) -> bytes:
        choose = self._random.choice
        if choose((True, False)):
            return self._ip(choose((2, 41, 47, 255, 0)), self._bytes(1480))
        return frames.ethernet(choose(CARDS), PEER, choose(TYPES), self._bytes(1500))

    # What becomes of them.

    def _spoil(self, frame: bytearray) -> None:
        ways: tuple[Callable[[bytearray], None], ...] = (
            self._change_field, self._change_field, self._change_field, self._flip, self._cut,
            self._grow, self._join,
        )  # fmt: skip
        self._random.choice(ways)(frame)

    def _change_field(self, frame: bytearray) -> None:
        """A field has a value that is least, greatest, almost right, or anything."""
        choose = self._random.choice
        protocol = frame[23] if len(frame) > 23 else 0
        of_protocol = {TCP: OF_TCP, UDP: OF_UDP, ICMP: OF_ICMP}.get(protocol, OF_IP)
        inner = OF_ARP if frame[12:14] == b"\x08\x06" else choose((OF_IP, of_protocol))
        at, size = choose((OF_ETHERNET, *3 * (inner,))[self._random.randrange(4)])
        old = int.from_bytes(frame[at : at + size])
        most = (1 << 8 * size) - 1
        new = choose((0, 1, most, most >> 1, old + 1, old - 1, self._random.getrandbits(8 * size)))
        if at + size <= len(frame):
            frame[at : at + size] = (new & most).to_bytes(size)

    def _flip(self, frame: bytearray) -> None:
        for _ in range(self._random.choice((1, 1, 2, 8))):
            frame[self._random.randrange(len(frame))] ^= 1 << self._random.randrange(8)

    def _cut(self, frame: bytearray) -> None:
        del frame[self._random.randint(14, max(14, len(frame))) :]

    def _grow(self, frame: bytearray) -> None:
        """To a length at which something ends: a header, a frame, a buffer; rarely the longest."""
        choose = self._random.choice
        length = choose(LENGTHS[:-1]) if self._random.random() < 0.97 else LENGTHS[-1]
        frame += bytes(max(0, length - len(frame)))

    def _join(self, frame: bytearray) -> None:
        """The beginning of this one, and the end of another."""
        other = self._valid()
        at = self._random.randrange(14, 60)
        frame[at:] = other[at:]
