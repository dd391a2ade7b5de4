// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread on another hart that has all its registers full of numbers drawn by chance, and counts
/// in s1; it is interrupted at any moment, and each register must keep what it has.
/// Read next: spinner.cpp.
#pragma once

#include "user/tests/uintr.hpp"

/// uscratch of the calling thread.
[[nodiscard]] inline Word own_scratch() {
    Word value;
    asm volatile("csrr %0, 0x040" : "=r"(value));
    return value;
}

/// Changes every register that a function may change.
inline void spoil_registers() {
    asm volatile("li t0, -5\n li t1, -6\n li t2, -7\n li t3, -28\n li t4, -29\n li t5, -30\n"
                 "li t6, -31\n li a0, -10\n li a1, -11\n li a2, -12\n li a3, -13\n li a4, -14\n"
                 "li a5, -15\n li a6, -16\n li a7, -17\n li ra, -1"
                 :
                 :
                 : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3", "a4",
                   "a5", "a6", "a7", "memory");
}

class Spinner {
public:
    /// Interrupts go to `entry`. Fails the test at the first register that is lost.
    void spin_in_storm(void (*entry)(), rt::Interrupted& state,
                       const Place& place = Place::current());

private:
    static constexpr Word stack_words = 512;

    void begin(void (*entry)(), rt::Interrupted& state);
    /// Stops it and looks at it if it is not in the entry; lets it go on. False if a register is
    /// lost.
    bool look(const Place& place);

    Draw draw_{test::seed()};
    abi::UserContext registers_ = {};
    Word looks_ = 0;
    alignas(16) Word stack_[stack_words] = {};
    user::Thread thread_; ///< last: it stops before its stack goes
};
