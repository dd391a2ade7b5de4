// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A world with user interrupts: makers of what registrations take, and calls that register. All of
/// it is deleted at the end, so that the kernel's tables of receivers and senders are as before.
/// Read next: vectors.cpp, sender_table.cpp.
/// @stage{3}
#pragma once

#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

/// An entry of a sender table as hardware sees it, and the count that the kernel keeps there.
struct SenderEntry {
    uint16_t valid;
    uint16_t vector;
    uint16_t capabilities;
    uint16_t receiver;
};

class Users {
public:
    World world;

    Users() = default;
    Users(const Users&) = delete;
    Users& operator=(const Users&) = delete;
    ~Users() {
        host::interrupts = {};
        finalise::remove_simple(world.caller().slot(Tcb::sender_table));
        while (!made_.empty()) {
            remove(*made_.back());
            made_.pop_back();
        }
    }

    Slot& notification() { return keep(world.notification()); }
    Slot& thread() {
        Slot& slot = keep(world.thread());
        tcb(slot).state = Tcb::State::inactive;
        return slot;
    }
    Slot& table() { return keep(world.slot(SenderTableCap(host::memory(abi::sender_table_bits)))); }
    /// A capability derived from one to a notification, with a badge.
    Slot& badged(Slot& notification, Word badge, Word rights = 3) {
        Slot& slot = keep(world.empty_slot());
        mdb::insert(cap(notification).with(Badge(badge), rights), notification, slot);
        return slot;
    }

    [[nodiscard]] Result<Outcome> register_receiver(Slot& notification, Slot& thread) {
        return world.invoke(notification, abi::UintrRegisterReceiver{},
                            {&thread, &control_, &page_});
    }
    /// Asks for this table for the caller, with any capability as UintrControl.
    [[nodiscard]] Result<Outcome> use(Slot& table, Slot& control) {
        return world.invoke(self_, abi::TcbSetSenderTable{}, {&table, &control});
    }
    /// The caller has this table now.
    void use(Slot& table) { CHECK(world.ok(self_, abi::TcbSetSenderTable{}, {&table, &control_})); }
    [[nodiscard]] Result<Outcome> register_sender(Slot& cap) {
        return world.invoke(cap, abi::UintrRegisterSender{});
    }
    /// The index of a new registration in a table.
    Word sender(Slot& cap, Slot& table) {
        use(table);
        CHECK(register_sender(cap) == Outcome::done);
        return world.answer(0);
    }

    /// Deletes, however often it is interrupted.
    static void remove(Slot& slot) {
        for (unsigned i = 0; finalise::remove(slot, true) == Outcome::preempted; i++)
            REQUIRE(i < 10'000);
    }

    /// The same with all that was derived from it.
    static void destroy(Slot& slot) {
        CHECK(finalise::revoke(slot) == Outcome::done);
        remove(slot);
    }

    /// What the thread's badge page says.
    [[nodiscard]] Word badge_of(Word vector) const {
        return window<abi::BadgePage>(page_.cap.address())->badges[vector];
    }
    [[nodiscard]] static Tcb& tcb(const Slot& slot) { return slot.cap.as<ThreadCap>().object(); }
    [[nodiscard]] static NotificationCap cap(const Slot& slot) {
        return slot.cap.as<NotificationCap>();
    }
    [[nodiscard]] static SenderEntry* entries(const Slot& table) {
        return window<SenderEntry>(table.cap.address());
    }
    [[nodiscard]] static UintcReceiver& registers(const Slot& thread) {
        return *tcb(thread).receiver.registers;
    }
    [[nodiscard]] Slot& self() { return self_; }

private:
    Slot& keep(Slot& slot) {
        made_.push_back(&slot);
        return slot;
    }
    std::vector<Slot*> made_;
    Slot& control_ = world.slot(UintrControlCap());
    Slot& page_ = world.slot(FrameCap(host::memory(abi::page_bits), 0, false, abi::all_rights));
    Slot& self_ = world.slot(ThreadCap(physical(&world.caller())));
};
