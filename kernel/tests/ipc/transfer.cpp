// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A message from thread to thread: all words that have room, one capability, badges of the rest.
/// Profile sel4 only. Read next: kernel/ipc/transfer.hpp.
/// @stage{none}
#include "kernel/ipc/transfer.hpp"

#include "kernel/object/endpoint.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

struct Party {
    Tcb& tcb;
    abi::IpcBuffer* buffer;
};

struct Setting {
    World world;
    Slot& root = world.cnode(4);
    EndpointCap endpoint{host::memory(abi::endpoint_bits), Badge(0), abi::all_rights};
    Party sender = party();
    Party receiver = party();

    Setting() {
        for (Word i = 1; i < 4; i++) {
            in(root, i).cap = NotificationCap(host::memory(5), Badge(i), abi::read);
            in(root, i).mdb.set_flags(true, true);
        }
        in(root, 4).cap = endpoint.with(Badge(44), abi::write);
        in(root, 5).cap = endpoint.with(Badge(55), abi::write);
        in(root, 6).cap = root.cap;
        receiver.buffer->receive_cnode = 6;
        receiver.buffer->receive_index = 9;
        receiver.buffer->receive_depth = 64;
    }
    Party party() {
        Tcb& tcb = world.thread().cap.as<ThreadCap>().object();
        const PAddr frame = host::memory(abi::page_bits);
        tcb.slot(Tcb::cspace).cap = root.cap;
        tcb.slot(Tcb::buffer).cap = FrameCap(frame, 0, false, abi::all_rights);
        tcb.ipc_buffer = 0x7000'0400;
        return {tcb, window<abi::IpcBuffer>(frame + 0x400)};
    }
    /// The receiver's message info.
    abi::MessageInfo pass(Word length, std::initializer_list<CPtr> caps = {},
                          bool may_grant = true) {
        sender.tcb.context[Context::a1] = abi::MessageInfo::make(9, length, caps.size()).word;
        std::ranges::copy(caps, sender.buffer->caps_or_badges);
        transfer::message(sender.tcb, &endpoint.object(), Badge(3), may_grant, receiver.tcb);
        CHECK(receiver.tcb.context[Context::a0] == 3);
        return {receiver.tcb.context[Context::a1]};
    }
};

void check_info(abi::MessageInfo info, Word length, Word caps, Word unwrapped) {
    CHECK(info.label() == 9);
    CHECK(info.length() == length);
    CHECK(info.extra_caps() == caps);
    CHECK(info.unwrapped() == unwrapped);
}

} // namespace

TEST_SUITE("transfer") {
    TEST_CASE("words in registers and buffers, and no more than the message has") {
        Setting at;
        for (const unsigned length : {0U, 3U, 4U, 5U, 120U}) {
            for (Word i = 0; i < 4; i++) {
                at.sender.tcb.context.message(i) = 100 + i;
                at.receiver.tcb.context.message(i) = 0;
            }
            for (Word i = 4; i < abi::message_words; i++) {
                at.sender.buffer->message[i] = 100 + i;
                at.receiver.buffer->message[i] = 0;
            }
            check_info(at.pass(length), length, 0, 0);
            for (Word i = 0; i < abi::message_words; i++) {
                const Word found =
                    i < 4 ? at.receiver.tcb.context.message(i) : at.receiver.buffer->message[i];
                CHECK(found == (i < length ? 100 + i : 0));
            }
        }
        check_info(at.pass(127), abi::message_words, 0, 0);
    }

    TEST_CASE("without a buffer on either side four words arrive") {
        Setting at;
        at.receiver.tcb.ipc_buffer = 0;
        check_info(at.pass(20), 4, 0, 0);
        Setting other;
        other.sender.tcb.ipc_buffer = 0;
        check_info(other.pass(20, {1}), 4, 0, 0);
        Setting read_only;
        Slot& frame = read_only.receiver.tcb.slot(Tcb::buffer);
        frame.cap = frame.cap.as<FrameCap>().with_rights(abi::read);
        check_info(read_only.pass(20), 4, 0, 0);
    }

    TEST_CASE("one capability arrives where the receiver wants it, as a child of the sender's") {
        Setting at;
        check_info(at.pass(0, {1}), 0, 1, 0);
        CHECK(in(at.root, 9).cap == in(at.root, 1).cap);
        CHECK(list_of(in(at.root, 1)) == std::vector{&in(at.root, 1), &in(at.root, 9)});
    }

    TEST_CASE("a second one does not, and what follows it neither") {
        Setting at;
        check_info(at.pass(0, {1, 2, 4}), 0, 1, 0);
        CHECK(in(at.root, 9).cap == in(at.root, 1).cap);
    }

    TEST_CASE("capabilities to the endpoint itself arrive as badges, before and behind others") {
        Setting at;
        check_info(at.pass(0, {4, 1, 5}), 0, 3, 5);
        CHECK(at.receiver.buffer->caps_or_badges[0] == 44);
        CHECK(at.receiver.buffer->caps_or_badges[2] == 55);
        CHECK_FALSE(in(at.root, 9).empty());
    }

    TEST_CASE("nothing without the right to grant, or a place") {
        Setting at;
        check_info(at.pass(0, {1, 4}, false), 0, 0, 0);
        CHECK(in(at.root, 9).empty());
        at.receiver.buffer->receive_index = 3;
        check_info(at.pass(0, {1}), 0, 0, 0);
        at.receiver.buffer->receive_index = 9;
        at.receiver.buffer->receive_depth = 0;
        check_info(at.pass(0, {4, 1}), 0, 1, 1);
        at.receiver.buffer->receive_depth = 64;
        at.receiver.buffer->receive_cnode = 1;
        check_info(at.pass(0, {1}), 0, 0, 0);
        CHECK(in(at.root, 9).empty());
    }
}
