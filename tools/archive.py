#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{2}
"""Packs files into a cpio archive ("newc"): archive.py ARCHIVE FILE...

A file's name in the archive is its own without folder and suffix. The same files give the same
archive: no times, no owners. Read next: user/root/archive.hpp, which reads it.
"""

import sys
from pathlib import Path

HEADER_LENGTH = 110
REGULAR_FILE = 0o100644


def filled(data: bytes, before: int = 0) -> bytes:
    """The data, with zeroes up to a multiple of four bytes."""
    return data + bytes(-(before + len(data)) % 4)


def entry(number: int, name: str, contents: bytes) -> bytes:
    """One file: header, name, contents."""
    named = name.encode() + b"\0"
    fields = [number, REGULAR_FILE, 0, 0, 1, 0, len(contents), 0, 0, 0, 0, len(named), 0]
    header = "070701" + "".join(f"{field:08x}" for field in fields)
    return header.encode() + filled(named, HEADER_LENGTH) + filled(contents)


def pack(files: list[Path]) -> bytes:
    """The archive."""
    entries = [entry(number, file.stem, file.read_bytes()) for number, file in enumerate(files, 1)]
    return b"".join(entries) + entry(0, "TRAILER!!!", b"")


def main(archive: str, *files: str) -> int:
    """The command."""
    Path(archive).write_bytes(pack([Path(file) for file in files]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
