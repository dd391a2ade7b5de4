# SPDX-License-Identifier: BSD-2-Clause
"""Ethernet frames as bytes, with right lengths and checksums: for scripts, and to be spoilt.

    ethernet(GUEST, PEER, IPV4, ipv4(UDP, udp(4000, 7, b"hello")))

Addresses are texts: "52:54:00:12:34:56", "10.0.2.15". Read next: script.py.
"""

import struct

GUEST = "52:54:00:12:34:56"  # the first card's address if it is not told another
PEER = "02:00:00:00:00:01"
GUEST_IP, PEER_IP = "10.0.2.15", "10.0.2.2"
IPV4, ARP = 0x0800, 0x0806
ICMP, TCP, UDP = 1, 6, 17
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
DO_NOT_FRAGMENT = 0x4000


def hardware(text: str) -> bytes:
    """The bytes of a card's address."""
    return bytes.fromhex(text.replace(":", ""))


def internet(text: str) -> bytes:
    """The bytes of an IPv4 address."""
    return bytes(int(part) for part in text.split("."))


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    padded = data + bytes(len(data) % 2)
    total = sum(word for (word,) in struct.iter_unpack(">H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(target: str, source: str, kind: int, payload: bytes) -> bytes:
    """An Ethernet II frame, without padding."""
    return hardware(target) + hardware(source) + struct.pack(">H", kind) + payload


def arp(operation: int, sender: tuple[str, str], target: tuple[str, str]) -> bytes:
    """An ARP packet; sender and target are a card's address and an IPv4 address each."""
    pairs = b"".join(hardware(card) + internet(address) for card, address in (sender, target))
    return struct.pack(">HHBBH", 1, IPV4, 6, 4, operation) + pairs


def ipv4(protocol: int, payload: bytes, source: str = PEER_IP, target: str = GUEST_IP,
         identification: int = 0, fragment: int = DO_NOT_FRAGMENT, ttl: int = 64,
         options: bytes = b"") -> bytes:  # fmt: skip
    """An IPv4 packet. The payload's checksum, of TCP or UDP, is put in if it is 0."""
    header_bytes = 20 + len(options)
    header = bytearray(struct.pack(
        ">BBHHHBBH4s4s", 0x40 | header_bytes // 4, 0, header_bytes + len(payload),
        identification, fragment, ttl, protocol, 0, internet(source), internet(target),
    ))  # fmt: skip
    header += options
    struct.pack_into(">H", header, 10, checksum(bytes(header)))
    return bytes(header) + _summed(protocol, payload, bytes(header[12:20]))


def _summed(protocol: int, payload: bytes, addresses: bytes) -> bytes:
    place = {TCP: 16, UDP: 6}.get(protocol)
    if place is None or len(payload) < place + 2 or payload[place : place + 2] != b"\0\0":
        return payload
    pseudo = addresses + struct.pack(">HH", protocol, len(payload))
    total = checksum(pseudo + payload) or 0xFFFF
    return payload[:place] + struct.pack(">H", total) + payload[place + 2 :]


def icmp_echo(identifier: int, sequence: int, data: bytes = b"", reply: bool = False) -> bytes:
    """A ping, or the answer to one."""
    kind = 0 if reply else 8
    total = checksum(struct.pack(">BBHHH", kind, 0, 0, identifier, sequence) + data)
    return struct.pack(">BBHHH", kind, 0, total, identifier, sequence) + data


def udp(source: int, target: int, data: bytes = b"") -> bytes:
    """A UDP datagram, to be given to ipv4()."""
    return struct.pack(">HHHH", source, target, 8 + len(data), 0) + data


def tcp(source: int, target: int, sequence: int = 0, acknowledged: int = 0, flags: int = SYN,
        data: bytes = b"", window: int = 0xFFFF, options: bytes = b"") -> bytes:  # fmt: skip
    """A TCP segment, to be given to ipv4(). Options are of a multiple of four bytes."""
    header = 20 + len(options)
    return struct.pack(
        ">HHIIBBHHH", source, target, sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF,
        header // 4 << 4, flags, window, 0, 0,
    ) + options + data  # fmt: skip
