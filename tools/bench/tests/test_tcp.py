# SPDX-License-Identifier: BSD-2-Clause
"""Figures of the TCP server that are made of others, and where instructions are said to go."""

import struct
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from unittest import mock

from bench import profile
from bench.figures import Figure
from bench.profile import Part, Program
from bench.tcp_targets import STACK, derived


def request(mode: str, connections: int, value: float, fastpath: int = 1) -> Figure:
    """A figure as tcp.py measures it."""
    config = {"mode": mode, "connections": connections, "fastpath": fastpath, "harts": 1}
    return Figure("tcp.instructions_per_request", value, config)


def program_at(address: int, code: bytes) -> bytes:
    """The least ELF file with one segment."""
    header = bytearray(64)
    struct.pack_into("<Q", header, 32, 64)
    struct.pack_into("<H", header, 56, 1)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 120, address, 0, len(code), len(code), 1)
    return bytes(header) + segment + code


class DerivedTest(unittest.TestCase):
    """tcp_targets.derived."""

    def test_above_the_stack_and_of_the_best(self) -> None:
        found = derived([request("async", 1, STACK + 200), request("async", 4, STACK + 100),
                         request("sync", 1, STACK + 100), request("sync", 4, STACK + 350),
                         request("sync", 4, STACK + 999, fastpath=0)])  # fmt: skip
        values = {(figure.name, figure.config["connections"]): figure.value for figure in found}
        self.assertEqual(values["tcp.sync_over_async_above_stack", 1], 0.5)
        self.assertEqual(values["tcp.sync_over_async_above_stack", 4], 3.5)
        self.assertEqual(values["tcp.async_over_best", 4], 1)
        self.assertGreater(values["tcp.async_over_best", 1], 1)

    def test_below_the_stack_nothing_is_divided(self) -> None:
        found = derived([request("async", 4, STACK - 1), request("sync", 4, STACK + 1)])
        self.assertEqual([figure.name for figure in found], ["tcp.async_over_best"])


class ProfileTest(unittest.TestCase):
    """profile.attributed: programs at the same addresses are told apart by their code."""

    def test_programs_and_parts(self) -> None:
        listings = {"a": "0000000000001000 T one\t././x/one.cpp:3\n0000000000001004 t two\ty.c:1\n",
                    "b": "0000000000001000 T other\n"}  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            programs = []
            for name, code in (("a", b"\x01\0\0\0\x02\0\0\0"), ("b", b"\x05\0\0\0\x06\0\0\0")):
                path = Path(folder) / name
                path.write_bytes(program_at(0x1000, code))
                done = mock.Mock(stdout=listings[name])
                with mock.patch("subprocess.run", return_value=done):
                    programs.append(Program(name, path, [Part("x", ("x/",))], "nm"))
            found = profile.attributed(
                "3 1000:1 1004:2\n2 1000:5\n1 1000:7\n4 2000:1\n", programs)
        self.assertEqual(found, Counter({("a", "x"): 3, ("a", "other"): 3, ("b", "other"): 2,
                                         ("other", "other"): 5}))  # fmt: skip

    def test_between_two_runs(self) -> None:
        less, more = Counter({("a", "x"): 10}), Counter({("a", "x"): 30, ("b", "y"): 4})
        self.assertEqual(profile.between(less, more, 4), {("a", "x"): 5, ("b", "y"): 1})


if __name__ == "__main__":
    unittest.main()
