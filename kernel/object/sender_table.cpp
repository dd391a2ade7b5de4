// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Entries come with a registration and go with capabilities, receivers, or the table.
/// @stage{3}
#include "kernel/object/sender_table.hpp"

#include "kernel/lib/todo.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/syscall/preempt.hpp"

#include <bit>
#include <iterator>
#include <optional>

namespace sender_table {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// An entry. Hardware has no use for `capabilities`: so many are registered with it.
struct Entry {
    uint16_t valid;
    uint16_t vector;
    uint16_t capabilities;
    uint16_t receiver;

    [[nodiscard]] bool free() const { return capabilities == 0; }
    [[nodiscard]] bool names(const Target& target) const {
        return valid != 0 && receiver == target.receiver && vector == target.vector;
    }
};
static_assert(sizeof(Entry) == 8);

constexpr uint16_t most_capabilities = 0xffff;

/// A table that has, or had, entries. A number is used again when no capability knows it.
struct Table {
    PAddr address;     ///< 0: the table is gone
    Word capabilities; ///< that are registered
    Word valid;        ///< entries that are
    Word owner;        ///< receiver of the thread that registered last; 0: it has none
};

constinit Table tables[NotificationCap::Table::ones + 1] = {}; // 0 is no number

Entry* entries(const Table& table) { return window<Entry>(table.address); }

/// Hardware sees an entry change at once, and as a whole.
void write(Entry& entry, const Entry& value) {
    *reinterpret_cast<volatile Word*>(&entry) = std::bit_cast<Word>(value);
    user_interrupt::publish_senders();
}

/// The number of a table; a new one if it has none; 0 if there is none left.
Word number_of(PAddr address) {
    Word unused = 0;
    for (Word number = std::size(tables) - 1; number != 0; number--) {
        if (tables[number].address == address)
            return number;
        if (tables[number].address == PAddr(0) && tables[number].capabilities == 0)
            unused = number;
    }
    if (unused != 0)
        tables[unused] = {.address = address, .capabilities = 0, .valid = 0, .owner = 0};
    return unused;
}

/// Tells the owner of a table that something it could signal is gone. Its receiver may be another
/// thread's by now.
void tell_owner(const Table& table) {
    Tcb* tcb = vectors::thread(table.owner);
    if (tcb != nullptr && of(*tcb) == table.address)
        receiver::notify(*tcb->receiver.notifications, Badge(0));
}

void invalidate(Table& table, Entry& entry) {
    write(entry, {.valid = 0, .vector = 0, .capabilities = entry.capabilities, .receiver = 0});
    table.valid--;
}

/// A hart may have looked the entry up just before. So the vector is given back, which lets another
/// badge have it, only when no hart can be in the midst of such a send any more.
/// @lab{3.5} a valid entry becomes invalid; its vector is given back when nobody can send it
void clear(Table& table, Entry& entry) {
    const Entry old = entry;
    invalidate(table, entry);
    remote::settle_senders(table.address);
    vectors::remove_sender(old.receiver, old.vector);
}

/// The entry that names the target, or one that is free; null if there is neither.
Entry* find(Entry* entries, const std::optional<Target>& target) {
    Entry* free = nullptr;
    for (unsigned index = abi::sender_entries; index-- != 0;) {
        if (target && entries[index].names(*target))
            return &entries[index];
        if (entries[index].free())
            free = &entries[index];
    }
    return free;
}

/// Where the notification's receiver is signalled with this badge, if anybody is registered so.
std::optional<Target> known_target(const Notification& notification, Badge badge) {
    const auto vector = vectors::of_badge(notification, badge);
    if (!vector)
        return {};
    return Target{notification.bound()->receiver.index, *vector};
}

/// Hardware sees the entry change at once: from not valid to one that names the notification's
/// receiver and the badge's vector. How many capabilities it has is not changed here. Table and
/// receiver count it. If there is no vector nothing changes; that is the error.
/// @lab{3.4} lets an entry that is not valid signal the notification
Result<Outcome> fill(Table& table, Entry& entry, Notification& notification, Badge badge) {
    const auto vector = vectors::for_badge(notification, badge);
    if (!vector)
        return failed(vector);
    const Word receiver = notification.bound()->receiver.index;
    write(entry, {.valid = 1,
                  .vector = static_cast<uint16_t>(*vector),
                  .capabilities = entry.capabilities,
                  .receiver = static_cast<uint16_t>(receiver)});
    table.valid++;
    vectors::add_sender(receiver, *vector);
    return Outcome::done;
}

/// The entry for a capability that is not registered: one that does the same, or a new one.
Result<Entry*> entry_for(Table& table, const NotificationCap& cap) {
    Entry* entry = find(entries(table), known_target(cap.object(), cap.badge()));
    if (entry == nullptr || entry->capabilities == most_capabilities)
        return failure(abi::Error::delete_first);
    if (entry->valid == 0) {
        const auto filled = fill(table, *entry, cap.object(), cap.badge());
        if (!filled)
            return failed(filled);
    }
    entry->capabilities++;
    table.capabilities++;
    return entry;
}

} // namespace

Result<Outcome> register_sender(Invocation& call, Slot& slot, const abi::UintrRegisterSender&) {
    const auto cap = slot.cap.as<NotificationCap>();
    const PAddr address = of(call.caller());
    if ((cap.rights() & abi::write) == 0)
        return invalid_capability(0);
    if (address == PAddr(0))
        return invalid_capability(1);
    if (!cap.object().registered())
        return failure(abi::Error::illegal_operation);
    const Word number = number_of(address);
    if (number == 0)
        return failure(abi::Error::delete_first);
    if (tables[cap.table()].address != PAddr(0) && cap.table() != number)
        return failure(abi::Error::illegal_operation);
    Table& table = tables[number];
    table.owner = call.caller().receiver.index;
    if (cap.table() != number ||
        vectors::thread(entries(table)[cap.entry()].receiver) != cap.object().bound()) {
        // It has no entry yet; or its table has gone meanwhile, or its receiver.
        release(cap);
        slot.cap = cap.copy();
        const auto entry = entry_for(table, cap);
        if (!entry)
            return failed(entry);
        slot.cap = cap.with_sender(number, static_cast<Word>(*entry - entries(table)));
    }
    call.answer(0, slot.cap.as<NotificationCap>().entry());
    return Outcome::done;
}

Target target(PAddr table, Word index) {
    if (table == PAddr(0) || index >= abi::sender_entries)
        return {};
    const Entry& entry = window<Entry>(table)[index];
    return {entry.receiver, entry.vector};
}

void release(const NotificationCap& cap) {
    Table& table = tables[cap.table()];
    if (cap.table() == 0)
        return;
    table.capabilities--;
    if (table.address == PAddr(0))
        return;
    Entry& entry = entries(table)[cap.entry()];
    if (--entry.capabilities != 0 || entry.valid == 0)
        return;
    const bool somebody = vectors::thread(entry.receiver) != nullptr;
    clear(table, entry);
    tell_owner(table);
    if (somebody)
        receiver::notify(cap.object(), cap.badge());
}

void capability_goes(const Cap& cap) {
    for (unsigned i = 0; i < hart_count; i++) {
        Tcb& tcb = *harts[i].current;
        if (&cap != &tcb.slot(Tcb::sender_table).cap)
            continue;
        remote::stall(tcb);
        if (&harts[i] == &this_hart())
            receiver::use_senders(PAddr(0));
    }
}

bool end(const SenderTableCap& cap) {
    const Word number = number_of(cap.address());
    Table& table = tables[number];
    for (unsigned i = 0, cleared = 0; number != 0 && table.valid != 0; i++) {
        if (entries(table)[i].valid == 0)
            continue;
        if (cleared++ == preempt::steps)
            return false;
        clear(table, entries(table)[i]);
    }
    table.address = PAddr(0);
    return true;
}

void clear_entries(Word index, Word& number) {
    while (tables[number].valid == 0 || tables[number].address == PAddr(0))
        number++;
    Table& table = tables[number++];
    Word cleared = 0;
    for (Word i = 0; i < abi::sender_entries; i++) {
        Entry& entry = entries(table)[i];
        if (entry.valid == 0 || entry.receiver != index)
            continue;
        invalidate(table, entry);
        cleared++;
    }
    remote::settle_senders(table.address);
    vectors::remove_senders(index, cleared);
    tell_owner(table);
}

PAddr of(const Tcb& tcb) { return tcb.slot(Tcb::sender_table).cap.address(); }

} // namespace sender_table
