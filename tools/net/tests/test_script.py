# SPDX-License-Identifier: BSD-2-Clause
"""The lines that scripts, clients and loads become. That the emulator understands them is tested
with it (platform/tests/peer.py)."""

import unittest

from net.load import Mark, arp_responder, echo_load, marks
from net.script import Lane, Pattern, Script, emulator_options, payload_term, time_text
from net.tcp import TcpClient


class LaneTest(unittest.TestCase):
    """Steps."""

    def check(self, lane: Lane, *lines: str) -> None:
        self.assertEqual(lane.lines, list(lines))

    def test_terms(self) -> None:
        lane = Lane("a")
        lane.match("36:2=7", ip_src="10.0.2.15")
        lane.send(b"\1\2", tcp_seq="seq+1", payload=b"\3", eth_type=0x800)
        lane.send("name", payload=Pattern(8, "i"))
        lane.send_raw(b"\xff")
        self.check(lane, "  match 36:2=7 ip.src=10.0.2.15",
                   "  send 0102 tcp.seq=seq+1 payload=03 eth.type=2048",
                   "  send name payload~8=i@0", "  send ff nolength nosum")  # fmt: skip

    def test_times(self) -> None:
        lane = Lane("a")
        lane.expect("udp.src->x", within=5, udp_dst=7)
        lane.await_frame(within=None)
        lane.wait(3)
        lane.silence(4)
        self.check(lane, "  expect 5ns udp.src->x udp.dst=7", "  await ever", "  wait 3ns",
                   "  silence 4ns")  # fmt: skip
        self.assertEqual(time_text(None), "ever")

    def test_loops(self) -> None:
        lane = Lane("a")
        with lane.repeat(2, "i"), lane.repeat("forever"):
            lane.mark("x")
        lane.barrier("y")
        lane.heed()
        self.check(lane, "  repeat 2 i", "    repeat forever", "      mark x", "    end", "  end",
                   "  barrier y", "  heed")  # fmt: skip

    def test_streams(self) -> None:
        lane = Lane("a")
        lane.stream("ack", b"ab", "tcp.ack=3", reply="name", within=1)
        lane.stream("ack", b"", "fin", within=1)
        self.check(lane, "  stream 1ns ack payload=6162 tcp.ack=3 reply name",
                   "  stream 1ns ack payload~0=0@0 fin")  # fmt: skip

    def test_a_whole_script(self) -> None:
        script = Script("about")
        script.let("x", b"\1", "10.0.2.2")
        script.set("y", 3)
        script.lane("a").mark("m")
        self.assertEqual(str(script), "# about\nlet x 01 10.0.2.2\nset y 3\n\nlane a\n  mark m\n")

    def test_patterns(self) -> None:
        """A part of a pattern is where it is in the whole."""
        whole = Pattern(100, 5).bytes()
        self.assertEqual(Pattern(17, 5, 30).bytes(), whole[30:47])
        self.assertNotEqual(Pattern(100, 6).bytes(), whole)
        self.assertEqual(payload_term(Pattern(3, "a+1", 2)), "payload~3=a+1@2")

    def test_options(self) -> None:
        options = emulator_options("s", "l", offload=True)
        self.assertIn("rel4-net-script,id=net0,file=s,log=l,offload=on,stop=on", options)


class ClientTest(unittest.TestCase):
    """TCP."""

    def client(self) -> TcpClient:
        client = TcpClient(Lane("c"), 4000, 7)
        client.lane.lines.clear()
        return client

    def sent(self, client: TcpClient) -> list[str]:
        """What is particular of each segment."""
        wanted = ("tcp.seq", "tcp.flags", "payload", "ip.length", "nolength")
        return [" ".join(word for word in line.split() if word.startswith(wanted))
                for line in client.lane.lines if line.startswith("  send")]  # fmt: skip

    def test_segments(self) -> None:
        client = self.client()
        client.send_in_segments(b"abc", 2)
        client.send_at(-2, b"d")
        client.send_at(0, b"e")
        client.send_truncated(b"abc", 1)
        self.assertEqual(self.sent(client), [
            "tcp.seq=seq tcp.flags=PA payload=6162", "tcp.seq=seq tcp.flags=PA payload=63",
            "tcp.seq=seq-2 tcp.flags=PA payload=64", "tcp.seq=seq tcp.flags=PA payload=65",
            "tcp.seq=seq tcp.flags=PA payload=6162 ip.length=43 nolength",
        ])  # fmt: skip
        sets = [line.strip() for line in client.lane.lines if line.startswith("  set")]
        self.assertEqual(sets, ["set seq seq+2", "set seq seq+1"])

    def test_endings(self) -> None:
        client = self.client()
        client.close()
        client.expect_close()
        client.reset()
        client.expect_reset()
        flags = [text.split("=")[-1] for text in self.sent(client)]
        self.assertEqual(flags, ["FA", "FA", "RA"])
        self.assertIn("  expect 1000000000ns tcp.flags=R/R", client.lane.lines)


class LoadTest(unittest.TestCase):
    """Whole scripts."""

    def test_each_client_has_a_port_and_bytes_of_its_own(self) -> None:
        script = echo_load(3, 5, 10, warm=2, think=9)
        names = [lane.name for lane in script.lanes]
        self.assertEqual(names, ["clock", "arp", "client0", "client1", "client2"])
        text = str(script)
        for number in range(3):
            self.assertIn(f"tcp.dst={40_000 + number}", text)
            self.assertIn(f"payload~10=round+{number << 32}@0", text)
        self.assertEqual(text.count("repeat 5 round"), 3)
        self.assertEqual(text.count("wait 9ns"), 6)

    def test_arp(self) -> None:
        script = Script("x")
        arp_responder(script, "10.0.2.9")
        self.assertIn("match arp.op=1 arp.tpa=10.0.2.9", str(script))

    def test_marks(self) -> None:
        log = ("mark begin time=1 instructions=2 sent=3 received=4\nframes unmatched=0 unread=0\n"
               "ended a time=5 instructions=6 sent=7 received=8\nverdict unfinished\n")  # fmt: skip
        self.assertEqual(list(marks(log)), [Mark("mark", "begin", 1, 2, 3, 4),
                                            Mark("ended", "a", 5, 6, 7, 8)])  # fmt: skip


if __name__ == "__main__":
    unittest.main()
