// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Registering, sleeping, and finding out who has notified.
/// @stage{5}
#include "runtime/notified.hpp"

#include "kernel/lib/todo.hpp"
#include "runtime/bits.hpp"
#include "runtime/riscv/user_interrupt.hpp"
#include "user/lib/invoke.hpp"

namespace rt {

// Your own helpers: begin
// Your own helpers: end

Notified::Notified(Executor& executor, const Objects& objects)
    : executor_(executor), objects_(objects) {
    if (objects.control == 0)
        return;
    const auto receiver = sel4::invoke(objects.notification, abi::UintrRegisterReceiver{},
                                       objects.tcb, objects.control, objects.page);
    if (!receiver)
        return;
    sel4::invoke(objects.tcb, abi::TcbSetSenderTable{}, objects.senders, objects.control);
    registered_ = true;
    kernel_vector_ = Word{1} << receiver.words[0];
    executor.on_unknown(
        [](void* self, Word vectors) { static_cast<Notified*>(self)->take(vectors); }, this);
    enable_interrupts(rt_entry_that_notes, executor.interrupted());
}

void Notified::expect(Connection& connection, Word badge) {
    connection.badge_ = badge;
    connection.next_expected_ = std::exchange(expected_[lowest_bit(badge)], &connection);
    for (Word rest = attached_; rest != 0; rest &= rest - 1) { // somebody else may have its vector
        if (badges_[lowest_bit(rest)] == badge)
            return executor_.attach(connection, lowest_bit(rest));
    }
    executor_.look_at(connection); // there may be something already
}

void Notified::forget(Connection& connection) {
    executor_.detach(connection);
    if (const Word badge = std::exchange(connection.badge_, 0)) {
        Connection** link = &expected_[lowest_bit(badge)];
        while (*link != &connection)
            link = &(*link)->next_expected_;
        *link = connection.next_expected_;
    }
    look_for_changes();
}

/// @cond LAB6
bool Notified::attach(Connection& connection, CPtr notification, const Objects& objects) {
    if (!registered_)
        return false;
    const auto receiver = sel4::invoke(notification, abi::UintrRegisterReceiver{}, objects.tcb,
                                       objects.control, objects.page);
    if (receiver)
        executor_.attach(connection, static_cast<unsigned>(receiver.words[0]));
    return static_cast<bool>(receiver);
}

void Notified::enter_kernel() { sel4::uintr_wake_syscall_handler(); }
/// @endcond

Word Notified::sleep(Word deadline) {
    /// @cond LAB6
    if (std::exchange(calls_due_, false)) {
        counts_.traps++;
        enter_kernel();
        return 0;
    }
    /// @endcond
    return park(deadline);
}

/// @lab{5.7} a last look with interrupts off; then sleep
Word Notified::park(Word deadline) {
    if (!registered_)
        return wait(deadline);
    if (objects_.hint != nullptr)
        objects_.hint->word.store_relaxed(Hint::make(objects_.hart, objects_.priority));
    forbid_interrupts();
    Word vectors = 0;
    if (!executor_.noted()) { // the last look: from here on interrupts only wake
        counts_.traps++;
        vectors = sel4::uintr_park(due_, deadline);
    } else if (due_ != abi::no_sender)
        send(due_);
    due_ = abi::no_sender;
    allow_interrupts();
    if (objects_.hint != nullptr)
        objects_.hint->word.store_relaxed(0);
    return vectors;
}

/// Without user interrupts there are badges, and no deadlines: who has one looks again and again.
Word Notified::wait(Word deadline) {
    counts_.traps++;
    const Word badges =
        deadline == 0 ? sel4::wait(objects_.notification) : sel4::poll(objects_.notification);
    if (badges == 0)
        sel4::yield();
    take_badges(badges);
    if (badges != 0 && on_signal_ != nullptr)
        on_signal_(signal_context_, badges);
    return 0;
}

/// Vectors that the executor does not know: the kernel's, and those of new badges.
void Notified::take(Word vectors) {
    if ((vectors & kernel_vector_) != 0) {
        // It may have given vectors anew. That is signalled before they are used.
        look_for_changes();
        take_badges(sel4::poll(objects_.notification));
    }
    for (Word rest = vectors & ~kernel_vector_; rest != 0; rest &= rest - 1)
        resolve(lowest_bit(rest));
}

void Notified::look() {
    const Word vectors = executor_.interrupted().take();
    if (registered_)
        executor_.take(vectors | take_pending());
    else
        take_badges(sel4::poll(objects_.notification));
}

/// Attaches a vector to the connections whose badge it has; or, if several badges share it, lets
/// all of theirs be looked at.
void Notified::resolve(unsigned vector) {
    const Word badge = objects_.badges->badges[vector];
    if (!expecting(badge))
        return take_badges(badge);
    for (Connection* each = expected_[lowest_bit(badge)]; each != nullptr;
         each = each->next_expected_) {
        if (each->badge_ == badge)
            executor_.attach(*each, vector);
    }
    attached_ |= Word{1} << vector;
    badges_[vector] = badge;
}

void Notified::look_for_changes() {
    for (Word rest = attached_; rest != 0; rest &= rest - 1) {
        const unsigned vector = lowest_bit(rest);
        if (expecting(badges_[vector]) && objects_.badges->badges[vector] == badges_[vector])
            continue;
        executor_.release(vector);
        attached_ &= ~(Word{1} << vector);
        resolve(vector);
    }
}

bool Notified::expecting(Word badge) const {
    const Connection* each = badge == 0 ? nullptr : expected_[lowest_bit(badge)];
    while (each != nullptr && each->badge_ != badge)
        each = each->next_expected_;
    return each != nullptr;
}

void Notified::take_badges(Word badges) {
    Word unexpected = badges;
    for (Word rest = badges; rest != 0; rest &= rest - 1) {
        for (Connection* each = expected_[lowest_bit(rest)]; each != nullptr;
             each = each->next_expected_) {
            if ((each->badge_ & ~badges) != 0)
                continue;
            executor_.look_at(*each);
            unexpected &= ~each->badge_;
        }
    }
    if (unexpected != 0 && on_signal_ != nullptr)
        on_signal_(signal_context_, unexpected);
}

bool Peer::register_sender() {
    const auto sender = sel4::invoke(notification_, abi::UintrRegisterSender{});
    if (sender)
        sender_ = sender.words[0];
    return static_cast<bool>(sender);
}

/// Does it sleep on this hart, and is it not more important?
bool Peer::can_wait() const {
    const Word hint = hint_ == nullptr ? 0 : hint_->word.load_relaxed();
    return (hint & Hint::parked) != 0 && (hint >> 8 & 0xff) == self_.objects_.hart &&
           (hint & 0xff) <= self_.objects_.priority;
}

void Peer::notify() {
    self_.counts_.notifications++;
    if (sender_ == abi::no_sender && (!self_.registered_ || !register_sender())) {
        self_.counts_.traps++;
        return sel4::signal(notification_);
    }
    if (!can_wait())
        return send(sender_);
    if (self_.due_ != abi::no_sender)
        send(self_.due_);
    self_.due_ = sender_;
}

bool Peer::alive() { return register_sender(); }

} // namespace rt
