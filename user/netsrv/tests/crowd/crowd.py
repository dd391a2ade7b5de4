#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests the net server with a crowd of clients, and plays the other end of the cable; writes TAP.

Every 16th guest sends a datagram, is answered, and is then visited by a client of its TCP server
(crowd.hpp). Nothing depends on the host's time. Read next: crowd.hpp; platform/qemu/README.md.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "platform/tests")]

from net import frames  # noqa: E402
from net.frames import ARP, GUEST, GUEST_IP, PEER, PEER_IP  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.script import Lane, Pattern, Script, emulator_options  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402
from tap import Result, Writer  # noqa: E402

# As crowd.hpp has them.
GUESTS, EVERY, ROUNDS_OF_GUESTS = 200, 16, 2
TCP_PORT, UDP_PORT_OUTSIDE, MOST_DATA = 1000, 9, 896
REQUESTS = 10
ADDRESS = f"net={GUEST_IP}/24,{PEER_IP}"
MINUTES = 600 * 10**9
SETTLED = 10**8
EXPECTED = (
    "crowd: 200 guests",
    "auditor: 2 times 201 clients at once, nothing is missing",
    ", all is well",
)


def bytes_of(number: int) -> int:
    """The length of a guest's datagram, by which it is known."""
    return 1 + number * 37 % MOST_DATA


def answer(lane: Lane, number: int) -> None:
    """A datagram came, another one goes back."""
    lane.expect("udp.src->port", within=MINUTES,
                payload=Pattern(bytes_of(number), number))  # fmt: skip
    lane.send("datagram", f"payload~{bytes_of(number)}={number + GUESTS}@0", udp_dst="port")


def script() -> Script:
    """The other end of the cable."""
    whole = Script("what a crowd of guests finds outside")
    define_segment(whole)
    packet = frames.ipv4(frames.UDP, frames.udp(UDP_PORT_OUTSIDE, 0, b""))
    whole.let("datagram", frames.ethernet(GUEST, PEER, frames.IPV4, packet))
    # From this the machine learns who we are: of packets that wait for that, lwIP keeps one only.
    greeting = whole.lane("greeting")
    greeting.match("length=0")
    greeting.wait(SETTLED)
    asked = frames.arp(1, (PEER, PEER_IP), ("00:00:00:00:00:00", GUEST_IP))
    greeting.send(frames.ethernet(GUEST, PEER, ARP, asked))
    arp_responder(whole)
    for number in range(0, GUESTS, EVERY):
        datagrams = whole.lane(f"datagrams{number}")
        datagrams.match(udp_dst=UDP_PORT_OUTSIDE, payload_length=bytes_of(number))
        visitor = whole.lane(f"visitor{number}")
        client = TcpClient(visitor, 5000, TCP_PORT + number, within=MINUTES)
        for turn in range(ROUNDS_OF_GUESTS):
            answer(datagrams, number)
            for lane in (datagrams, visitor):
                lane.barrier(f"visit{number}-{turn}")
            client.connect()
            with visitor.repeat(REQUESTS, "round"):
                data = Pattern(MOST_DATA, f"round+{number << 16}")
                client.send(data)
                client.expect(data)
            client.close()
    return whole


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for name in ("--qemu", "--firmware", "--kernel", "--root", "--harts"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, log = Path(folder) / "script", Path(folder) / "log"
        script().write(file)
        command = [
            ROOT / "tools/emulator/run.py", "--qemu", options.qemu, "--firmware", options.firmware,
            "--kernel", options.kernel, "--initrd", options.root, "--harts", options.harts,
            "--memory", "256M", "--append", ADDRESS, "--counted", "--slice", "1000",
            "--stop-after", "6000000000", "--first-output", "0",
            "--", *emulator_options(file, log, stop=False),
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        told = log.read_text() if log.exists() else ""
    output = run.stdout + run.stderr
    problems = [f"missing: {text}" for text in EXPECTED if text not in output]
    if run.returncode != 0:
        problems.append(f"exit status {run.returncode}")
    if "verdict passed" not in told:
        problems += ["the script has not passed", *told.splitlines()[-5:]]
    details = problems and problems + output.splitlines()[-30:]
    result = Result("net-crowd: 200 clients, of whom some are hostile, twice", not problems,
                    details)  # fmt: skip
    writer = Writer(sys.stdout)
    writer.add(result)
    writer.close()


if __name__ == "__main__":
    main()
