# SPDX-License-Identifier: BSD-2-Clause
# @stage{7}
"""What the TCP server says over HTTP, to the byte: requests, and the answers to them.

Read next: user/tcpsrv/site.cpp.
"""

from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "user/tcpsrv/page.html").read_bytes()
NOTHING = b"There is nothing here.\n"


def head(status: str, *headers: str) -> bytes:
    """The head of an answer."""
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode()


def answer(status: str, kind: str, body: bytes, connection: str = "keep-alive") -> bytes:
    """An answer with a body."""
    return head(status, f"Content-Type: {kind}", f"Content-Length: {len(body)}",
                "Cache-Control: no-store", f"Connection: {connection}") + body  # fmt: skip


def refusal(status: str, *headers: str) -> bytes:
    """An answer behind which the connection ends."""
    return head(status, *headers, "Content-Length: 0", "Connection: close")


def get(path: str, *headers: str) -> bytes:
    """A request."""
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: rel4", *headers, "", "")).encode()


THE_PAGE = answer("200 OK", "text/html; charset=utf-8", PAGE)
NOT_FOUND = answer("404 Not Found", "text/plain", NOTHING)
NOT_FOUND_LAST = answer("404 Not Found", "text/plain", NOTHING, "close")
NOT_ALLOWED = refusal("405 Method Not Allowed", "Allow: GET, HEAD")
