# SPDX-License-Identifier: BSD-2-Clause
"""A server on a UNIX socket that answers what a test tells it to; stands in for QEMU's."""

import contextlib
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def serving(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Runs `talk` with the first connection; gives the path of the socket."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        path = f"{folder}/socket"
        listener.bind(path)
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener, talk))
        thread.start()
        try:
            yield path
        finally:
            thread.join()


def serve(listener: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    """Takes one connection; the test may close it at any time."""
    connection, _ = listener.accept()
    with connection, contextlib.suppress(OSError):
        talk(connection)
