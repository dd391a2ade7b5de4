// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests on this machine begin with: makers of threads, notifications and tables, and
/// calls that register. Nothing is taken back: the process of the test ends.
///
///     Setting at;
///     Slot& thread = at.thread();
///     Slot& notification = at.notification();
///     at.receives(notification, thread);
///     const Word index = at.sender(at.badged(notification, 7), at.table());
///
/// Read next: labs/lib/alone.hpp, kernel/tests/host/world.hpp.
#pragma once

#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/host/world.hpp"
#include "labs/lib/alone.hpp"

constexpr Word bit(Word vector) { return Word{1} << vector; }

/// An entry of a sender table as hardware sees it, and the count that the kernel keeps there.
struct SenderEntry {
    uint16_t valid;
    uint16_t vector;
    uint16_t capabilities;
    uint16_t receiver;
};

class Setting {
public:
    World& world = *new World; // is not destroyed: that would take exercises

    Slot& notification() { return world.notification(); }
    Slot& thread() {
        Slot& slot = world.thread();
        tcb(slot).state = Tcb::State::inactive;
        return slot;
    }
    /// A thread that has a receiver, as far as a switch of threads looks at it.
    Tcb& with_receiver(Word index) {
        Tcb& made = tcb(thread());
        made.receiver.index = index;
        made.receiver.registers = &uintc::receiver(index);
        made.special |= Tcb::uses_interrupts;
        return made;
    }
    Slot& table() { return world.slot(SenderTableCap(host::memory(abi::sender_table_bits))); }
    /// A capability derived from one to a notification, with a badge.
    Slot& badged(Slot& notification, Word badge) {
        Slot& slot = world.empty_slot();
        mdb::insert(cap(notification).with(Badge(badge), 3), notification, slot);
        return slot;
    }

    /// Registers `thread` as receiver of `notification`; answers the kernel's vector.
    Word receives(Slot& notification, Slot& thread, const Place& place = Place::current()) {
        const auto result =
            world.invoke(notification, abi::UintrRegisterReceiver{}, {&thread, &control_, &page_});
        expect("a receiver is registered", result == Outcome::done, place);
        return world.answer(0);
    }
    /// The caller uses this table from now on.
    void use(Slot& table, const Place& place = Place::current()) {
        expect("the caller has a table",
               world.ok(self_, abi::TcbSetSenderTable{}, {&table, &control_}), place);
    }
    [[nodiscard]] Result<Outcome> register_sender(Slot& cap) {
        return world.invoke(cap, abi::UintrRegisterSender{});
    }
    /// The index of a new registration in a table.
    Word sender(Slot& cap, Slot& table, const Place& place = Place::current()) {
        use(table, place);
        expect("a sender is registered", register_sender(cap) == Outcome::done, place);
        return world.answer(0);
    }
    /// Deletes, however often it is interrupted.
    static void remove(Slot& slot, const Place& place = Place::current()) {
        for (unsigned i = 0; finalise::remove(slot, true) == Outcome::preempted; i++) {
            if (!expect("deleting comes to an end", i < 10'000, place))
                _exit(1);
        }
    }

    /// What the badge page says.
    [[nodiscard]] Word badge_of(Word vector) const {
        return window<abi::BadgePage>(page_.cap.address())->badges[vector];
    }
    [[nodiscard]] static Tcb& tcb(const Slot& slot) { return slot.cap.as<ThreadCap>().object(); }
    [[nodiscard]] static NotificationCap cap(const Slot& slot) {
        return slot.cap.as<NotificationCap>();
    }
    [[nodiscard]] static Notification& object(const Slot& slot) { return cap(slot).object(); }
    [[nodiscard]] static SenderEntry& entry(const Slot& table, Word index) {
        return window<SenderEntry>(table.cap.address())[index];
    }
    [[nodiscard]] static Receiver& receiver(const Slot& thread) { return tcb(thread).receiver; }
    [[nodiscard]] Slot& self() { return self_; }

private:
    Slot& control_ = world.slot(UintrControlCap());
    Slot& page_ = world.slot(FrameCap(host::memory(abi::page_bits), 0, false, abi::all_rights));
    Slot& self_ = world.slot(ThreadCap(physical(&world.caller())));
};

/// Numbers that look drawn by chance, the same for the same seed.
class Draw {
public:
    /// Less than `end`.
    Word below(Word end) { return engine_() % end; }
    Word word() { return engine_(); }

private:
    std::mt19937_64 engine_{lab::seed()};
};
