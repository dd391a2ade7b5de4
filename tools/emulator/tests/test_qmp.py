# SPDX-License-Identifier: BSD-2-Clause
"""The monitor's client: answers, events, errors, silence."""

import json
import socket
import time
import unittest

from emulator.qmp import Monitor, MonitorError
from emulator.tests.server import serving

ANSWERS = {
    "qmp_capabilities": {"return": {}},
    "query-status": {"return": {"running": True}},
    "human-monitor-command": {"return": "text\r\n"},
    "bad": {"error": {"class": "GenericError", "desc": "no such thing"}},
}


def talk(connection: socket.socket) -> None:
    """A monitor that sends an event before each answer."""
    with connection.makefile("rw") as stream:
        stream.write('{"QMP": {}}\n')
        stream.flush()
        for line in stream:
            command = json.loads(line)["execute"]
            if command == "hang-up":
                return
            stream.write('{"event": "STOP"}\n' + json.dumps(ANSWERS[command]) + "\n")
            stream.flush()


class MonitorTest(unittest.TestCase):
    """A conversation with a server that knows four commands."""

    def test_answers(self) -> None:
        with serving(talk) as path, Monitor(path) as monitor:
            self.assertEqual(monitor.execute("query-status"), {"running": True})
            self.assertEqual(monitor.human("info x"), "text\r\n")

    def test_an_error_is_told(self) -> None:
        with serving(talk) as path, Monitor(path) as monitor:
            with self.assertRaisesRegex(MonitorError, "bad: no such thing"):
                monitor.execute("bad")

    def test_a_closed_connection(self) -> None:
        with serving(talk) as path, Monitor(path) as monitor:
            with self.assertRaisesRegex(MonitorError, "closed"):
                monitor.execute("hang-up")

    def test_silence(self) -> None:
        with serving(lambda connection: connection.recv(1)) as path:
            with self.assertRaisesRegex(MonitorError, "does not answer"):
                Monitor(path, 0.1)

    def test_no_socket(self) -> None:
        with self.assertRaisesRegex(MonitorError, "/nowhere"):
            Monitor("/nowhere", 0.05)

    def test_an_emulator_that_died_has_no_monitor(self) -> None:
        """It is not waited for."""
        start = time.monotonic()
        with self.assertRaisesRegex(MonitorError, "/nowhere"):
            Monitor("/nowhere", 60, lambda: False)
        self.assertLess(time.monotonic() - start, 30)


if __name__ == "__main__":
    unittest.main()
