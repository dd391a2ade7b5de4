#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a machine once more, to see where its kernel stops it, or what its harts do for ever.

A counted machine does the same thing every time, so this is what it did before. Arguments are those
of run.py, behind `stop` or `hang=SECONDS,TEXT`: the machine is looked at when it has printed TEXT
and then used so much processor time. Writes one line of JSON; nothing if nothing was found out.
Read next: in_gdb.py, diagnosis.py.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from emulator.causes import TRAPS, describe  # noqa: E402
from emulator.diagnosis import Hart, look  # noqa: E402
from emulator.gdbstub import Stub  # noqa: E402
from emulator.machine import EmulatorError, Machine  # noqa: E402
from emulator.places import BEGIN  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.qmp import MonitorError  # noqa: E402
from emulator.run import machine_of, parse  # noqa: E402

GDB = "gdb-multiarch"
LONGEST = 60.0  # seconds of a run; the caller has a limit of its own
PATIENCE = 10.0
POLL = 0.05
STILL = 20  # polls without any work: every hart sleeps
TICKS = os.sysconf("SC_CLK_TCK")


class Gdb:
    """gdb with in_gdb.py in it."""

    def __init__(self, mode: str, socket: str, machine: Machine, symbols: list[str]) -> None:
        if not shutil.which(GDB):
            raise EmulatorError(f"there is no {GDB}; remedy: make setup")
        environment = {**os.environ, "REL4_MODE": mode, "REL4_SOCKET": socket,
                       "REL4_KERNEL": machine.kernel,
                       "REL4_PROGRAMS": "\n".join(symbols)}  # fmt: skip
        script = Path(__file__).with_name("in_gdb.py")
        self.child = subprocess.Popen(
            [GDB, "-nx", "-batch", "-iex", "set auto-load off", "-x", str(script)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, errors="replace", env=environment,
        )  # fmt: skip

    def answer(self, seconds: float) -> dict:
        """What it found; nothing if it found nothing, or not in time."""
        try:
            out, _ = self.child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, _ = self.child.communicate()
        for line in out.splitlines():
            if line.startswith(BEGIN):
                return json.loads(line.removeprefix(BEGIN))
        return {}


def explain_stop(machine: Machine, symbols: list[str]) -> dict:
    """Where the kernel stops the machine."""
    with Process(machine.command(), debugger="") as process:
        drain(process)
        await_socket(process)
        return Gdb("stop", process.debugger, machine, symbols).answer(LONGEST)


def explain_hang(machine: Machine, symbols: list[str], how: str) -> dict:
    """What the harts do after so much processor time, or when nothing is done any more."""
    seconds, _, text = how.partition(",")
    with Process(machine.command()) as process:
        run_for(process, float(seconds), drain(process, text.encode()))
        try:
            with process.monitor(PATIENCE) as monitor:
                path = f"{process.folder}/gdb"
                monitor.human(f'gdbserver "unix:{path},server=on,wait=off"')
                with Stub(path, PATIENCE) as stub:
                    harts, ticks = look(stub)
        except MonitorError:
            return {}
        frames = Gdb("hang", path, machine, symbols).answer(PATIENCE).get("harts", [])
    frames += [[]] * (len(harts) - len(frames))
    return {"time": ticks > 0, "harts": list(map(described, harts, frames))}


def described(hart: Hart, frames: list[dict]) -> dict:
    """One hart, as JSON has it."""
    return {"asleep": hart.halted, "privilege": hart.privilege, "pc": hart.pc, "loops": hart.loops,
            "traps": traps_of(hart), "frames": frames}  # fmt: skip


def traps_of(hart: Hart) -> str:
    """Why it traps again and again, if it does."""
    names = TRAPS.get(hart.trap_loop)
    return describe(hart.registers.get(names.cause, 0)) if names else ""


def run_for(process: Process, seconds: float, printed: threading.Event) -> None:
    """Returns when QEMU has used so much processor time since something was printed, when it has
    none to use, or when it has ended."""
    end = time.monotonic() + LONGEST
    still = 0
    before = begin = -1.0
    while process.child.poll() is None and time.monotonic() < end and still < STILL:
        used = processor_time(process.child.pid)
        if begin < 0 and printed.is_set():
            begin = used
        if begin >= 0 and used >= begin + seconds:
            return
        still = still + 1 if used == before else 0
        before = used
        time.sleep(POLL)


def processor_time(pid: int) -> float:
    """Of a process, in seconds."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def await_socket(process: Process) -> None:
    """QEMU makes it as it starts."""
    end = time.monotonic() + PATIENCE
    while not os.path.exists(process.debugger):
        if process.child.poll() is not None or time.monotonic() > end:
            raise EmulatorError("the emulator does not start")
        time.sleep(0.01)


def drain(process: Process, text: bytes = b"") -> threading.Event:
    """What the machine prints was seen before; the event is that it has printed this, at once if
    that is nothing."""
    printed = threading.Event()
    if not text:
        printed.set()
    for stream in (process.child.stdout, process.child.stderr):
        threading.Thread(target=discard, args=(stream, text, printed), daemon=True).start()
    return printed


def discard(stream: BinaryIO, text: bytes, printed: threading.Event) -> None:
    """Reads to the end."""
    tail = b""
    with contextlib.suppress(OSError, ValueError):
        while data := os.read(stream.fileno(), 65536):
            tail = tail[-len(text) :] + data
            if text in tail:
                printed.set()


def main() -> int:
    """The command."""
    how, _, details = sys.argv[1].partition("=")
    options = parse(sys.argv[2:])
    # With a last instruction, QEMU takes a machine at a breakpoint for one that sleeps for ever.
    machine = replace(machine_of(options), stop_after=0)
    symbols = [options.initrd, *options.symbols]
    try:
        found = explain_hang(machine, symbols, details) if how == "hang" \
            else explain_stop(machine, symbols)  # fmt: skip
    except EmulatorError as error:
        print(f"explain: {error}", file=sys.stderr)
        return 1
    if found:
        print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
