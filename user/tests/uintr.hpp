// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts for tests: a thread that is registered, and the sender entries of the test.
///
///     Registered receiver;                      // a notification that interrupts this thread
///     receiver.enable();
///     const Word index = sender(receiver.notification(7));
///     rt::send(index);                          // receiver.taken() has the vector of badge 7
///
/// Read next: runtime/riscv/user_interrupt.hpp, kernel/abi/user_interrupt.hpp.
/// @stage{3}
#pragma once

#include "runtime/riscv/user_interrupt.hpp"
#include "user/lib/boot_info.hpp"
#include "user/tests/harts.hpp"

/// A vector among others.
constexpr Word bit(Word vector) { return vector < abi::user_vectors ? Word{1} << vector : 0; }

/// What the boot info says of user interrupts.
inline const abi::UserInterruptInfo& user_interrupts() {
    return *reinterpret_cast<const abi::UserInterruptInfo*>(
        user::boot_record(abi::extra_user_interrupts).data());
}

/// Are there user interrupts? If not the test is skipped.
inline bool interrupts_exist() {
    if (user_interrupts().receivers != 0)
        return true;
    skip("the machine has no user interrupts");
    return false;
}

/// Does one wake a thread that waits in the kernel, or must its sender park with it?
inline bool interrupts_wake() {
    if (interrupts_exist() && user_interrupts().wakes != 0)
        return true;
    skip("no user interrupt wakes a thread");
    return false;
}

inline Result register_receiver(CPtr notification, CPtr tcb, CPtr page) {
    return invoke(notification, abi::UintrRegisterReceiver{}, tcb, user_interrupts().control, page);
}

inline Result register_sender(CPtr notification) {
    return invoke(notification, abi::UintrRegisterSender{});
}

inline Result set_sender_table(CPtr tcb, CPtr table) {
    return invoke(tcb, abi::TcbSetSenderTable{}, table, user_interrupts().control);
}

/// A notification and badge page that are registered for a thread.
class Registered {
public:
    explicit Registered(CPtr tcb = own_thread(), const Place& place = Place::current())
        : notification_(make(ObjectType::notification)), page_(make(ObjectType::page)),
          badges_(map(page_)) {
        const Result result = register_receiver(notification_, tcb, page_);
        if (expect_success("a receiver is registered", result, place))
            kernel_vector_ = result.words[0];
    }

    [[nodiscard]] CPtr notification() const { return notification_; }
    /// A capability to it with this badge.
    [[nodiscard]] CPtr badged(Word badge) const { return ::badged(notification_, badge); }
    [[nodiscard]] CPtr page() const { return page_; }
    [[nodiscard]] Word kernel_vector() const { return kernel_vector_; }
    /// What the badge page says of a vector.
    [[nodiscard]] Word badge_of(Word vector) const { return badges_[vector]; }
    /// The vector that has this badge; 64 if none has.
    [[nodiscard]] Word vector_of(Word badge) const {
        Word vector = 0;
        while (vector < abi::user_vectors && badges_[vector] != badge)
            vector++;
        return vector;
    }

private:
    CPtr notification_;
    CPtr page_;
    volatile Word* badges_;
    Word kernel_vector_ = abi::user_vectors;
};

/// Gives the test's own thread a sender table if it has none.
inline void need_sender_table(CPtr tcb = own_thread(), const Place& place = Place::current()) {
    expect_success("a sender table", set_sender_table(tcb, make(ObjectType::sender_table)), place);
}

/// The index of a new sender entry of the calling thread.
inline Word sender(CPtr notification, const Place& place = Place::current()) {
    const Result result = register_sender(notification);
    expect_success("a sender is registered", result, place);
    return result.words[0];
}
