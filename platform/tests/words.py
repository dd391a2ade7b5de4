# SPDX-License-Identifier: BSD-2-Clause
"""Machines that run a few words of machine code, for tests that need no more.

The words are the firmware: they lie at the start of memory, where the reset code jumps in M-mode
after RESET_INSTRUCTIONS instructions. Read next: limits.py, debugger.py.
"""

import contextlib
import struct
import tempfile
from collections.abc import Iterator, Sequence

from guest import Setup

from emulator.machine import Machine

START = 0x80000000
RESET_INSTRUCTIONS = 6
NOP = 0x00000013
JUMP_TO_ITSELF = 0x0000006F
JUMP_TO_ZERO = 0x00000067


@contextlib.contextmanager
def machine_of(setup: Setup, words: Sequence[int], **changes) -> Iterator[Machine]:
    """A machine that runs the words, on one hart unless changed."""
    with tempfile.NamedTemporaryFile(prefix="rel4-words-") as file:
        file.write(struct.pack(f"<{len(words)}I", *words))
        file.flush()
        yield Machine(qemu=setup.qemu, firmware=file.name, **changes)
