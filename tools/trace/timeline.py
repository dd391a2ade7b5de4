# SPDX-License-Identifier: BSD-2-Clause
"""What the recorder wrote, as a timeline that Perfetto and Chrome open.

    process      track       what
    hart 0       kernel      from each trap to its sret, by its cause
                 programs    what runs in between, by the thread's name; user interrupts, sent
                             and taken
    coroutines   a thread    from each resumption to the next suspension
    rings        a ring      lines that are in it, whenever some are published; by its producer

Time is in instructions, shown as nanoseconds. Always holds: slices of a track lie behind each
other or within each other; what was open when the record ended is closed there.
Format: "Trace Event Format", JSON object form. Read next: trace.py.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TextIO

THREAD, CAUSE, RESUME, SUSPEND, RING, NAME, SENT = range(1, 8)  # kernel/lib/trace.hpp
ARGUMENT_BITS = 13
COROUTINES, RINGS = 1000, 1001  # processes; harts are those below
KERNEL, PROGRAMS = 0, 1  # tracks of a hart

SYSCALLS = {-1: "call", -2: "reply and receive", -3: "send", -4: "non-blocking send",
            -5: "receive", -6: "reply", -7: "yield", -8: "non-blocking receive",
            -41: "wake the kernel's handler", -42: "park"}
INTERRUPTS = {1: "message of a hart", 5: "timer", 9: "interrupt of a device"}
EXCEPTIONS = {2: "illegal instruction", 12: "fault: execute", 13: "fault: load",
              15: "fault: store"}


@dataclass
class Hart:
    """What a hart does just now."""

    thread: int = 0
    call: str = ""  # the ecall that is about to trap
    in_kernel: bool = False
    cause: str = ""
    since: float = 0.0  # when it went into the kernel, or left it


@dataclass
class Timeline:
    """Events as they are found, and who is who."""

    events: list[dict[str, object]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    spelled: dict[int, str] = field(default_factory=dict)
    harts: dict[int, Hart] = field(default_factory=dict)
    resumed: dict[int, tuple[float, int]] = field(default_factory=dict)  # by thread
    end: float = 0.0

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def slice(self, process: int, track: int, start: float, name: object) -> None:
        self.events.append({"ph": "X", "pid": process, "tid": track, "ts": start,
                            "dur": round(self.end - start, 3), "name": name})

    def instant(self, process: int, name: str) -> None:
        self.events.append({"ph": "i", "s": "t", "pid": process, "tid": PROGRAMS,
                            "ts": self.end, "name": name})

    def take(self, line: str) -> None:
        """An event of the record."""
        time, cpu, letter, number = line.split()
        self.end = int(time) / 1000  # microseconds
        hart = self.harts.setdefault(int(cpu), Hart())
        HANDLERS[letter](self, int(cpu), hart, int(number))

    def ecall(self, _: int, hart: Hart, number: int) -> None:
        hart.call = SYSCALLS.get(number, f"system call {number}" if number else "system call")

    def trap(self, index: int, hart: Hart, _: int) -> None:
        self.leave_program(index, hart)
        hart.in_kernel, hart.since = True, self.end
        hart.cause, hart.call = hart.call or "trap", ""
        self.count("traps")

    def leave_program(self, index: int, hart: Hart) -> None:
        if not hart.in_kernel and 0 < hart.since < self.end and hart.thread:
            self.slice(index, PROGRAMS, hart.since, hart.thread)

    def sret(self, index: int, hart: Hart, _: int) -> None:
        if hart.in_kernel:
            self.slice(index, KERNEL, hart.since, hart.cause)
        hart.in_kernel, hart.since = False, self.end

    def send(self, index: int, _: Hart, __: int) -> None:
        self.instant(index, "send")
        self.count("sends")

    def taken(self, index: int, _: Hart, __: int) -> None:
        self.instant(index, "user interrupt")
        self.count("user interrupts")

    def message(self, index: int, hart: Hart, message: int) -> None:
        event, argument = message >> ARGUMENT_BITS, message & (1 << ARGUMENT_BITS) - 1
        if event == THREAD:
            hart.thread = argument
            self.count("switches of threads")
        elif event == CAUSE:
            interrupt = argument >> (ARGUMENT_BITS - 1)
            number = argument & (1 << (ARGUMENT_BITS - 1)) - 1
            known = INTERRUPTS if interrupt else EXCEPTIONS
            hart.cause = known.get(number, f"cause {number}")
        elif event == RESUME:
            self.resumed[hart.thread] = (self.end, argument)
            self.count("switches of coroutines")
        elif event == SUSPEND:
            self.suspend(hart.thread)
        elif event == RING:
            self.events.append({"ph": "C", "pid": RINGS, "ts": self.end,
                                "name": (hart.thread, argument >> 9),
                                "args": {"lines": argument & 511}})
            self.count("rings published")
        elif event == NAME:
            self.spell(hart.thread, argument)
        elif event == SENT:
            self.send(index, hart, argument)

    def suspend(self, thread: int) -> None:
        if thread in self.resumed:
            start, priority = self.resumed.pop(thread)
            self.slice(COROUTINES, thread, start, f"priority {priority}")

    def spell(self, thread: int, character: int) -> None:
        text = self.spelled.get(thread, "")
        if character:
            self.spelled[thread] = text + chr(character)
        else:
            self.names[thread] = text
            self.spelled[thread] = ""

    def name_of(self, thread: int) -> str:
        return self.names.get(thread, f"thread {thread}")

    def finish(self) -> dict[str, object]:
        """The whole as JSON has it."""
        for index, hart in self.harts.items():
            if hart.in_kernel:
                self.sret(index, hart, 0)
            else:
                self.leave_program(index, hart)
        for thread in list(self.resumed):
            self.suspend(thread)
        threads = {event["tid"] for event in self.events if event["pid"] == COROUTINES}
        for event in self.events:  # names may be known only at the end
            name = event.get("name")
            if isinstance(name, int):
                event["name"] = self.name_of(name)
            elif isinstance(name, tuple):
                event["name"] = f"{self.name_of(name[0])}: ring {name[1]}"
        labels = [*(label(f"hart {index}", index) for index in self.harts),
                  *(label("kernel", index, KERNEL) for index in self.harts),
                  *(label("programs", index, PROGRAMS) for index in self.harts),
                  label("coroutines", COROUTINES), label("rings", RINGS),
                  *(label(self.name_of(thread), COROUTINES, thread) for thread in sorted(threads))]
        return {"displayTimeUnit": "ns", "traceEvents": [*labels, *self.events]}


def label(name: str, process: int, track: int | None = None) -> dict[str, object]:
    """The name of a process, or of one of its tracks."""
    what = "process_name" if track is None else "thread_name"
    return {"ph": "M", "pid": process, "tid": track or 0, "name": what, "args": {"name": name}}


HANDLERS = {"T": Timeline.trap, "E": Timeline.ecall, "R": Timeline.sret, "S": Timeline.send,
            "U": Timeline.taken, "P": Timeline.message}


def convert(record: Iterable[str], out: TextIO) -> dict[str, int]:
    """Writes the timeline of a record; answers how often what happened. A line that is cut off, as
    the last one of a machine that was stopped can be, is left out."""
    timeline = Timeline()
    for line in record:
        if line.endswith("\n"):
            timeline.take(line)
    json.dump(timeline.finish(), out)
    return timeline.counts
