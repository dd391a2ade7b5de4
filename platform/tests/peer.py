# SPDX-License-Identifier: BSD-2-Clause
"""Network scripts: what they send arrives, what they expect is looked at, and all of it repeats.

The guest is network.cpp, once asleep between frames and once polling. Read next: peer_scripts.py.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from determinism import busy_host
from guest import Run, Setup, check
from jobs import Job
from peer_scripts import BAD, FAILING, HEAD, PASSING
from tap import Result

from net.load import Mark, echo_load, marks
from net.script import Pattern, Script, emulator_options
from net.tcp import TcpClient, define_segment

PASSED, FAILED, ASLEEP = 0, 121, 125
WAITS = ("sleep", "poll")
CARD_SUMS = "info features 0x100000003"
MILLISECOND = 1_000_000

FINISH = """lane a
    match udp.src=7
    send udp udp.dst=16 payload=05
"""


@dataclass
class Played:
    """A run and what the script's log says."""

    run: Run
    log: str
    marks: dict[str, Mark] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.marks = {mark.name: mark for mark in marks(self.log)}

    def ending(self, status: int, *texts: str) -> list[str]:
        """What is wrong with how it ended, and with the log."""
        missing = [f"the log has no '{text}'" for text in texts if text not in self.log]
        return [self.run.ending(status), *missing]

    def between(self, first: str, second: str) -> Mark:
        """From one mark to another."""
        one, other = self.marks[first], self.marks[second]
        return Mark("", "", *(getattr(other, name) - getattr(one, name)
                              for name in ("time", "instructions", "sent", "received")))


def play(setup: Setup, script: str, *, offload: bool = False, stop: bool = True,
         capture: Path | None = None, harts: int = 1, **changes) -> Played:  # fmt: skip
    """Plays a script to the guest; `capture` gets all frames."""
    with tempfile.TemporaryDirectory() as folder:
        file, log = Path(folder) / "script", Path(folder) / "log"
        file.write_text(script, encoding="utf-8")
        extra = emulator_options(file, log, offload=offload, stop=stop)
        if capture:
            extra += ("-object", f"filter-dump,id=capture,netdev=net0,file={capture}")
        machine = setup.machine("bare", "network", harts=harts, extra=extra, **changes)
        return Played(setup.run(machine), log.read_text() if log.exists() else "")


def told(name: str, problems: list[str], *played: Played) -> list[Result]:
    """A result that shows the logs if there are problems."""
    result = check(f"peer: {name}", problems, *(one.run for one in played))
    if not result.passed:
        result.details += [f"log: {line}" for one in played for line in one.log.splitlines()]
    return [result]


def jobs(setup: Setup) -> Iterator[Job]:
    """One job for every script, and for what is more than one."""
    for name, script in PASSING.items():
        yield Job(f"peer/{name}", partial(passes, setup, name, script))
    for name, (script, message) in FAILING.items():
        yield Job(f"peer/{name}", partial(fails, setup, name, script, message))
    yield Job("peer/bad scripts", partial(bad_scripts, setup))
    yield Job("peer/bad options", partial(bad_options, setup))
    for work in (marked, blocked, dumped, endings, offloaded, not_offloaded, wrong_partial_sum,
                 clients, load):  # fmt: skip
        yield Job(f"peer/{work.__name__}", partial(work, setup))
    yield Job("peer/repeats", partial(repeats, setup), alone=True)


def passes(setup: Setup, name: str, script: str) -> list[Result]:
    """It passes, whether the guest sleeps or polls."""
    played = [play(setup, HEAD + script, append=f"wait={wait}") for wait in WAITS]
    problems = [text for one in played for text in one.ending(PASSED, "verdict passed")]
    return told(f"{name} passes", problems, *played)


def fails(setup: Setup, name: str, script: str, message: str) -> list[Result]:
    """It fails with this message, in the log and on standard error."""
    played = play(setup, HEAD + script)
    problems = played.ending(FAILED, "failure lane ", message, "verdict failed")
    errors = played.run.errors
    if len(errors.splitlines()) != 1 or message not in errors:
        problems.append("standard error is not one line that says it")
    return told(f"{name} fails", problems, played)


def bad_scripts(setup: Setup) -> list[Result]:
    """Each is refused with a line number, before the machine starts."""
    results = []
    for name, (script, line, message) in BAD.items():
        played = play(setup, HEAD + script)
        place = f"/script:{line + HEAD.count(chr(10))}: "
        right = place in played.run.errors and message in played.run.errors
        problems = [played.run.ending(1), "" if right else f"not '{place}{message}'",
                    "the guest ran" if played.run.output else ""]  # fmt: skip
        results += told(f"{name} is refused", problems, played)
    return results


def bad_options(setup: Setup) -> list[Result]:
    """What is wrong outside the script."""
    results = []
    for name, options, message in (
        ("no file", ("rel4-net-script,id=a",), "Parameter 'file' is missing"),
        ("a file that is not there", ("rel4-net-script,id=a,file=/nowhere",), "/nowhere"),
        ("a log that cannot be", ("rel4-net-script,id=a,file={},log=/nowhere/x",), "/nowhere/x"),
        ("a back end twice", ("rel4-net-script,id=a,file={}",) * 2, "Duplicate ID"),
    ):
        with tempfile.NamedTemporaryFile("w", prefix="rel4-script-") as file:
            file.write("lane a\n")
            file.flush()
            objects = [word for one in options for word in ("-object", one.format(file.name))]
            answer = subprocess.run(
                [setup.qemu, "-M", "virt", "-display", "none", "-nodefaults", *objects],
                capture_output=True, text=True, check=False, timeout=setup.wall,
            )  # fmt: skip
        right = answer.returncode == 1 and message in answer.stderr
        results.append(Result(f"peer: {name} is refused", right, answer.stderr.splitlines()))
    return results


def marked(setup: Setup) -> list[Result]:
    """Marks have the time to the nanosecond, and count no instruction of a guest that sleeps."""
    script = """lane a
        match udp.src=7
        send udp udp.dst=9
        wait 1ms
        mark begin
        wait 7ms
        mark middle
        send udp udp.dst=7
        expect 1s udp.src=7
        mark end
        """
    asleep = play(setup, HEAD + script)
    polling = play(setup, HEAD + script, append="wait=poll")
    problems = [*asleep.ending(PASSED), *polling.ending(PASSED)]
    if not any(problems):
        pause, answer = asleep.between("begin", "middle"), asleep.between("middle", "end")
        busy = polling.between("begin", "middle")
        problems += [
            "" if pause == Mark("", "", 7 * MILLISECOND, 0, 0, 0) else f"asleep: {pause}",
            "" if busy == Mark("", "", 7 * MILLISECOND, 7 * MILLISECOND, 0, 0) else f"{busy}",
            "" if 0 < answer.instructions <= answer.time and answer.sent == answer.received == 1
            else f"an answer: {answer}",
        ]  # fmt: skip
    return told("marks count time and instructions", problems, asleep, polling)


def blocked(setup: Setup) -> list[Result]:
    """The guest has eight buffers, and looks at none for 10 ms each: the script waits for it."""
    played = play(setup, HEAD + PASSING["more frames than the guest has buffers"])
    problems = played.ending(PASSED)
    if not any(problems):
        time = played.marks["sent"].time
        early, late = 20 * 10 * MILLISECOND, 24 * 10 * MILLISECOND
        problems.append("" if early < time < late else f"all were sent at {time} ns")
    return told("frames wait for buffers", problems, played)


def dumped(setup: Setup) -> list[Result]:
    """A failure shows the frame, and a filter can write all of them."""
    script = 'lane a\nsend udp udp.dst=7 payload="hello, world"\nexpect 1s payload="bye"'
    with tempfile.NamedTemporaryFile(prefix="rel4-capture-") as file:
        played = play(setup, HEAD + script, capture=Path(file.name))
        written = Path(file.name).read_bytes().count(b"hello, world")
    problems = played.ending(FAILED, "  0020  02 02 00 07 0f a0 00 14 ", "  54 bytes, came at ")
    problems.append("" if written == 2 else f"{written} frames instead of 2 in the capture")
    return told("a failure shows its frame", problems, played)


def endings(setup: Setup) -> list[Result]:
    """Without stop=on the guest decides; a script that is not through says so."""
    goes_on = play(setup, HEAD + FINISH, stop=False)
    failed = play(setup, HEAD + "lane a\nsend udp udp.dst=7\nexpect 1ms udp.src=9", stop=False)
    unfinished = play(setup, HEAD + FINISH + "expect ever udp.src=16\n")
    asleep = play(setup, HEAD + "lane a\nexpect ever length=0")
    where = "lane a, line 10: expect ever udp.src=16"
    return [
        *told("without stop=on a machine goes on after its script",
              goes_on.ending(5, "verdict passed"), goes_on),
        *told("without stop=on a machine goes on after a failure",
              failed.ending(ASLEEP, "udp.src=9: expected 0x9, got 0x7", "verdict failed"), failed),
        *told("a machine that ends before its script",
              [*unfinished.ending(5, f"unfinished {where}", "verdict unfinished"),
               "" if f"unfinished: {where}" in unfinished.run.errors else "no line on stderr"],
              unfinished),
        *told("a script that waits for ever does not keep a machine awake",
              asleep.ending(ASLEEP, "verdict unfinished"), asleep),
    ]  # fmt: skip


def offloaded(setup: Setup) -> list[Result]:
    """The guest leaves sums to its card, and is told that it need not look at others."""
    script = """lane a
        send udp udp.dst=7 payload="odd"
        expect 1s payload="odd" offloaded
        send tcp tcp.dst=7 tcp.flags=S
        expect 1s tcp.flags=SA offloaded
        send ping
        expect 1s icmp.type=0 summed
        send udp udp.dst=13 payload=ff partial
        expect 1s payload=01
        send udp udp.dst=13 payload=ff valid
        expect 1s payload=02
        send udp udp.dst=13 payload=ff
        expect 1s payload=00
        send tcp tcp.dst=7 tcp.flags=S partial
        expect 1s tcp.flags=SA
        """
    played = play(setup, HEAD + script, offload=True, append="sums=card")
    problems = played.ending(PASSED)
    problems.append("" if CARD_SUMS in played.run.output else "the card does not offer to sum")
    return told("checksums that the card makes", problems, played)


def not_offloaded(setup: Setup) -> list[Result]:
    """Nothing is left out that the guest has not agreed to, and nothing that is not offered."""
    script = """lane a
        send udp udp.dst=7 payload="x" partial
        expect 1s payload="x" summed
        send udp udp.dst=13 payload=ff partial
        expect 1s payload=00
        send udp udp.dst=13 payload=ff valid
        expect 1s payload=00
        """
    refused = play(setup, HEAD + script, offload=True)
    absent = play(setup, HEAD + script, append="sums=card")
    wanted = play(setup, HEAD + "lane a\nsend udp udp.dst=7\nexpect 1s offloaded")
    unwanted = play(setup, HEAD + "lane a\nsend udp udp.dst=7\nexpect 1s summed",
                    offload=True, append="sums=card")  # fmt: skip
    problems = [*refused.ending(PASSED), *absent.ending(PASSED),
                *wanted.ending(FAILED, "the guest has summed it itself"),
                *unwanted.ending(FAILED, "the guest has left the checksum to its card"),
                "the card offers to sum" if CARD_SUMS in absent.run.output else ""]  # fmt: skip
    return told("checksums that the card does not make", problems, refused, absent, wanted)


def wrong_partial_sum(setup: Setup) -> list[Result]:
    """What the guest leaves to its card is looked at after the card has summed it."""
    script = "lane a\nsend udp udp.dst=8\nexpect 1s udp.src=8"
    played = play(setup, HEAD + script, offload=True, append="sums=card")
    problems = played.ending(FAILED, "UDP: wrong checksum", "checksum left to the card")
    return told("a wrong sum of the pseudo header fails", problems, played)


def clients(setup: Setup) -> list[Result]:
    """What tools/net writes: connections that are closed, reset, and made again."""
    script = Script("clients of all kinds")
    define_segment(script)
    client = TcpClient(script.lane("orderly"), 4001, 12)
    client.connect()
    client.send(Pattern(700, 3))
    client.expect(Pattern(700, 3))
    client.close()
    broken = TcpClient(script.lane("broken"), 4002, 7, first=0xFFFF_FFFF)
    broken.connect()
    broken.send(b"in one piece")
    broken.expect(b"in one piece")
    broken.reset()
    broken.lane.silence(MILLISECOND)
    broken.connect()
    broken.send(b"again")
    broken.expect_acknowledged()
    broken.expect(b"again", acknowledge=False)
    pattern = Pattern(40, 7, 3)
    broken.send(pattern.bytes())
    broken.expect(pattern)
    played = play(setup, str(script))
    return told("clients of tools/net", played.ending(PASSED), played)


def load(setup: Setup) -> list[Result]:
    """The benchmark's script: every request is counted, and nothing else between the marks."""
    played = play(setup, str(echo_load(8, 50, 100, think=1000)), append="wait=poll")
    problems = played.ending(PASSED)
    if not any(problems):
        steady = played.between("begin", "end")
        right = (steady.sent, steady.received) == (8 * 50, 2 * 8 * 50)
        problems.append("" if right else f"in the steady state: {steady}")
    return told("an echo benchmark counts what it should", problems, played)


def repeats(setup: Setup) -> list[Result]:
    """Two runs, the second on a busy host, have the same log to the byte."""
    results = []
    script = str(echo_load(6, 40, 64))
    for harts in (1, 3):
        for wait in WAITS:
            turns = {"slice_length": "1..700", "seed": 4} if harts > 1 else {}
            first = play(setup, script, append=f"wait={wait}", harts=harts, **turns)
            with busy_host():
                second = play(setup, script, append=f"wait={wait}", harts=harts, **turns)
            problems = [*first.ending(PASSED), *second.ending(PASSED),
                        "" if first.log == second.log else "the logs differ"]  # fmt: skip
            results += told(f"{harts} harts, wait={wait}: the log repeats", problems, first, second)
    return results
