// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One operation of the kernel, in instructions: from the first instruction that leads into the
/// kernel (`ecall`, or the one that faults) to the last before the program goes on. Instructions
/// of user programs in between, a server's, are not counted.
///
///     rdcycle  ecall ... sret  rdcycle
///     before   | counted     | after          counted = after - before - 1
///
/// Read next: samples.hpp, sync.cpp.
/// @stage{none}
#pragma once

#include "user/lib/objects.hpp"

namespace bench {

using abi::CPtr;
using abi::Word;

/// A system call, and when it was made. timed.S knows the layout.
struct Trap {
    Word registers[6]; ///< a0 to a5; afterwards what the kernel left in them
    Word number;
    Word before;
    Word after;

    /// Instructions of the kernel, and of other threads that ran in between.
    [[nodiscard]] Word instructions() const { return after - before - 1; }
};
static_assert(sizeof(Trap) == 72);

extern "C" {
void timed_trap(Trap& trap);
void timed_fault(Trap& trap);
void timed_breakpoint(Trap& trap);
void timed_nothing(Trap& trap);
/// The life of a server. Writes `cycle` at every arrival of a message or signal.
[[noreturn]] void serve(CPtr object, volatile Word& arrival, abi::MessageInfo answer,
                        abi::Syscall number);
}

/// Instructions of serve() from the arrival to its next `ecall`, the reading included.
constexpr Word serve_instructions = 7;

/// A system call that is ready to be made.
inline Trap prepare(abi::Syscall number, CPtr object, const sel4::Message& message) {
    return {{object, message.info.word, message.words[0], message.words[1], message.words[2],
             message.words[3]},
            static_cast<Word>(number),
            0,
            0};
}

/// An invocation that is ready to be made.
template <class I, class... Caps>
Trap prepare(CPtr object, const I& arguments, Caps... caps) {
    return prepare(abi::Syscall::call, object,
                   sel4::place(sel4::info_of<I>, sel4::words_in(arguments),
                               std::array<CPtr, sizeof...(Caps)>{CPtr{caps}...}));
}

/// Makes an invocation that must succeed; answers its instructions, 0 if it failed.
template <class I, class... Caps>
Word timed_invoke(CPtr object, const I& arguments, Caps... caps) {
    Trap trap = prepare(object, arguments, caps...);
    timed_trap(trap);
    return abi::MessageInfo{trap.registers[1]}.label() == 0 ? trap.instructions() : 0;
}

} // namespace bench
