#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Tests the servers with remote peers who take all they can get; writes TAP.

SYNs come from thousands of ports that never answer; and nearly as many connections as the TCP
server has room for are opened at its echo, fill it with what they send, and read nothing. Meanwhile
one client asks for echoes, and gets every byte; then those who read nothing break off, and twenty
new ones are served. Nothing depends on the host's time. Read next: tools/net/tcp.py.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "platform/tests")]

from net.frames import GUEST_IP, PEER_IP  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.script import Lane, Pattern, Script, emulator_options  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402
from tap import Result, Writer  # noqa: E402

ECHO = 7
SYNS, SYN_EVERY = 3000, 20_000  # ns: ten times the backlog within a round trip would keep all out
DEAF, SEGMENTS, SEGMENT = 280, 3, 1460
LATER, REQUESTS, REQUEST_BYTES = 20, 200, 64
SETTLED, SECOND = 10**8, 10**9
ADDRESS = f"net={GUEST_IP}/24,{PEER_IP}"


def served(lane: Lane, port: int, requests: int) -> None:
    """A client that gets back all that it sends, within a second each time."""
    client = TcpClient(lane, port, ECHO)
    client.connect()
    with lane.repeat(requests, "round"):
        data = Pattern(REQUEST_BYTES, f"round+{port << 16}")
        client.send(data)
        client.expect(data)
    client.close()


def script() -> Script:
    """All of them."""
    whole = Script("SYNs that nobody stands behind, and clients that read nothing")
    define_segment(whole)
    arp_responder(whole)
    syns = whole.lane("syns")
    syns.match("length=0")
    syns.wait(SETTLED)
    with syns.repeat(SYNS, "number"):
        syns.send("segment", "tcp.src=number+10000", "tcp.seq=number", "tcp.flags=S",
                  f"tcp.dst={ECHO}", "ip.src=10.0.2.77")  # fmt: skip
        syns.wait(SYN_EVERY)
    syns.barrier("flooded")
    for number in range(DEAF):
        lane = whole.lane(f"deaf{number}")
        client = TcpClient(lane, 41_000 + number, ECHO, within=60 * SECOND)
        lane.barrier("flooded")
        lane.wait(1 + number * 100_000)
        client.connect()
        lane.ignore("tcp.flags=A/FSR")
        for _ in range(SEGMENTS):
            client.send(Pattern(SEGMENT, number))
        lane.barrier("full")
        lane.barrier("enough")
        client.reset()
        lane.barrier("gone")
    while_flooded = whole.lane("while-flooded")
    while_flooded.wait(SETTLED + SYNS // 3 * SYN_EVERY)
    served(while_flooded, 42_000, REQUESTS)
    while_full = whole.lane("while-full")
    while_full.barrier("full")
    served(while_full, 42_001, REQUESTS)
    while_full.barrier("enough")
    for number in range(LATER):
        lane = whole.lane(f"later{number}")
        lane.barrier("gone")
        served(lane, 42_100 + number, REQUESTS)
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
            "--stop-after", "20000000000", "--first-output", "0",
            "--", *emulator_options(file, log),
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        told = log.read_text() if log.exists() else ""
    problems = [] if run.returncode == 0 else [f"exit status {run.returncode}"]
    if "verdict passed" not in told:
        failures = [line for line in told.splitlines() if not line.startswith("ended")]
        problems += failures[:20] + (run.stdout + run.stderr).splitlines()[-10:]
    writer = Writer(sys.stdout)
    name = f"net-flood: {SYNS} SYNs and {DEAF} connections that read nothing keep nobody out"
    writer.add(Result(name, not problems, problems))
    writer.close()


if __name__ == "__main__":
    main()
