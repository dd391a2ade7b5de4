// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What waiting, polling and signalling do to registers: nothing, but for the badge in a0.
/// @stage{2}
#include "user/tests/registers.hpp"
#include "user/tests/threads.hpp"

namespace {

/// Makes a system call on a notification with every register set. All are as before, but for a0,
/// which is answered. (A message without words, as the answer to a call is: so a1 stays 0.)
Word call_on(abi::Syscall number, CPtr notification, const Place& place = Place::current()) {
    RegisterFile file = {};
    for (unsigned i = 1; i < register_count; i++)
        file.x[i] = 0xabcd'0000'0000'0000 + Word{0x0101} * i;
    file.x[a0] = notification;
    file.x[a1] = 0;
    file.x[a7] = static_cast<Word>(number);
    const RegisterFile before = file;
    system_call_with(file);
    for (unsigned i = 1; i < register_count; i++) {
        if (i != sp && i != a0 && file.x[i] != before.x[i])
            fail(place, "register x", i, ": expected ", shown(before.x[i]), ", got ",
                 shown(file.x[i]));
    }
    return file.x[a0];
}

constexpr Word badge = 0x1234;

/// A notification, and a capability to it with a badge.
struct Badged {
    CPtr notification = make(ObjectType::notification);
    CPtr sender = empty_slot();
    Badged() { expect_success("a badge", cap_mint(notification, sender, abi::all_rights, badge)); }
};

} // namespace

TEST("registers: signals preserve all of them") {
    const Badged badged;
    for (const abi::Syscall number : {abi::Syscall::send, abi::Syscall::non_blocking_send})
        expect_equal("a0", badged.sender, call_on(number, badged.sender));
    const Word answer = call_on(abi::Syscall::call, badged.sender);
    expect_equal("a call is answered", 0, answer);
    expect_equal("signalled", badge, poll(badged.notification));
}

TEST("registers: a poll preserves all of them, but for the badge") {
    const Badged badged;
    expect_equal("nothing", 0, call_on(abi::Syscall::non_blocking_receive, badged.notification));
    signal(badged.sender);
    expect_equal("a word", badge, call_on(abi::Syscall::non_blocking_receive, badged.notification));
}

TEST("registers: a wait preserves all of them, but for the badge, however long it is") {
    const Badged badged;
    signal(badged.sender);
    expect_equal("a word that is there", badge,
                 call_on(abi::Syscall::receive, badged.notification));
    user::Thread thread;
    const auto body = [&] { signal(badged.sender); };
    start(thread, below, body);
    expect_equal("a word that comes", badge, call_on(abi::Syscall::receive, badged.notification));
}
