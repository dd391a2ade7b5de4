# SPDX-License-Identifier: BSD-2-Clause
"""Network scripts for the tests: what passes, what fails, and what is no script.

Each is written as a person would write it. HEAD goes before all of them; the guest is
network.cpp, whose ports say what it does wrong. Read next: peer.py.
"""

HEAD = """\
let guest 52:54:00:12:34:56
let self  02:00:00:00:00:01
let packet guest self 0800 45000000000040004000 0000 10.0.2.2 10.0.2.15
let udp  packet 0000 0000 0000 0000 ip.protocol=17 udp.src=4000
let tcp  packet 0000 0000 00000000 00000000 50 00 ffff 0000 0000 ip.protocol=6 tcp.src=4000
let ping packet 0800 0000 0000 0000 ip.protocol=1
"""

CONNECT = """\
lane client
  set seq 1000
  send tcp tcp.dst=PORT tcp.seq=seq tcp.flags=S
  set seq seq+1
  expect 1s tcp.flags=SA tcp.ack=seq tcp.seq->ack
  set ack ack+1
  send tcp tcp.dst=PORT tcp.seq=seq tcp.ack=ack tcp.flags=A
"""


def connected(port: int, *lines: str) -> str:
    """A lane that has a connection to this port."""
    return CONNECT.replace("PORT", str(port)) + "\n".join(lines)


REQUEST = "send tcp tcp.dst=7 tcp.seq=seq tcp.ack=ack tcp.flags=PA payload=\"abcd\""
CUT = "send tcp tcp.dst=12 tcp.seq=seq tcp.ack=ack tcp.flags=PA payload~300=5"
ENDING = "send tcp tcp.dst=7 tcp.seq=seq tcp.ack=ack tcp.flags=FA payload=\"ab\""

PASSING = {
    "ARP": """lane a
        send guest self 0806 0001 0800 06 04 0001 self 10.0.2.2 000000000000 10.0.2.15
        expect 1s arp.op=2 arp.spa=10.0.2.15 arp.sha=52:54:00:12:34:56 length=42""",
    "a ping, and another that is not answered": """lane a
        send ping icmp.id=7 icmp.seq=1 payload="0123456789"
        expect 1s icmp.type=0 icmp.id=7 icmp.seq=1 payload="0123456789" payload.length=10
        send ping ip.protocol=99
        silence 5ms""",
    "UDP with text, bytes, masks and addresses": r"""lane a
        send udp udp.dst=7 payload="a \"b\"\r\n\\\x41#" payload+20=0102
        expect 1s payload="a \"b\"\r\n\\A#" payload+20=0002/00ff 50:2!=7 ip.src=10.0.2.15 12:2=0x800
        """,
    "an odd number of bytes, and none": """lane a
        send udp udp.dst=7 payload=01
        expect 1s payload=01 payload.length=1
        send udp udp.dst=7
        expect 1s payload.length=0 length=42""",
    "a pattern from its middle": """lane a
        set n 9
        send udp udp.dst=7 payload~24=n@0
        expect 1s payload~24=9 payload+3~21=n@3 payload.length=n+15""",
    "variables, and loops in loops": """set sum 0
lane a
        repeat 3 i
            repeat 2 j
                set sum sum+i+j
                send udp udp.dst=7 payload:4=sum+1
                expect 1s payload:4->sum
                repeat 0
                    send udp udp.dst=7
                end
            end
        end
        send udp udp.dst=7 payload:2=sum-15
        expect 1s payload=0000
        silence 1ms""",
    "a TCP connection whose numbers are the guest's": connected(
        7, "ignore tcp.flags=A/FSRA payload.length=0", "repeat 5 i",
        "send tcp tcp.dst=7 tcp.seq=seq tcp.ack=ack tcp.flags=PA payload~64=i", "set seq seq+64",
        "expect 1s tcp.flags=PA tcp.seq=ack tcp.ack=seq payload~64=i", "set ack ack+64", "end",
        "silence 1ms"),
    "a stream in segments of any length": connected(
        12, CUT, "set seq seq+300",
        "stream 1s ack payload~300=5 tcp.ack=seq reply tcp tcp.dst=12 tcp.seq=seq tcp.ack=ack"
        " tcp.flags=A", "silence 1ms"),
    "a stream that comes again": connected(
        12, CUT, CUT, "stream 1s ack payload~300=5", "set ack ack-300",
        "stream 1s ack payload~300=5", "silence 1ms"),
    "a stream that ends": connected(
        7, ENDING, 'stream 1s ack payload="ab" fin tcp.src=7', "set seq ack-4000",
        "send udp udp.dst=7 payload:2=seq", "expect 1s payload:2=4"),
    "frames that come late, and others in between": """lane a
        send udp udp.dst=10 payload="late"
        send udp udp.dst=7 payload="not late"
        await 1s payload="not late"
        send udp udp.dst=11 payload="twice"
        ignore payload="twice" udp.src=11
        send udp udp.dst=7 payload="once"
        expect 1s payload="once"
        heed
        send udp udp.dst=7 payload="twice"
        expect 1s payload="twice" """,
    "sums that are wrong, and expected to be": """lane a
        send udp udp.dst=8
        expect 1s udp.sum!=0 anysum
        send udp udp.dst=14
        expect 1s ip.src=10.0.2.15 anysum
        ignore anysum
        send udp udp.dst=8
        silence 1ms""",
    "frames as they are": """lane a
        send guest self 0800 4500001e000040004011 22d4 10.0.2.2 10.0.2.15 0fa00007000ac45c 6869 \
nosum nolength
        expect 1s payload="hi"
        send udp udp.dst=7 payload="hello" udp.length=10 nolength ip.length=30 badipsum
        expect 1s ip.length=30 udp.length=10 length=44""",
    "lanes that wait for each other": """lane a
        match udp.src=7
        wait 3ms
        barrier both
        mark a
        repeat 2
            barrier both
        end
lane b
        match udp.src=11
        repeat 3
            barrier both
        end
        mark b""",
    "lanes of their own frames": """lane a
        match udp.dst=4001
        barrier go
        send udp udp.src=4002 udp.dst=7 payload="b"
        expect 1s payload="a"
        silence 1ms
lane b
        match udp.dst=4002
        barrier go
        send udp udp.src=4001 udp.dst=7 payload="a"
        expect 1s payload="b"
        silence 1ms""",
    "a lane for ever": """lane others
        match udp.dst=4000
        repeat forever i
            expect ever udp.src=7 payload:1=i
        end
lane a
        repeat 3 i
            send udp udp.dst=7 payload:1=i
        end
        wait 2ms""",
    "more frames than the guest has buffers": """lane a
        repeat 30 i
            send udp udp.dst=15 payload:4=i
        end
        mark sent
        repeat 30 i
            expect 1s payload:4=i
        end""",
}

# What the first line of the failure says.
FAILING = {
    "a wrong number": ("""lane a
        send udp udp.dst=7 payload:2=515
        expect 1s udp.src=7 payload:2=514""",
        "lane a, line 9: expect 1s udp.src=7 payload:2=514: "
        "payload:2=514: expected 0x202, got 0x203"),
    "wrong bytes": ("""lane a
        send udp udp.dst=7 payload="abcd"
        expect 1s payload="abxd" """, 'payload="abxd": byte 2: expected 0x78, got 0x63'),
    "a wrong pattern": ("""lane a
        send udp udp.dst=7 payload~16=1
        expect 1s payload~16=2""", "payload~16=2: byte 0: expected 0x"),
    "the same where it must differ": ("""lane a
        send udp udp.dst=7 payload=00
        expect 1s payload!=00""", "payload!=00: it is the same"),
    "another protocol": ("""lane a
        send udp udp.dst=7
        expect 1s tcp.src=7""", "tcp.src=7: the frame is not TCP"),
    "too short a frame": ("""lane a
        send udp udp.dst=7
        expect 1s payload:4=0""", "payload:4=0: the frame is too short"),
    "a wrong checksum of UDP": ("""lane a
        send udp udp.dst=8 payload="x"
        await 1s udp.src=8""", "UDP: wrong checksum"),
    "a wrong checksum of TCP": ("""lane a
        send tcp tcp.dst=8 tcp.flags=S
        expect 1s tcp.flags=SA""", "TCP: wrong checksum"),
    "a wrong checksum of IPv4": ("""lane a
        send udp udp.dst=14
        ignore udp.src=14
        expect 1s udp.src=7""", "IPv4: wrong checksum"),
    "a wrong checksum of ICMP": ("""lane a
        send ping payload=0001 badsum
        expect 1s icmp.type=0 anysum
        send udp udp.dst=8
        expect 1s icmp.type=0""", "UDP: wrong checksum"),
    "nothing": ("""lane a
        send udp udp.dst=9
        expect 5ms udp.src=9""", "line 9: expect 5ms udp.src=9: nothing of the kind came in time"),
    "only others": ("""lane a
        send udp udp.dst=7
        await 5ms udp.src=9""", "nothing of the kind came in time"),
    "noise": ("""lane a
        send udp udp.dst=10
        silence 5ms""", "silence 5ms: something came"),
    "a barrier without an end": ("""lane a
        barrier x
        barrier x
lane b
        barrier x""", "lane a, line 9: barrier x: it never opens: lane b has ended"),
    "a stream of other bytes": (connected(7, REQUEST, 'stream 1s ack payload="abcx"'),
                                "byte 3: expected 0x78, got 0x64"),
    "a stream that is too long": (connected(7, REQUEST, 'stream 1s ack payload="abc"'),
                                  "more than 3 bytes came"),
    "a stream that is too short": (connected(7, REQUEST, 'stream 5ms ack payload="abcde"'),
                                   "not all of it came in time"),
    "a stream with a hole": (connected(7, "set ack ack-1", REQUEST, "set ack ack-1",
                                       'stream 1s ack payload="abcd"'),
                             "1 bytes are missing before it"),
    "a stream that ends too early": (connected(7, ENDING, 'stream 1s ack payload="abc" fin'),
                                     "the guest has ended the connection too early"),
    "a stream that ends": (connected(7, ENDING, 'stream 1s ack payload="abc"'),
                           "the guest has ended the connection"),
    "a stream in segments that do not fit": (
        connected(12, CUT, "stream 1s ack payload~300=5 payload.length=100 tcp.ack=0"),
        "tcp.ack=0: expected 0x0, got 0x515"),
}

# The line that is told, counted from the end of HEAD, and what is told.
BAD = {
    "no lane": ("set a 1", 1, "there is no lane"),
    "an unknown step": ("lane a\nsned 00", 2, "'sned' is unknown"),
    "a step outside": ("wait 1ms", 1, "'wait' belongs into a lane"),
    "a filter outside": ("match length=0", 1, "match belongs into a lane"),
    "a lane twice": ("lane a\nlane a", 2, "there is a lane 'a' already"),
    "a lane without a name": ("lane", 1, "a name is missing"),
    "a name that is none": ("lane 1a", 1, "'1a' is no name"),
    "a name of wrong letters": ("lane a.b", 1, "'a.b' is no name"),
    "a name that could be bytes": ("let fade 00", 1, "it could be bytes"),
    "a name that is taken": ("let reply 00", 1, "'reply' means something else already"),
    "a name for nothing": ("let x", 1, "what 'x' stands for is missing"),
    "no time": ("lane a\nwait", 2, "a time is missing"),
    "a time without a unit": ("lane a\nwait 5", 2, "'5' is no time"),
    "no time at all": ("lane a\nwait 0ms", 2, "'0ms' is no time"),
    "a wait for ever": ("lane a\nsilence ever", 2, "this ends some time"),
    "half a byte": ("lane a\nsend 123", 2, "'123': half a byte"),
    "no bytes": ("lane a\nsend 12x4", 2, "'12x4' is neither hexadecimal bytes nor a text"),
    "no frame": ("lane a\nsend nosum", 2, "a frame is missing"),
    "bytes behind terms": ("lane a\nsend 12 ip.id=3 12", 2, "'12': bytes come before terms"),
    "an open quote": ('lane a\nsend "abc', 2, "a quote has no end"),
    "an unknown escape": (r'lane a' + '\n' + r'send "\q"', 2, r"in a text, \ is followed by"),
    "an unknown place": ("lane a\nexpect 1s tcp.port=3", 2, "'tcp.port' is no place in a frame"),
    "a place beyond all": ("lane a\nexpect 1s 99999:1=3", 2, "99999 is beyond any frame"),
    "a number of 9 bytes": ("lane a\nexpect 1s 4:9=3", 2, "'4:9': a number has 1 to 8 bytes"),
    "a term without a relation": ("lane a\nexpect 1s ip.id", 2, "'ip.id' is no term"),
    "an unknown variable": ("lane a\nset x y+1", 2, "there is no variable 'y' up to here"),
    "a variable of another lane": ("lane a\nset y 1\nlane b\nset x y", 4, "no variable 'y'"),
    "a variable with a minus": ("lane a\nset x-y 1", 2, "'x-y' is no variable"),
    "no number": ("lane a\nset x 5k", 2, "'5k' is no number"),
    "no address": ("lane a\nset x 10.0.2", 2, "'10.0.2' is no address"),
    "an address beyond": ("lane a\nset x 10.0.2.256", 2, "'10.0.2.256' is no address"),
    "too long a sum": ("lane a\nset x 1+1+1+1+1", 2, "a sum has at most 4 parts"),
    "a capture in a frame": ("lane a\nsend 00 ip.id->x", 2, "'ip.id->x' cannot be put"),
    "a mask in a frame": ("lane a\nsend 00 ip.id=1/3", 2, "'ip.id=1/3' cannot be put"),
    "a capture of bytes": ("lane a\nexpect 1s 12->x", 2, "bytes do not go into a variable"),
    "a capture of what is ignored": ("lane a\nignore ip.id->x", 2, "goes into no variable"),
    "a capture in a filter": ("lane a\nmatch ip.id->x", 2, "a filter changes no variable"),
    "a mask of another length": ("lane a\nexpect 1s 3=00/0000", 2, "the mask is not as long"),
    "a pattern without a seed": ("lane a\nexpect 1s payload~3", 2, "a pattern is ~LENGTH=SEED"),
    "a wrong flag": ("lane a\nsend 00 anysum", 2, "'anysum' is not for frames that are sent"),
    "another wrong flag": ("lane a\nexpect 1s badsum", 2, "'badsum' is not for this"),
    "an end alone": ("lane a\nend", 2, "end without repeat"),
    "a loop without an end": ("lane a\nrepeat 3\nlane b", 3, "the repeat of line 8 has no end"),
    "a loop without an end at the end": ("lane a\nrepeat 3\n", 3, "the repeat of line 8 has no"),
    "a loop that takes no time": ("lane a\nrepeat forever\nsend 00\nend", 4,
                                  "the loop of line 8 would never take time"),
    "a stream of no variable": ("lane a\nstream 1s x payload=00", 2, "no variable 'x'"),
    "a stream of nothing": ("lane a\nset x 1\nstream 1s x fin", 3, "the bytes are missing"),
    "a stream of other things": ("lane a\nset x 1\nstream 1s x ip.id=1", 3, "first term, and only"),
    "too much": ("lane a\nmark x y", 2, "'y' is too much"),
    "bytes that are no text": ("lane a\0", 1, "this is no text"),
}
