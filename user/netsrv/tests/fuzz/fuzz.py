#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Sends the final system what nobody should send, from a seed; writes TAP.

    fuzz.py --seed N --count SEEDS --frames N ...

Frames of every bad kind (hostile.py), segments of every kind in every state of TCP (talks.py,
resets.py), all at once, to a card that sums and to one that does not. Meanwhile and afterwards a
client that keeps the rules gets back every byte; and when all is quiet the system has what it had
before. The same seed is the same run, to the instruction. Read next: tools/net/play.py.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "tools"))

import resets  # noqa: E402
import talks  # noqa: E402
from hostile import Hostile  # noqa: E402
from net.capture import tcp_text  # noqa: E402
from net.counters import leaks  # noqa: E402
from net.load import arp_responder  # noqa: E402
from net.play import Played, command_line, play, tell  # noqa: E402
from net.script import SECOND, Lane, Script  # noqa: E402
from net.tcp import TcpClient, define_segment  # noqa: E402

ECHO, HTTP = 7, 80
SETTLED = 10**8
QUIET = 3000 * SECOND
HONEST_PORT, HONEST_WAIT, LATER, REQUEST_BYTES = 42_000, 10**6, 200, 700
BEFORE, AFTER = 42_001, 42_002
INSTRUCTIONS = 60_000_000_000
CASES = {talks.LOST: "an answer that was lost is sent again",
         talks.SHRUNK: "a window that shrinks behind half of a segment",
         **{resets.lane_name(state): f"a reset in {state}" for state in resets.CASES}}
Results = Iterator[tuple[str, list[str]]]
ASK = b"GET /counters HTTP/1.0\r\n\r\n"


def begin(lane: Lane) -> None:
    """Whoever is bad waits for this."""
    lane.barrier("begin")


def end(lane: Lane) -> None:
    """The last step of all that is bad."""
    lane.barrier("over")


def ask_for_counters(lane: Lane, port: int) -> None:
    """A client of which the capture shows what it was answered."""
    client = TcpClient(lane, port, HTTP, within=SECOND)
    client.connect()
    client.send(ASK)
    lane.await_frame("tcp.flags=F/F", "tcp.seq->ack", "payload.length->bytes")
    lane.set("ack", "ack+bytes+1")
    client.segment("FA")
    client.advance(1)
    client.expect_acknowledged()


def echoes(client: TcpClient, rounds: int) -> None:
    """So many requests, and what comes back."""
    client.echo(rounds, REQUEST_BYTES, pause=HONEST_WAIT)


def script(seed: int, frames: int, sending_flags: str) -> Script:
    """All of it. What the honest clients leave to the card is in `sending_flags`."""
    whole = Script(f"bad input, seed {seed}")
    define_segment(whole)
    before = whole.lane("before")
    hostile = whole.lane("hostile")
    honest = whole.lane("honest")
    after = whole.lane("after")
    arp_responder(whole)

    talks.lost(whole, lambda lane: lane.wait(SETTLED), lambda lane: lane.barrier("alone"))
    before.match(tcp_dst=BEFORE)
    before.barrier("alone")
    ask_for_counters(before, BEFORE)
    before.barrier("begin")

    hostile.match("length=0")
    begin(hostile)
    duration = Hostile(seed).send(hostile, frames)
    end(hostile)

    client = TcpClient(honest, HONEST_PORT, ECHO, within=60 * SECOND, sending_flags=sending_flags)
    begin(honest)
    client.connect()
    echoes(client, duration // HONEST_WAIT)
    end(honest)
    echoes(client, LATER)
    client.close()
    honest.barrier("quiet")

    resets.add_cases(whole, begin)
    talks.mangled(whole, begin, seed, sending_flags)
    talks.shrunk(whole, begin)
    talks.slow(whole, begin)
    talks.half_open(whole, begin)
    talks.segments(whole, begin, seed)
    talks.requests(whole, begin)

    end(after)
    after.barrier("quiet")
    after.wait(QUIET)
    ask_for_counters(after, AFTER)
    return whole


def counters(played: Played, port: int, offload: bool) -> dict[str, int]:
    """What this client was answered; nothing if it was not."""
    body = tcp_text(played.capture, port, card_header=offload).partition(b"\r\n\r\n")[2]
    return json.loads(body) if body else {}


def kept(played: Played, offload: bool) -> list[str]:
    """What the system has not given back, and whether it took its card for a liar."""
    first, last = (counters(played, port, offload) for port in (BEFORE, AFTER))
    if not first or not last:
        return ["there are no counters"]
    return leaks(first, last) + [f"{last['restarts']} restarts of the card"] * last["restarts"]


def results(options: argparse.Namespace, seed: int, *, offload: bool) -> Results:
    """Of one run."""
    flags = "partial" if offload else ""
    played = play(options, script(seed, options.frames, flags), instructions=INSTRUCTIONS,
                  offload=offload, capture=True)  # fmt: skip
    name = f"net-fuzz: seed {seed}, {'the card' if offload else 'the system'} sums"
    yield f"{name}: whoever keeps the rules is served", played.problems()
    yield f"{name}: all that was used was given back", kept(played, offload)
    for lane, what in CASES.items():
        ended = f"ended {lane} " in played.log
        yield f"{name}: {what}", [] if ended else ["it is not as it should be"]


def main() -> int:
    """The command."""
    parser = command_line(__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first one (default: 1)")
    parser.add_argument("--count", type=int, default=1, help="of seeds (default: 1)")
    parser.add_argument("--frames", type=int, default=3000, help="bad ones (default: 3000)")
    parser.add_argument("--show", action="store_true", help="write the script, and run nothing")
    options = parser.parse_args()
    if options.show:
        sys.stdout.write(str(script(options.seed, options.frames, "")))
        return 0
    seeds = range(options.seed, options.seed + options.count)
    good = tell(result for seed in seeds for offload in (False, True)
                for result in results(options, seed, offload=offload))  # fmt: skip
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
