// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for the kernel in host tests, as far as a thread that parks asks for it: the machine
/// of labs/5-runtime/tests/stand_in/machine.hpp answers.
/// Read next: machine.hpp.
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/invocation.hpp"
#include "labs/5-runtime/tests/stand_in/machine.hpp"

namespace sel4 {

using abi::CPtr;
using abi::Word;

struct Result {
    explicit constexpr operator bool() const { return true; }
    Word words[5] = {};
};

/// Every invocation succeeds; a receiver's kernel vector, and a sender's entry, are these.
template <class I, class... Caps>
Result invoke(CPtr object, const I& /*arguments*/, Caps... /*caps*/) {
    return {.words = {machine::current->answer(object)}};
}

inline Word uintr_park(Word sender = abi::no_sender, Word deadline = 0) {
    return machine::current->park(sender, deadline);
}
inline Word wait(CPtr notification) { return machine::current->wait(notification); }
inline Word poll(CPtr notification) { return machine::current->poll(notification); }
inline void signal(CPtr notification) { machine::current->signal(notification); }
inline void yield() {}
/// @cond LAB6
inline void uintr_wake_syscall_handler() {}
/// @endcond

} // namespace sel4
