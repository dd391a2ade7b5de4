# SPDX-License-Identifier: BSD-2-Clause
"""Network scripts as objects: a Script has lanes, and a Lane a method for each step.

A term is a keyword whose underscores are points: `tcp_flags="SA"` is tcp.flags=SA. Its value is a
number, an expression ("seq+1"), bytes, or a Pattern; where a name will not do, terms are texts in
the language itself: `"36:2=7"`, `"tcp.seq->ack"`. Read next: tcp.py.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Pattern:
    """Bytes that follow from a seed, as the emulator makes them: each is an expression."""

    length: int | str
    seed: int | str = 0
    position: int | str = 0

    def __str__(self) -> str:
        return f"~{self.length}={self.seed}@{self.position}"

    def bytes(self) -> bytes:
        """The bytes; all three must be numbers."""
        first = int(self.position)
        return bytes(pattern_byte(int(self.seed), at) for at in range(first, first + self.size))

    @property
    def size(self) -> int:
        """The length, if it is a number."""
        return int(self.length)


Value = int | str | bytes | Pattern


def pattern_byte(seed: int, position: int) -> int:
    """Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014."""
    word = (seed * 0xD1342543DE82EF95 + (position // 8 + 1) * 0x9E3779B97F4A7C15) & MASK
    word = ((word ^ word >> 30) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ word >> 27) * 0x94D049BB133111EB) & MASK
    return (word ^ word >> 31) >> 8 * (position % 8) & 0xFF


def payload_term(data: bytes | Pattern) -> str:
    """The term of what stands behind all headers."""
    if isinstance(data, Pattern):
        return f"payload{data}"
    return f"payload={data.hex()}" if data else payload_term(Pattern(0))


def term(name: str, value: Value) -> str:
    """A term of a frame."""
    place = name.replace("_", ".")
    if isinstance(value, Pattern):
        return f"{place}{value}"
    return f"{place}={value.hex() if isinstance(value, bytes) else value}"


def time_text(nanoseconds: int | None) -> str:
    """A time; None is for ever."""
    return "ever" if nanoseconds is None else f"{nanoseconds}ns"


SECOND = 1_000_000_000


@dataclass
class Lane:
    """The steps of one lane."""

    name: str
    lines: list[str] = field(default_factory=list)
    depth: int = 1

    def step(self, *words: object) -> None:
        """A line."""
        self.lines.append("  " * self.depth + " ".join(str(word) for word in words))

    def note(self, text: str) -> None:
        """A comment: what the steps behind it are for."""
        self.step("#", text)

    def match(self, *texts: str, **terms: Value) -> None:
        """The frames that are this lane's: those for which all terms of all lines hold."""
        self.step("match", *texts, *_terms(terms))

    def set(self, variable: str, value: int | str) -> None:
        """A variable of the lane."""
        self.step("set", variable, value)

    def wait(self, nanoseconds: int) -> None:
        """Does nothing for so long."""
        self.step("wait", time_text(nanoseconds))

    def send(self, frame: bytes | str, *texts: str, **terms: Value) -> None:
        """A frame, or the name of one, in which terms are put."""
        words = frame.hex() if isinstance(frame, bytes) else frame
        self.step("send", words, *texts, *_terms(terms))

    def send_raw(self, frame: bytes) -> None:
        """A frame as it is, right or wrong."""
        self.step("send", frame.hex(), "nolength", "nosum")

    def expect(self, *texts: str, within: int | None = SECOND, **terms: Value) -> None:
        """The next frame that is not ignored: it must come, and all terms must hold."""
        self.step("expect", time_text(within), *texts, *_terms(terms))

    def await_frame(self, *texts: str, within: int | None = SECOND, **terms: Value) -> None:
        """Passes over frames until one comes for which all terms hold."""
        self.step("await", time_text(within), *texts, *_terms(terms))

    def stream(self, variable: str, data: bytes | Pattern, *texts: str, reply: str = "",
               within: int | None = SECOND) -> None:  # fmt: skip
        """TCP's bytes from the sequence number in the variable on, in any segments; `reply` is a
        frame that is sent for each."""
        words = [payload_term(data), *texts] + (["reply", reply] if reply else [])
        self.step("stream", time_text(within), variable, *words)

    def silence(self, nanoseconds: int) -> None:
        """Nothing that is not ignored may come for so long."""
        self.step("silence", time_text(nanoseconds))

    def ignore(self, *texts: str, **terms: Value) -> None:
        """From here on, frames for which all terms hold are as good as none."""
        self.step("ignore", *texts, *_terms(terms))

    def heed(self) -> None:
        """From here on nothing is ignored."""
        self.step("heed")

    def barrier(self, name: str) -> None:
        """Waits for all lanes that have this barrier."""
        self.step("barrier", name)

    def mark(self, name: str) -> None:
        """A line in the log: time and instructions."""
        self.step("mark", name)

    @contextlib.contextmanager
    def repeat(self, times: int | str, variable: str = "") -> Iterator[None]:
        """Does the steps inside so often ("forever"); the variable counts from 0."""
        self.step("repeat", times, *([variable] if variable else []))
        self.depth += 1
        yield
        self.depth -= 1
        self.step("end")


def _terms(terms: dict[str, Value]) -> list[str]:
    return [term(name, value) for name, value in terms.items()]


@dataclass
class Script:
    """Lanes, abbreviations and common variables. `str` gives the file."""

    about: str
    head: list[str] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)

    def let(self, name: str, *words: bytes | str) -> None:
        """A name for words: bytes, addresses, terms."""
        texts = [word.hex() if isinstance(word, bytes) else word for word in words]
        self.head.append(f"let {name} {' '.join(texts)}")

    def set(self, variable: str, value: int | str) -> None:
        """A variable that all lanes begin with."""
        self.head.append(f"set {variable} {value}")

    def lane(self, name: str) -> Lane:
        """Another lane; frames go to the first one that they fit."""
        self.lanes.append(Lane(name))
        return self.lanes[-1]

    def __str__(self) -> str:
        blocks = [[f"# {self.about}", *self.head]]
        blocks += [[f"lane {lane.name}", *lane.lines] for lane in self.lanes]
        return "\n\n".join("\n".join(block) for block in blocks) + "\n"

    def write(self, path: Path) -> None:
        """Writes the file."""
        path.write_text(str(self), encoding="ascii")


def emulator_options(file: Path | str, log: Path | str, *, offload: bool = False,
                     stop: bool = True) -> tuple[str, ...]:  # fmt: skip
    """QEMU's options for a card of the guest (virtio, version 1, in memory) that has the script on
    its other side: for Machine.extra (tools/emulator)."""
    switches = f"offload={'on' if offload else 'off'},stop={'on' if stop else 'off'}"
    return ("-global", "virtio-mmio.force-legacy=false",
            "-object", f"rel4-net-script,id=net0,file={file},log={log},{switches}",
            "-device", "virtio-net-device,netdev=net0")  # fmt: skip
