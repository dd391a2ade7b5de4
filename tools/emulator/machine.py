# SPDX-License-Identifier: BSD-2-Clause
"""The machine that is to be started, as values, and the QEMU options that make it.

With `counted` the harts take turns by counted instructions and virtual time follows the count:
the same machine does the same thing every time. Without it every hart is a thread of the host.
Only a counted machine can have slices and a last instruction (platform/qemu/README.md).
Read next: network.py, process.py.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .memory import Memory
from .network import Network

CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_QEMU = Path(os.path.relpath(CHECKOUT)) / "build/emulator/bin/qemu-system-riscv64"
BOARDS = {"virt": "virt", "fpga": "virt,fpga=on"}
# Random numbers in the device tree, and the real-time clock, are the same in every counted run.
REPEATABLE = ("-seed", "1", "-rtc", "base=2026-01-01,clock=vm")
USUAL_SLICE = "1000"
SLICE = re.compile(r"[1-9][0-9]*(\.\.[1-9][0-9]*)?")


class EmulatorError(Exception):
    """The emulator cannot do what was asked: one sentence, with the remedy."""


@dataclass(frozen=True)
class Machine:
    """What is started. `slice_length` is `N` or `LO..HI` instructions; if it is not set, harts of a
    counted machine take turns of USUAL_SLICE: with QEMU's own, they wait for each other for ever.

    `kept_memory` can be looked at when QEMU has ended. `board_options` are more of QEMU's machine
    options, such as `uintc-wake=off`.
    """

    qemu: str = str(DEFAULT_QEMU)
    board: str = "virt"
    board_options: str = ""
    harts: int = 1
    memory: str = "128M"
    firmware: str = "none"
    kernel: str = ""
    initrd: str = ""
    append: str = ""
    counted: bool = False
    slice_length: str = ""
    seed: int | None = None
    stop_after: int = 0
    network: Network | None = None
    kept_memory: Memory | None = None
    extra: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.board not in BOARDS:
            raise EmulatorError(f"board '{self.board}' is unknown; one of: {', '.join(BOARDS)}")
        if self.slice_length and not SLICE.fullmatch(self.slice_length):
            raise EmulatorError(f"slice '{self.slice_length}' is neither N nor LO..HI, from 1 up")

    def command(self) -> list[str]:
        """QEMU's command line, without its console and monitor."""
        kept = "memory-backend=memory" if self.kept_memory else ""
        board = ",".join(filter(None, (BOARDS[self.board], self.board_options, kept)))
        arguments = [self.qemu, "-M", board, "-smp", self._harts()]
        arguments += ["-m", self.memory, *self._accelerator(), "-bios", self.firmware]
        for option in ("kernel", "initrd", "append"):
            value = getattr(self, option)
            if value:
                arguments += [f"-{option}", value]
        if self.network:
            arguments += self.network.arguments()
        if self.kept_memory:
            arguments += self.kept_memory.arguments()
        return [*arguments, "-nodefaults", "-display", "none", "-no-reboot", *self.extra]

    def _takes_turns(self) -> bool:
        """Whether the harts are one thread of the host, else one each."""
        return bool(self.counted or self.slice_length or self.stop_after)

    def _harts(self) -> str:
        """A machine that may never have a second hart is executed without the guest's fences (QEMU
        7.2), though devices are threads too: a card's interrupt is lost now and then."""
        return "1,maxcpus=2" if self.harts == 1 and not self._takes_turns() else str(self.harts)

    def _accelerator(self) -> list[str]:
        if not self._takes_turns():
            return ["-accel", "tcg,thread=multi"]
        options = "tcg,thread=single"
        slice_length = self.slice_length or (USUAL_SLICE if self.harts > 1 else "")
        if slice_length:
            options += f",slice={slice_length}"
        if self.seed is not None:
            options += f",seed={self.seed}"
        if self.stop_after:
            options += f",stop-after={self.stop_after}"
        return ["-icount", "shift=0,sleep=off", "-accel", options, *REPEATABLE]


def check(qemu: str) -> None:
    """Raises EmulatorError unless this is ReL4's QEMU."""
    if not os.access(qemu, os.X_OK) or os.path.isdir(qemu):
        raise EmulatorError(f"there is no emulator at {qemu}; remedy: make emulator")
    try:
        answer = subprocess.run(
            [qemu, "-M", "virt,help"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmulatorError(f"{qemu} does not start ({error}); remedy: make emulator") from error
    if "error while loading shared libraries" in answer.stderr:
        reason = answer.stderr.strip().splitlines()[-1]
        raise EmulatorError(f"{qemu} does not start ({reason}); remedy: make setup emulator")
    if "uintc=" not in answer.stdout:
        raise EmulatorError(
            f"{qemu} is a QEMU without user interrupts; remedy: make emulator, which builds ours"
        )


def check_files(machine: Machine) -> None:
    """Raises EmulatorError unless all files of the machine can be read."""
    for file in (machine.firmware, machine.kernel, machine.initrd):
        if file in ("", "none", "default") or os.access(file, os.R_OK):
            continue
        raise EmulatorError(f"{file} cannot be read; remedy: build it with make first")


def shown(command: Sequence[str]) -> str:
    """A command line that can be pasted into a shell."""
    return shlex.join(command)
