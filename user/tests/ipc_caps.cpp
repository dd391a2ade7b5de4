// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Capabilities that travel with a message: one is passed on, those to the endpoint itself arrive
/// as badges, and the first that cannot be passed ends the list.
/// seL4 manual 4.2.2.
/// Read next: ipc_caps_failing.cpp.
/// @stage{none}
#include "user/tests/ipc_caps.hpp"

TEST("ipc caps: one capability goes to the slot that the receiver names") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    for (const bool receiver_first : {true, false}) {
        const CPtr slot = line.fresh_slot();
        line.pass(receiver_first, {frame});
        line.expect_received(1, 0);
        expect_equal("the frame", page_get_address(frame).words[0],
                     page_get_address(slot).words[0]);
    }
}

TEST("ipc caps: every way to send takes capabilities along") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    for (const Syscall way : {Syscall::send, Syscall::non_blocking_send, Syscall::call}) {
        const CPtr slot = line.fresh_slot();
        line.pass(true, {frame}, way);
        line.expect_received(1, 0);
        expect("a capability came", bool(page_get_address(slot)));
    }
}

TEST("ipc caps: what arrives is derived from what was sent") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr other = make_endpoint();
    const CPtr slot = line.fresh_slot();
    line.pass(true, {other});
    line.expect_received(1, 0);
    expect_success("it can be copied", cap_copy(slot, empty_slot()));
    expect_success("revoke the sender's", cap_revoke(other));
    expect_error("the receiver's is gone", Error::failed_lookup, cap_copy(slot, empty_slot()));
    expect_success("the sender's is not", cap_copy(other, empty_slot()));
}

TEST("ipc caps: badge and rights travel along") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr notification = make(ObjectType::notification);
    const CPtr slot = line.fresh_slot();
    line.pass(true, {minted(notification, 0x77, abi::Rights::write)});
    line.expect_received(1, 0);
    signal(slot);
    expect_equal("badge", 0x77, poll(notification));
    expect_error("a badged one takes no other", Error::illegal_operation,
                 cap_mint(slot, empty_slot(), abi::all_rights, 0x78));
}

TEST("ipc caps: a frame arrives unmapped") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    const Word address = vspace.map_somewhere(frame);
    const CPtr slot = line.fresh_slot();
    line.pass(true, {frame});
    line.expect_received(1, 0);
    const Word other = vspace.map_somewhere(slot);
    if (!expect("it is mapped elsewhere", address != 0 && other != 0))
        return;
    // NOLINTBEGIN(clang-analyzer-core.NullDereference): neither is 0 here.
    *reinterpret_cast<volatile Word*>(address) = 0x1234;
    expect_equal("memory", 0x1234, *reinterpret_cast<volatile Word*>(other));
    // NOLINTEND(clang-analyzer-core.NullDereference)
}

TEST("ipc caps: without the right to grant nothing is passed, and nothing unwrapped") {
    CapLine line;
    if (!line.create(abi::Rights::write | abi::Rights::grant_reply))
        return;
    const CPtr frame = make(ObjectType::page);
    for (const bool receiver_first : {true, false}) {
        const CPtr slot = line.fresh_slot();
        line.pass(receiver_first, {frame, line.endpoint});
        line.expect_received(0, 0);
        expect_success("the slot is empty", cap_copy(frame, slot));
    }
}

TEST("ipc caps: only one is passed on, the rest is cut off") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frames[] = {make(ObjectType::page), make(ObjectType::page), make(ObjectType::page)};
    for (const bool receiver_first : {true, false}) {
        const CPtr slot = line.fresh_slot();
        line.pass(receiver_first, {frames[0], frames[1], frames[2]});
        line.expect_received(1, 0);
        expect_equal("the first", page_get_address(frames[0]).words[0],
                     page_get_address(slot).words[0]);
    }
}

TEST("ipc caps: one to the same endpoint arrives as its badge") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr badged = minted(line.endpoint, 0xbad6e);
    for (const bool receiver_first : {true, false}) {
        const CPtr slot = line.fresh_slot();
        line.pass(receiver_first, {badged});
        line.expect_received(1, 1);
        expect_equal("badge", 0xbad6e, line.receiver.buffer().caps_or_badges[0]);
        expect_success("the slot is empty", cap_copy(badged, slot));
    }
}

TEST("ipc caps: three can be unwrapped") {
    CapLine line;
    if (!line.create())
        return;
    line.fresh_slot();
    line.pass(true, {minted(line.endpoint, 5), line.endpoint, minted(line.endpoint, 7, 0)});
    line.expect_received(3, 7);
    const Word badges[] = {5, 0, 7};
    for (unsigned i = 0; i < 3; i++)
        expect_equal("badge", badges[i], line.receiver.buffer().caps_or_badges[i]);
}

TEST("ipc caps: unwrapped and passed on in one message") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    const CPtr slot = line.fresh_slot();
    line.receiver.buffer().caps_or_badges[1] = 0x4444;
    line.pass(true, {minted(line.endpoint, 5), frame, minted(line.endpoint, 7)});
    line.expect_received(3, 0b101);
    expect_equal("first badge", 5, line.receiver.buffer().caps_or_badges[0]);
    expect_equal("nothing is said of the second", 0x4444, line.receiver.buffer().caps_or_badges[1]);
    expect_equal("third badge", 7, line.receiver.buffer().caps_or_badges[2]);
    expect("the frame came", bool(page_get_address(slot)));
}

TEST("ipc caps: the list ends where one cannot be passed on") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frames[] = {make(ObjectType::page), make(ObjectType::page)};
    line.fresh_slot();
    line.pass(true, {frames[0], frames[1], minted(line.endpoint, 7)});
    line.expect_received(1, 0);
    // With no slot at all the badges in front still arrive.
    line.receiver.receive_into(0, 0, 0);
    line.pass(true, {minted(line.endpoint, 5), frames[1], minted(line.endpoint, 7)});
    line.expect_received(1, 1);
    expect_equal("badge", 5, line.receiver.buffer().caps_or_badges[0]);
}

TEST("ipc caps: one to another endpoint is passed on") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr other = make_endpoint();
    const CPtr slot = line.fresh_slot();
    line.pass(true, {other});
    line.expect_received(1, 0);
    line.sender.start(Syscall::send, minted(slot, 0x99));
    expect_equal("badge", 0x99, poll_endpoint(other).badge);
}
