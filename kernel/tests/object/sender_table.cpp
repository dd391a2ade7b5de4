// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tables of senders: which registrations share an entry, how long it lasts, and who is told.
/// Read next: kernel/object/sender_table.hpp.
/// @stage{3}
#include "kernel/tests/object/uintr.hpp"

namespace {

constexpr Word bit(Word vector) { return Word{1} << vector; }

/// A notification that is registered for a thread, and a table.
struct Setting : Users {
    Slot& receiver = thread();
    Slot& notified = notification();
    Slot& senders = table();

    Setting() { CHECK(register_receiver(notified, receiver) == Outcome::done); }
};

} // namespace

TEST_SUITE("sender table") {
    TEST_CASE("errors come in order") {
        Setting at;
        Slot& plain = at.notification();
        CHECK(error_of(at.register_sender(at.badged(plain, 1, abi::read))) ==
              abi::Error::invalid_capability);
        CHECK(error_of(at.register_sender(plain)) == abi::Error::invalid_capability);
        at.use(at.senders);
        CHECK(error_of(at.register_sender(plain)) == abi::Error::illegal_operation);
        CHECK(at.register_sender(at.notified) == Outcome::done);
        at.use(at.table());
        CHECK(error_of(at.register_sender(at.notified)) == abi::Error::illegal_operation);
    }

    TEST_CASE("where hardware does not check senders, only who is trusted has a table") {
        Setting at;
        uintc::checked = false;
        const auto refused = at.use(at.senders, at.notified);
        const Result<Outcome> none = at.use(at.world.empty_slot(), at.notified);
        at.use(at.senders);
        uintc::checked = true;
        CHECK(error_of(refused) == abi::Error::invalid_capability);
        CHECK(none == Outcome::done);
        CHECK(at.register_sender(at.notified) == Outcome::done);
        CHECK(at.use(at.senders, at.notified) == Outcome::done);
    }

    TEST_CASE("an entry names receiver and vector, and counts its capabilities") {
        Setting at;
        Slot& cap = at.badged(at.notified, 5);
        const Word index = at.sender(cap, at.senders);
        SenderEntry& entry = at.entries(at.senders)[index];
        CHECK(entry.valid == 1);
        CHECK(entry.receiver == at.tcb(at.receiver).receiver.index);
        CHECK(at.badge_of(entry.vector) == 5);
        CHECK(at.sender(cap, at.senders) == index);
        CHECK(entry.capabilities == 1);
        Slot& same = at.badged(at.notified, 5);
        CHECK(at.sender(same, at.senders) == index);
        CHECK(entry.capabilities == 2);
        CHECK(sender_table::target(sender_table::of(at.world.caller()), index).receiver ==
              entry.receiver);
        at.remove(cap);
        CHECK(entry.valid == 1);
        at.remove(same);
        CHECK(entry.valid == 0);
        CHECK(entry.receiver == 0);
        CHECK(entry.capabilities == 0);
    }

    TEST_CASE("a copy of a registered capability is not registered") {
        Setting at;
        at.sender(at.notified, at.senders);
        CHECK(at.cap(at.notified).table() != 0);
        Slot& node = at.world.cnode(2);
        CHECK(at.world.ok(node, abi::CNodeCopy{1, 64, 0, 64, abi::all_rights}, {&node}) == false);
        mdb::move(at.notified.cap, at.notified, in(node, 0));
        CHECK(at.world.ok(node, abi::CNodeCopy{1, 64, 0, 64, abi::all_rights}, {&node}));
        CHECK(at.cap(in(node, 0)).table() != 0);
        CHECK(at.cap(in(node, 1)).table() == 0);
        at.remove(in(node, 1));
        CHECK(at.entries(at.senders)[0].capabilities == 1);
        at.remove(in(node, 0));
        CHECK(at.entries(at.senders)[0].capabilities == 0);
    }

    TEST_CASE("entries run out and are used again") {
        Setting at;
        std::vector<Slot*> caps;
        for (Word i = 0; i < abi::sender_entries; i++) {
            caps.push_back(&at.badged(at.notified, i << 16 | (~i & 0xffff)));
            CHECK(at.sender(*caps.back(), at.senders) == i);
        }
        Slot& more = at.badged(at.notified, 1);
        CHECK(error_of(at.register_sender(more)) == abi::Error::delete_first);
        CHECK(at.cap(more).table() == 0);
        at.remove(*caps[77]);
        CHECK(at.sender(more, at.senders) == 77);
    }

    TEST_CASE("a table goes in steps; its capabilities can be registered in the next") {
        Setting at;
        std::vector<Slot*> caps;
        for (Word i = 0; i < 200; i++) {
            caps.push_back(&at.badged(at.notified, i << 16 | (~i & 0xffff)));
            at.sender(*caps.back(), at.senders);
        }
        at.use(at.world.empty_slot());
        host::interrupts.always = true;
        CHECK(finalise::remove(at.senders, true) == Outcome::preempted);
        at.remove(at.senders);
        host::interrupts = {};
        CHECK(at.tcb(at.receiver).receiver.vectors == 1);
        Slot& next = at.table();
        for (Slot* cap : caps)
            at.sender(*cap, next);
        CHECK(at.cap(*caps[0]).table() != 0);
        CHECK(at.entries(next)[199].valid == 1);
    }

    TEST_CASE("the number of a table is given again when no capability knows it") {
        Setting at;
        Slot& first = at.badged(at.notified, 1);
        Slot& second = at.badged(at.notified, 2);
        at.sender(first, at.senders);
        const Word number = at.cap(first).table();
        at.use(at.world.empty_slot());
        at.remove(at.senders);
        at.sender(second, at.table());
        CHECK(at.cap(second).table() != number);
        at.remove(first);
        Slot& third = at.badged(at.notified, 3);
        at.sender(third, at.table());
        CHECK(at.cap(third).table() == number);
    }

    TEST_CASE("when the receiver's thread goes its entries are cleared, table by table") {
        Setting at;
        Slot& other = at.table();
        Slot& cap = at.badged(at.notified, 1);
        Slot& more = at.badged(at.notified, 1);
        at.sender(cap, at.senders);
        at.sender(more, other);
        host::interrupts.always = true;
        CHECK(finalise::remove(at.receiver, true) == Outcome::preempted);
        CHECK(at.entries(at.senders)[0].valid + at.entries(other)[0].valid == 1);
        Slot& next = at.thread();
        CHECK(at.register_receiver(at.notified, next) == Outcome::done);
        // Whether its entry is cleared already or not: it is registered anew.
        at.sender(cap, at.senders);
        at.sender(more, other);
        CHECK(at.entries(at.senders)[0].receiver == at.tcb(next).receiver.index);
        CHECK(at.entries(other)[0].receiver == at.tcb(next).receiver.index);
        at.remove(at.receiver);
        CHECK(at.entries(other)[0].valid == 1);
    }

    TEST_CASE("the end of a client is told to the receiver, with the client's badge") {
        Setting at;
        Slot& cap = at.badged(at.notified, 0x10);
        at.sender(cap, at.senders);
        at.registers(at.receiver).pending = 0;
        at.remove(cap);
        CHECK(at.registers(at.receiver).pending == bit(0));
        CHECK(at.cap(at.notified).object().take_word() == 0x10);
    }

    TEST_CASE("the end of a receiver is told to who registered, as long as it has the table") {
        Setting at;
        Slot& own = at.notification();
        CHECK(at.register_receiver(own, at.self()) == Outcome::done);
        UintcReceiver& mine = *at.world.caller().receiver.registers;
        at.sender(at.badged(at.notified, 1), at.senders);
        SUBCASE("it has it") {
            at.remove(at.receiver);
            CHECK(mine.pending == bit(0));
        }
        SUBCASE("it has it no more") {
            at.use(at.world.empty_slot());
            at.remove(at.receiver);
            CHECK(mine.pending == 0);
        }
        CHECK(at.entries(at.senders)[0].valid == 0);
    }

    TEST_CASE("hardware is told of the table of the thread that runs, and when it goes") {
        Setting at;
        at.use(at.senders);
        CHECK(user_interrupt::senders == at.senders.cap.address());
        finalise::remove_simple(at.world.caller().slot(Tcb::sender_table));
        CHECK(user_interrupt::senders == PAddr(0));
    }
}
