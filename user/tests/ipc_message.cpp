// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a message carries: every length, every bit of its info, and what becomes of it where a
/// message buffer is missing.
/// seL4 manual 4.1.
/// Read next: ipc_caps.cpp.
/// @stage{none}
#include "user/tests/puppet.hpp"

namespace {

constexpr Word untouched = 0xeeee'eeee'eeee'eeee;

constexpr Word value(Word length, unsigned index) { return length << 32 | (index + 1); }

struct Line {
    Puppet sender;
    Puppet receiver;
    CPtr endpoint = 0;

    bool create() {
        endpoint = make_endpoint();
        return sender.create() && receiver.create();
    }
};

/// A message whose info says `length`; words are written where they belong.
Request message_of(Word length, Word (&words)[abi::message_words]) {
    for (unsigned i = 0; i < abi::message_words; i++)
        words[i] = value(length, i);
    return {MessageInfo::make(length, length), words, {}};
}

void clear(const Puppet& puppet) {
    for (Word& word : puppet.buffer().message)
        word = untouched;
}

/// `count` words of a message of `length` arrived, and nothing else was written.
void expect_words(const Puppet& puppet, Word length, Word count,
                  const Place& place = Place::current()) {
    if (!expect("the message was received", puppet.done(), place))
        return;
    expect_equal("info", info_word(length, count), puppet.info().word, place);
    for (unsigned i = 0; i < abi::message_words; i++) {
        const Word other = i < abi::message_registers ? puppet.usual(a2 + i) : untouched;
        const Word expected = i < count ? value(length, i) : other;
        if (puppet.word(i) != expected)
            fail(place, "length ", length, ", word ", i, ": expected ", shown(expected), ", got ",
                 shown(puppet.word(i)));
        if (i < abi::message_registers)
            expect_equal("the first words do not travel in the buffer", untouched,
                         puppet.buffer().message[i], place);
    }
    puppet.expect_preserved(a0, a5, place);
}

/// A frame with these rights as the buffer of a puppet, seen by the test all the same.
void restrict_buffer(Puppet& puppet, Word rights) {
    puppet.set_buffer(with_rights(puppet.frame(), rights), puppet.buffer_address());
}

constexpr Word lengths[] = {0, 1, 4, 5, 17, 120};

/// Messages of some lengths arrive with at most four words.
void expect_registers_only(Line& line, const Place& place = Place::current()) {
    Word words[abi::message_words];
    for (const Word length : lengths) {
        clear(line.receiver);
        line.receiver.start(Syscall::receive, line.endpoint);
        line.sender.start(Syscall::send, line.endpoint, message_of(length, words));
        expect_words(line.receiver, length, length < 4 ? length : 4, place);
    }
}

} // namespace

TEST("ipc: every length, to a thread that waits") {
    Line line;
    if (!line.create())
        return;
    Word words[abi::message_words];
    for (Word length = 0; length < 128; length++) {
        clear(line.receiver);
        line.receiver.start(Syscall::receive, line.endpoint);
        line.sender.start(Syscall::send, line.endpoint, message_of(length, words));
        expect_words(line.receiver, length, length < 120 ? length : 120);
    }
}

TEST("ipc: every length, from a thread that waits") {
    Line line;
    if (!line.create())
        return;
    Word words[abi::message_words];
    for (Word length = 0; length < 128; length++) {
        clear(line.receiver);
        line.sender.start(Syscall::send, line.endpoint, message_of(length, words));
        line.receiver.start(Syscall::receive, line.endpoint);
        expect_words(line.receiver, length, length < 120 ? length : 120);
    }
}

TEST("ipc: every length in a call and in its reply") {
    Line line;
    if (!line.create())
        return;
    Word words[abi::message_words];
    line.receiver.start(Syscall::receive, line.endpoint);
    for (Word length = 0; length < 128; length++) {
        clear(line.receiver);
        clear(line.sender);
        // The caller sees its own words again where the answer has none.
        line.sender.start(Syscall::call, line.endpoint, {MessageInfo::make(length, 0), {}, {}});
        expect("called", line.receiver.done());
        line.receiver.start(Syscall::reply_receive, line.endpoint, message_of(length, words));
        expect_words(line.sender, length, length < 120 ? length : 120);
    }
}

TEST("ipc: all 52 bits of the label arrive") {
    Line line;
    if (!line.create())
        return;
    for (unsigned bit = 0; bit < 52; bit++) {
        const Word label = Word{1} << bit | 1;
        line.receiver.start(Syscall::receive, line.endpoint);
        line.sender.start(Syscall::send, line.endpoint, request(label));
        expect_equal("info", info_word(label, 0), line.receiver.info().word);
    }
}

TEST("ipc: what the sender says of unwrapped capabilities does not arrive") {
    Line line;
    if (!line.create())
        return;
    for (Word unwrapped = 0; unwrapped < 8; unwrapped++) {
        line.receiver.start(Syscall::receive, line.endpoint);
        line.sender.start(Syscall::send, line.endpoint,
                          {MessageInfo::make(9, 2, 0, unwrapped), {}, {}});
        expect_equal("info", info_word(9, 2), line.receiver.info().word);
    }
}

TEST("ipc: a sender without a buffer sends four words") {
    Line line;
    if (!line.create())
        return;
    line.sender.set_buffer(line.sender.frame(), 0);
    expect_registers_only(line);
}

TEST("ipc: a receiver without a buffer gets four words") {
    Line line;
    if (!line.create())
        return;
    line.receiver.set_buffer(line.receiver.frame(), 0);
    expect_registers_only(line);
}

TEST("ipc: a receiver whose buffer is read-only gets four words") {
    Line line;
    if (!line.create())
        return;
    restrict_buffer(line.receiver, abi::Rights::read);
    expect_registers_only(line);
}

TEST("ipc: a sender whose buffer is read-only sends all") {
    Line line;
    if (!line.create())
        return;
    restrict_buffer(line.sender, abi::Rights::read);
    Word words[abi::message_words];
    for (const Word length : lengths) {
        clear(line.receiver);
        line.receiver.start(Syscall::receive, line.endpoint);
        line.sender.start(Syscall::send, line.endpoint, message_of(length, words));
        expect_words(line.receiver, length, length);
    }
}

TEST("ipc: a buffer without the right to read is none") {
    Line line;
    if (!line.create())
        return;
    restrict_buffer(line.sender, abi::Rights::write);
    expect_registers_only(line);
    restrict_buffer(line.sender, user::read_write);
    restrict_buffer(line.receiver, abi::Rights::write);
    expect_registers_only(line);
}

TEST("ipc: a buffer whose capability was revoked is none") {
    Line line;
    if (!line.create())
        return;
    // It stays mapped where the test and the thread see it: that is another capability.
    expect_success("the thread loses its frame", cap_revoke(line.sender.frame()));
    expect_registers_only(line);
}

TEST("ipc: a buffer lies anywhere in its frame") {
    Line line;
    if (!line.create())
        return;
    Word words[abi::message_words];
    const Word page = line.receiver.buffer_address();
    for (Word offset = 0; offset < user::page_size; offset += sizeof(abi::IpcBuffer)) {
        line.receiver.set_buffer(line.receiver.frame(), page + offset);
        clear(line.receiver);
        line.receiver.start(Syscall::receive, line.endpoint);
        line.sender.start(Syscall::send, line.endpoint, message_of(120, words));
        expect_words(line.receiver, 120, 120);
    }
}

TEST("ipc: a buffer is found by its frame, not by the address") {
    Line line;
    if (!line.create())
        return;
    Word words[abi::message_words];
    // The address only says where in the frame: that nothing is mapped there does not matter.
    const Word address = line.receiver.buffer_address();
    expect_success("unmap", page_unmap(line.receiver.frame()));
    line.receiver.start(Syscall::receive, line.endpoint);
    line.sender.start(Syscall::send, line.endpoint, message_of(20, words));
    expect("received", line.receiver.done());
    expect_success("map it again", vspace.map(line.receiver.frame(), address));
    expect_equal("info", info_word(20, 20), line.receiver.info().word);
    for (unsigned i = 4; i < 20; i++)
        expect_equal("word", value(20, i), line.receiver.word(i));
}
