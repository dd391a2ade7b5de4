#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{7}
"""Gives the machine on a tap device its address, 10.0.2.15, as QEMU's user-mode network does.

One machine, one address, for ever: every DISCOVER is offered it, every REQUEST is granted it.
Reference: RFC 2131 (messages), RFC 2132 (options). Read next: namespace.sh, which starts this.
"""

import contextlib
import os
import select
import socket
import struct
import sys

MACHINE, HERE, MASK = "10.0.2.15", "10.0.2.2", "255.255.255.0"
SERVER_PORT, CLIENT_PORT = 67, 68
COOKIE = b"\x63\x82\x53\x63"
HEADER = struct.Struct("!4B I 2H 4s4s4s4s 16s 192x 4s")  # up to the options: 240 bytes
LEASE = struct.pack("!I", 0xFFFFFFFF)
DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5
ANSWERS = {DISCOVER: OFFER, REQUEST: ACK}
PAD, END = 0, 255
SUBNET_MASK, ROUTER, LEASE_TIME, MESSAGE_TYPE, SERVER = 1, 3, 51, 53, 54


def options_of(data: bytes) -> dict[int, bytes]:
    """The options of a message; what is cut off ends them."""
    options = {}
    position = 0
    while position + 1 < len(data) and data[position] != END:
        if data[position] == PAD:
            position += 1
            continue
        code, length = data[position : position + 2]
        options[code] = data[position + 2 : position + 2 + length]
        position += 2 + length
    return options


def answer(message: bytes) -> bytes | None:
    """What is answered to a message; None if nothing is."""
    if len(message) < HEADER.size:
        return None
    operation, kind, length, _, number, _, flags, *addresses, hardware, cookie = HEADER.unpack(
        message[: HEADER.size]
    )
    asked = options_of(message[HEADER.size :]).get(MESSAGE_TYPE, b"\0")[:1]
    said = ANSWERS.get(int.from_bytes(asked, "big"))
    if operation != 1 or cookie != COOKIE or said is None:
        return None
    machine, here, mask = map(socket.inet_aton, (MACHINE, HERE, MASK))
    head = HEADER.pack(2, kind, length, 0, number, 0, flags, addresses[0], machine, here,
                       bytes(4), hardware, COOKIE)  # fmt: skip
    options = ((MESSAGE_TYPE, bytes([said])), (SERVER, here), (LEASE_TIME, LEASE),
               (SUBNET_MASK, mask), (ROUTER, here))  # fmt: skip
    return head + b"".join(bytes([code, len(data)]) + data for code, data in options) + b"\xff"


def serve(interface: str, command: int) -> None:
    """Answers as long as the process that started this, the command, runs."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        server.bind(("", SERVER_PORT))
        end = os.pidfd_open(command)
        while os.getppid() == command and end not in select.select([server, end], [], [])[0]:
            reply = answer(server.recv(2048))
            if reply:
                server.sendto(reply, ("255.255.255.255", CLIENT_PORT))


if __name__ == "__main__":
    with contextlib.suppress(ProcessLookupError):  # the command has ended already
        serve(sys.argv[1], int(sys.argv[2]))
