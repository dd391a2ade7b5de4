# SPDX-License-Identifier: BSD-2-Clause
"""Which C++ files a slow check has found good before, so that it need not look at them again.

A verdict is an empty file in the cache folder, named by a hash of what the check's answer depends
on: the file, the headers of ours that it includes, the command that compiles it, the check's own
rules and version. (Not headers of packages: those are as Debian has them.) A changed file has
another hash; complaints are never kept. Verdicts
that nobody asked for in a month are deleted. Read next: lint.py.
"""

import hashlib
import os
import re
import time
from pathlib import Path

INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
FOLDER_FLAG = re.compile(r"-(?:I|iquote) ?(\S+)")
QUOTED_FILE = re.compile(r'"?([\w./-]+\.hpp)')
MONTH = 30 * 24 * 3600


def cache_folder() -> Path:
    """Where verdicts are kept."""
    cache = os.environ.get("REL4_CACHE") or Path.home() / ".cache" / "rel4"
    return Path(cache, "lint")


class Sources:
    """Files of the tree and what they include, each read once."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[bytes, list[str]]] = {}

    def read(self, path: Path) -> tuple[bytes, list[str]]:
        """A file's content, and the names that it includes with quotes."""
        if path not in self._read:
            content = path.read_bytes()
            names = [name.decode(errors="replace") for name in INCLUDE.findall(content)]
            self._read[path] = content, names
        return self._read[path]

    def closure(self, path: Path, command: str) -> list[Path]:
        """The file and every file of ours that it includes, directly or not, sorted. Where a name
        could mean several, all of them: that is never too little."""
        folders = [Path("."), *map(Path, FOLDER_FLAG.findall(command))]
        found: set[Path] = set()
        pending = [path, *(Path(name) for name in QUOTED_FILE.findall(command))]
        while pending:
            file = Path(os.path.normpath(pending.pop()))
            if file in found or not file.is_file():
                continue
            found.add(file)
            for name in self.read(file)[1]:
                pending += [folder / name for folder in (*folders, file.parent)]
        return sorted(found)

    def mentions(self, path: Path, command: str, pattern: re.Pattern[bytes]) -> bool:
        """Whether the file, or a header of ours that it includes, has text that matches."""
        return any(pattern.search(self.read(file)[0]) for file in self.closure(path, command))


class Verdicts:
    """The verdicts of one check, whose rules and version `rules` are."""

    def __init__(self, sources: Sources, rules: bytes, folder: Path | None = None) -> None:
        self._sources = sources
        self._rules = rules
        self._folder = folder or cache_folder()

    def key(self, path: Path, command: str) -> str:
        """The hash of all that the check's answer for a file depends on."""
        digest = hashlib.sha256()
        for part in (self._rules, command.encode()):
            digest.update(len(part).to_bytes(8, "little") + part)
        for file in self._sources.closure(path, command):
            content = self._sources.read(file)[0]
            digest.update(f"{file}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def good(self, key: str) -> bool:
        """Was this found good before?"""
        try:
            os.utime(self._folder / key)
        except OSError:
            return False
        return True

    def remember(self, key: str) -> None:
        """It was found good. A folder that cannot be written to only costs time."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / key).touch()
        except OSError:
            pass


def forget_old(folder: Path | None = None) -> None:
    """Deletes verdicts that nobody asked for in a month."""
    try:
        for verdict in (folder or cache_folder()).iterdir():
            if time.time() - verdict.stat().st_mtime > MONTH:
                verdict.unlink()
    except OSError:
        pass
