# SPDX-License-Identifier: BSD-2-Clause
"""The files of the project: what is tracked, and what would be if it were added.

Always holds: paths are relative to the top folder, sorted, and exist. Read next: lint.py.
"""

import subprocess
from pathlib import Path


def files() -> list[Path]:
    """Every file that git knows or does not ignore; without git, every file outside build."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
        paths = [Path(name) for name in done.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in Path(".").rglob("*")
                 if not {"build", ".git", "__pycache__"} & set(path.parts)]
    return sorted(path for path in set(paths) if path.is_file() and not path.is_symlink())


def relative(line: str) -> str:
    """A tool's message, with its path relative to the top folder."""
    return line.removeprefix(f"{Path.cwd()}/").removeprefix("./")


def is_foreign(path: Path) -> bool:
    """Part of another project's tree: it has that one's layout and language, not ours."""
    return path.is_relative_to("platform/qemu/overlay") or path.suffix == ".patch"


def first_lines(path: Path, count: int = 5) -> list[str]:
    """The beginning of a file; no lines if it is not text."""
    try:
        with path.open(encoding="utf-8") as file:
            return [line.rstrip("\n") for _, line in zip(range(count), file)]
    except UnicodeDecodeError:
        return []


def has_interpreter(path: Path, name: str) -> bool:
    """Whether the first line makes it a script in this language."""
    return any(line.startswith("#!") and name in line for line in first_lines(path, 1))


def is_python(path: Path) -> bool:
    return path.suffix == ".py" or has_interpreter(path, "python")


def is_shell(path: Path) -> bool:
    return path.suffix == ".sh" or has_interpreter(path, "bash")


def is_cpp(path: Path) -> bool:
    return path.suffix in (".cpp", ".hpp") and not is_foreign(path)
