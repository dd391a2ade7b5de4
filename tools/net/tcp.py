# SPDX-License-Identifier: BSD-2-Clause
"""A TCP client, as steps of a lane: what it sends follows from what the guest has sent.

The lane's variables: `seq` is the next byte that we send, `ack` the next one that the guest will;
`iss` and `irs` are the first ones. Segments that only acknowledge are ignored once the connection
is there. Nothing is sent that no method says: a request's bytes are acknowledged by its answer,
and those of the answer by acknowledge(), or by whatever is sent next. Read next: load.py.
"""

from dataclasses import dataclass

from net import frames
from net.frames import GUEST, GUEST_IP, PEER, PEER_IP
from net.script import SECOND, Lane, Pattern, Script, payload_term

TEMPLATE = "segment"


def length_of(data: bytes | Pattern) -> int | str:
    """Bytes, as a number or an expression."""
    return data.length if isinstance(data, Pattern) else len(data)


def define_segment(script: Script) -> None:
    """The frame that all clients' segments are made of; once in a script."""
    empty = frames.ipv4(frames.TCP, frames.tcp(0, 0, flags=0))
    script.let(TEMPLATE, frames.ethernet(GUEST, PEER, frames.IPV4, empty))


@dataclass
class TcpClient:
    """A client at `address`:`port`, for a server on the guest. Makes the lane's filter."""

    lane: Lane
    port: int
    server_port: int
    address: str = PEER_IP
    window: int = 0xFFFF
    within: int = SECOND
    first: int = 1000  # our first sequence number
    sending_flags: str = ""  # of the emulator, for all that is sent: "partial", "valid"

    def __post_init__(self) -> None:
        self.lane.match(ip_src=GUEST_IP, ip_dst=self.address,
                        tcp_src=self.server_port, tcp_dst=self.port)  # fmt: skip

    def frame(self, flags: str, *texts: str, seq: str = "seq", ack: str = "ack") -> str:
        """The words of a segment."""
        flag = [self.sending_flags] if self.sending_flags else []
        return " ".join((
            TEMPLATE, f"ip.src={self.address}", f"tcp.src={self.port}",
            f"tcp.dst={self.server_port}", f"tcp.seq={seq}", f"tcp.ack={ack}",
            f"tcp.flags={flags}", f"tcp.window={self.window}", *texts, *flag,
        ))  # fmt: skip

    def segment(self, flags: str, *texts: str, seq: str = "seq", ack: str = "ack") -> None:
        """Sends a segment; no variable changes."""
        self.lane.send(self.frame(flags, *texts, seq=seq, ack=ack))

    def connect(self) -> None:
        """The three-way handshake. Works once a lane, or again after the end of a connection."""
        self.lane.heed()
        self.lane.set("iss", self.first)
        self.lane.set("seq", "iss+1")
        self.segment("S", seq="iss", ack="0")
        self.lane.expect("tcp.seq->irs", within=self.within, tcp_flags="SA", tcp_ack="seq",
                         payload_length=0)  # fmt: skip
        self.lane.set("ack", "irs+1")
        self.acknowledge()
        self.ignore_acknowledgements()

    def ignore_acknowledgements(self) -> None:
        """Segments without data, SYN, FIN and RST."""
        self.lane.ignore("tcp.flags=A/FSRA", payload_length=0)

    def acknowledge(self) -> None:
        """Sends a segment without data."""
        self.segment("A")

    def advance(self, count: int | str) -> None:
        """We have sent so many bytes."""
        self.lane.set("seq", f"seq+{count}")

    def send(self, data: bytes | Pattern) -> None:
        """Sends data in one segment, and goes on."""
        self.send_at(0, data)
        self.advance(length_of(data))

    def send_in_segments(self, data: bytes, size: int) -> None:
        """Sends data in segments of `size` bytes, the last one shorter."""
        for at in range(0, len(data), size):
            self.send(data[at : at + size])

    def send_at(self, offset: int, data: bytes | Pattern) -> None:
        """Sends data that begins so many bytes from where we are, behind or, if negative, before
        it; does not go on: for segments out of order or doubled, and then advance()."""
        self.segment("PA", payload_term(data), seq=f"seq{offset:+}" if offset else "seq")

    def send_truncated(self, data: bytes, missing: int) -> None:
        """A segment whose last bytes are missing, though IP's length counts them."""
        whole = 40 + len(data)
        self.segment("PA", payload_term(data[: len(data) - missing]), f"ip.length={whole}",
                     "nolength")  # fmt: skip

    def expect(self, data: bytes | Pattern, *texts: str, acknowledge: bool = True) -> None:
        """The guest sends this, in whatever segments; each is acknowledged, or none is. `texts` are
        terms that hold for each of them."""
        reply = self.frame("A") if acknowledge else ""
        self.lane.stream("ack", data, *texts, reply=reply, within=self.within)

    def echo(self, rounds: int, size: int, *texts: str, first: int = 0, acknowledge: bool = True,
             pause: int = 0) -> None:  # fmt: skip
        """Sends so many bytes and gets them back, so many times; each time others, of the patterns
        from `first` on, and with a pause behind it. `texts` as in expect()."""
        with self.lane.repeat(rounds, "round"):
            data = Pattern(size, f"round+{first}")
            self.send(data)
            self.expect(data, *texts, acknowledge=acknowledge)
            if pause:
                self.lane.wait(pause)

    def expect_acknowledged(self) -> None:
        """The guest acknowledges all that was sent. What comes before that is passed over, data
        too: so say this before expect()."""
        self.lane.heed()
        self.lane.await_frame(within=self.within, tcp_flags="A/SRA", tcp_ack="seq")
        self.ignore_acknowledgements()

    def close(self) -> None:
        """We end the connection first; the guest acknowledges that, and ends it too."""
        self.segment("FA")
        self.advance(1)
        self.lane.stream("ack", b"", "fin", "tcp.ack=seq", reply=self.frame("A"),
                         within=self.within)  # fmt: skip

    def expect_close(self) -> None:
        """The guest ends the connection first, and we do after it."""
        self.lane.stream("ack", b"", "fin", reply=self.frame("A"), within=self.within)
        self.segment("FA")
        self.advance(1)
        self.expect_acknowledged()

    def reset(self) -> None:
        """We break the connection off."""
        self.segment("RA")

    def expect_reset(self) -> None:
        """The guest breaks the connection off."""
        self.lane.expect("tcp.flags=R/R", within=self.within)
