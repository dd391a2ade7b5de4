// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Receivers and vectors: who gets which, what a new one inherits, and when they are free again.
/// Read next: kernel/object/vectors.hpp.
/// @stage{3}
#include "kernel/tests/object/uintr.hpp"

namespace {

constexpr Word bit(Word vector) { return Word{1} << vector; }

} // namespace

TEST_SUITE("vectors") {
    TEST_CASE("a notification takes a receiver for its thread, and a vector for the kernel") {
        Users at;
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        CHECK(at.register_receiver(notification, thread) == Outcome::done);
        const Receiver& receiver = at.tcb(thread).receiver;
        CHECK(receiver.index == 1); // never the first one
        CHECK(vectors::thread(1) == &at.tcb(thread));
        CHECK(receiver.vectors == bit(at.world.answer(0)));
        CHECK(receiver.notifications == &at.cap(notification).object());
        CHECK(receiver.registers->mode == UintcReceiver::off);
        at.remove(notification);
        CHECK(vectors::thread(1) == nullptr);
        CHECK(receiver.registers == nullptr);
        CHECK(receiver.index == 0);
    }

    TEST_CASE("errors come in order") {
        Users at;
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        Slot& other = at.notification();
        Slot& nothing = at.world.empty_slot();
        const auto error = [&](Slot& cap, Slot& tcb) {
            return error_of(at.register_receiver(cap, tcb));
        };
        CHECK(error(at.badged(notification, 1, abi::write), nothing) ==
              abi::Error::invalid_capability);
        CHECK(error(notification, other) == abi::Error::invalid_capability);
        at.cap(other).object().bind(at.world.caller());
        CHECK(error(other, thread) == abi::Error::illegal_operation);
        at.cap(other).object().unbind();
        at.cap(other).object().wait(at.world.caller());
        CHECK(error(other, thread) == abi::Error::illegal_operation);
        at.cap(other).object().cancel(at.world.caller());
        CHECK(error(notification, thread) == abi::Error::none);
        CHECK(error(notification, thread) == abi::Error::illegal_operation);
    }

    TEST_CASE("receivers run out, and come back with threads and with notifications") {
        Users at;
        std::vector<Slot*> threads, notifications;
        for (Word i = 1; i < uintc::most; i++) {
            threads.push_back(&at.thread());
            notifications.push_back(&at.notification());
            CHECK(at.register_receiver(*notifications.back(), *threads.back()) == Outcome::done);
        }
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        CHECK(error_of(at.register_receiver(notification, thread)) == abi::Error::delete_first);
        SUBCASE("thread") { at.remove(*threads[3]); }
        SUBCASE("notification") { at.remove(*notifications[3]); }
        CHECK(at.register_receiver(notification, thread) == Outcome::done);
        CHECK(at.tcb(thread).receiver.index == 4);
        CHECK(error_of(at.register_receiver(at.notification(), at.thread())) ==
              abi::Error::delete_first);
    }

    TEST_CASE("who gets a receiver, or a vector, finds nothing pending there") {
        Users at;
        Slot& thread = at.thread();
        uintc::all[1].pending = ~Word{0};
        CHECK(at.register_receiver(at.notification(), thread) == Outcome::done);
        CHECK(at.registers(thread).pending == 0);
        at.registers(thread).pending = bit(1) | bit(2);
        CHECK(at.register_receiver(at.notification(), thread) == Outcome::done);
        CHECK(at.registers(thread).pending == bit(2));
    }

    TEST_CASE("what was signalled is signalled again, by the kernel's vector") {
        Users at;
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        at.cap(notification).object().notify(Badge(6));
        CHECK(at.register_receiver(notification, thread) == Outcome::done);
        CHECK(at.registers(thread).pending == bit(at.world.answer(0)));
        CHECK(at.cap(notification).object().take_word() == 6);
    }

    TEST_CASE("equal badges of one notification have one vector, others their own") {
        Users at;
        Slot& thread = at.thread();
        Slot& one = at.notification();
        Slot& two = at.notification();
        CHECK(at.register_receiver(one, thread) == Outcome::done);
        CHECK(at.register_receiver(two, thread) == Outcome::done);
        Slot& table = at.table();
        at.sender(at.badged(one, 7), table);
        at.sender(at.badged(one, 7), at.table());
        at.sender(at.badged(two, 7), table);
        at.sender(at.badged(one, 8), table);
        at.sender(one, table);
        const auto vector = [&](Slot& slot, Word badge) {
            return vectors::of_badge(at.cap(slot).object(), Badge(badge));
        };
        CHECK(vector(one, 7) == 2);
        CHECK(vector(two, 7) == 3);
        CHECK(vector(one, 8) == 4);
        CHECK(vector(one, 0) == 5);
        CHECK(vector(two, 0) == std::nullopt); // the kernel's own is no sender's
        CHECK(at.tcb(thread).receiver.senders[2] == 2);
        CHECK(at.badge_of(2) == 7);
        CHECK(at.badge_of(0) == 0);
    }

    TEST_CASE("the last vector is shared when there are no more") {
        Users at;
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        Slot& other = at.notification();
        CHECK(at.register_receiver(notification, thread) == Outcome::done);
        CHECK(at.register_receiver(other, thread) == Outcome::done);
        Slot& table = at.table();
        for (Word i = 2; i < abi::user_vectors; i++)
            at.sender(at.badged(notification, i << 4), table);
        CHECK(error_of(at.register_receiver(at.notification(), thread)) ==
              abi::Error::delete_first);
        CHECK(error_of(at.register_sender(at.badged(other, 1))) == abi::Error::delete_first);
        Slot& more = at.badged(notification, 5);
        at.sender(more, table);
        CHECK(at.badge_of(63) == (63 << 4 | 5));
        CHECK(at.tcb(thread).receiver.senders[63] == 2);
        at.remove(more);
        CHECK(at.tcb(thread).receiver.senders[63] == 1);
    }

    TEST_CASE(
        "a thread that is being deleted gets no receiver, and its own is nobody's meanwhile") {
        Users at;
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        CHECK(at.register_receiver(notification, thread) == Outcome::done);
        Slot& cap = at.badged(notification, 1);
        at.sender(cap, at.table());
        at.sender(at.badged(notification, 1), at.table());
        const Word index = at.tcb(thread).receiver.index;
        host::interrupts.always = true;
        CHECK(finalise::remove(thread, true) == Outcome::preempted);
        CHECK(vectors::thread(index) == nullptr);
        CHECK(error_of(at.register_receiver(notification, thread)) ==
              abi::Error::illegal_operation);
        Slot& other = at.thread();
        CHECK(at.register_receiver(notification, other) == Outcome::done);
        CHECK(at.tcb(other).receiver.index != index);
        at.remove(thread);
        CHECK(at.register_receiver(at.notification(), at.thread()) == Outcome::done);
        CHECK(vectors::thread(index) != nullptr);
    }
}
