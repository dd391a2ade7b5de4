// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The registers of user interrupts as values, and a second address space that shows the same
/// program: threads there run functions of the tests, and what they note in global variables can be
/// read here. Stacks and message buffers are each space's own.
/// Read next: uintr_isolation.cpp.
/// @stage{3}
#pragma once

#include "user/tests/uintr.hpp"

/// What a program can write of them. uip is apart: only hardware's part of it matters.
struct UserState {
    Word utvec;
    Word uscratch;
    Word uepc;
    Word ucause;
    Word utval;
    Word uie;
    Word ustatus;

    bool operator==(const UserState&) const = default;

    [[nodiscard]] static UserState now() {
        UserState state;
        asm volatile("csrr %0, 0x005\ncsrr %1, 0x040\ncsrr %2, 0x041\ncsrr %3, 0x042\n"
                     "csrr %4, 0x043\ncsrr %5, 0x004\ncsrr %6, 0x000"
                     : "=&r"(state.utvec), "=&r"(state.uscratch), "=&r"(state.uepc),
                       "=&r"(state.ucause), "=&r"(state.utval), "=&r"(state.uie),
                       "=&r"(state.ustatus)
                     :
                     : "memory");
        return state;
    }
    void set() const {
        asm volatile("csrw 0x005, %0\ncsrw 0x040, %1\ncsrw 0x041, %2\ncsrw 0x042, %3\n"
                     "csrw 0x043, %4\ncsrw 0x004, %5\ncsrw 0x000, %6"
                     :
                     : "r"(utvec), "r"(uscratch), "r"(uepc), "r"(ucause), "r"(utval), "r"(uie),
                       "r"(ustatus)
                     : "memory");
    }
    /// Registers full of numbers that hold `tag` in their upper half, and can be written: no
    /// reserved mode in utvec, no odd address in uepc.
    [[nodiscard]] static UserState of(Word tag, Draw& draw) {
        const auto word = [&] { return tag << 32 | draw.below(1U << 30) << 2; };
        return {word(),
                word(),
                word(),
                word(),
                word(),
                draw.below(2),
                draw.below(2) | draw.below(2) << 4};
    }
    /// Is everything in it zero, or a number with this tag? The last two are too small to tell.
    [[nodiscard]] bool only_of(Word tag) const {
        bool good = true;
        for (const Word word : {utvec, uscratch, uepc, ucause, utval})
            good = good && (word == 0 || word >> 32 == tag);
        return good;
    }
    /// Fails the test if it is not zero.
    void expect_zero(const char* what, const Place& place = Place::current()) const {
        for (const Word word : {utvec, uscratch, uepc, ucause, utval, uie, ustatus})
            expect_equal(what, 0, word, place);
    }
};

/// Calls a function for each register, or pair, with what it expected and found.
inline bool expect_state(const char* what, const UserState& expected, const UserState& got,
                         const Place& place = Place::current()) {
    return expect_equal(what, expected.utvec, got.utvec, place) &&
           expect_equal(what, expected.uscratch, got.uscratch, place) &&
           expect_equal(what, expected.uepc, got.uepc, place) &&
           expect_equal(what, expected.ucause, got.ucause, place) &&
           expect_equal(what, expected.utval, got.utval, place) &&
           expect_equal(what, expected.uie, got.uie, place) &&
           expect_equal(what, expected.ustatus, got.ustatus, place);
}

/// The second address space.
class OtherSpace {
public:
    bool create(const Place& place = Place::current());
    /// Creates a thread there; answers its TCB.
    CPtr create_thread(Word priority, const Place& place = Place::current());
    /// Lets the thread that was created last run a function, which does not return. It sees global
    /// variables, and nothing that is on a stack of this space.
    void start(void (*function)(Word), Word argument = 0, const Place& place = Place::current());

private:
    user::VSpace space_{allocator};
    CPtr tcb_ = 0;
    Word stack_end_ = 0;
    Word buffer_ = 0;
};
