// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests in the kernel begin with: threads, notifications and tables in memory of the
/// test, while hart 0 runs its idle thread; and the registers of receivers as the real controller
/// shows them.
/// Read next: labs/lib/kernel_test.hpp.
#pragma once

#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/scheduler.hpp"
#include "labs/lib/kernel_test.hpp"

using namespace kernel_test; // NOLINT(google-build-using-namespace): for tests only

constexpr Word bit(Word vector) { return Word{1} << vector; }

/// What stands in register LOW.
constexpr Word mode_off = 2;
constexpr Word mode_wake = 6;
constexpr Word mode_active = 3;

/// Makes objects. The next test has others.
class Setting {
public:
    Setting();
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;
    /// No receiver that a test used is Active, and this hart receives and sends nothing.
    ~Setting();

    /// A slot with a capability that was derived from no other.
    Slot& slot(const Cap& cap);
    Slot& thread();
    Slot& notification();
    Slot& table();
    /// A capability with this badge, derived from one to a notification.
    Slot& badged(Slot& notification, Word badge);

    /// A thread that has receiver `index` of the controller, as far as a switch looks at it.
    Tcb& with_receiver(Word index);

    /// Registers `thread` as receiver of `notification`; answers the kernel's vector.
    Word receives(Slot& notification, Slot& thread);
    /// The index of a new registration, in the table of the thread that sends.
    Word sender(Slot& cap, Slot& table);

    [[nodiscard]] static Tcb& tcb(const Slot& slot) { return slot.cap.as<ThreadCap>().object(); }
    [[nodiscard]] static NotificationCap cap(const Slot& slot) {
        return slot.cap.as<NotificationCap>();
    }
    [[nodiscard]] static UintcReceiver& hardware(const Slot& thread) {
        return *tcb(thread).receiver.registers;
    }

private:
    Slot& control_;
    Slot& page_;
    Slot& sender_;
};

/// Register LOW of a receiver.
[[nodiscard]] inline Word low(Word index) {
    return reinterpret_cast<const volatile Word*>(&uintc::receiver(index))[1];
}

/// Is a user software interrupt pending on this hart?
[[nodiscard]] inline bool interrupt_pending() {
    return (csr::read<csr::sip>() & interrupt::user_software) != 0;
}

/// Numbers that look drawn by chance, the same for the same seed.
class Draw {
public:
    Word word() {
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        return state_ ^ state_ >> 29;
    }
    /// Less than `end`.
    Word below(Word end) { return (word() >> 16) % end; }

private:
    Word state_ = seed() * 2 + 1;
};
