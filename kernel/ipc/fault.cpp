// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The four kinds of faults, and the words that describe them.
/// @stage{2}
#include "kernel/ipc/fault.hpp"

namespace fault {

namespace {

void raise(Tcb& tcb, abi::Fault type, Word first, Word second) {
    tcb.fault.type = type;
    tcb.fault.words[0] = first;
    tcb.fault.words[1] = second;
    deliver(tcb);
}

Word capability_words(const Tcb& tcb, Word (&words)[most_words]) {
    const LookupFault& lookup = tcb.fault.lookup;
    words[1] = tcb.fault.words[0];
    words[2] = tcb.fault.in_receive ? 1 : 0;
    words[3] = static_cast<Word>(lookup.type);
    words[4] = lookup.bits_left;
    words[5] = lookup.detail;
    words[6] = lookup.guard_size;
    switch (lookup.type) {
    case abi::LookupFailure::none:
    case abi::LookupFailure::invalid_root:
        return 4;
    case abi::LookupFailure::missing_capability:
        return 5;
    case abi::LookupFailure::depth_mismatch:
        return 6;
    case abi::LookupFailure::guard_mismatch:
        return 7;
    }
    return 4;
}

} // namespace

void capability(Tcb& tcb, CPtr cptr, bool in_receive, const LookupFault& lookup) {
    tcb.fault.in_receive = in_receive;
    tcb.fault.lookup = lookup;
    raise(tcb, abi::Fault::capability, cptr, 0);
}

void unknown_syscall(Tcb& tcb, Word number) { raise(tcb, abi::Fault::unknown_syscall, number, 0); }

void user_exception(Tcb& tcb, Word cause) { raise(tcb, abi::Fault::user_exception, cause, 0); }

void memory(Tcb& tcb, VAddr address, Word status) {
    raise(tcb, abi::Fault::vm, address.value, status);
}

Word words(const Tcb& tcb, Word (&words)[most_words]) {
    const Context& context = tcb.context;
    words[0] = context[Context::pc];
    switch (tcb.fault.type) {
    case abi::Fault::none:
        return 0;
    case abi::Fault::capability:
        return capability_words(tcb, words);
    case abi::Fault::unknown_syscall:
        words[1] = context[Context::sp];
        words[2] = context[Context::ra];
        for (unsigned i = 0; i < 7; i++)
            words[3 + i] = context[Context::a0 + i];
        words[10] = tcb.fault.words[0];
        return 11;
    case abi::Fault::user_exception:
        words[1] = context[Context::sp];
        words[2] = tcb.fault.words[0];
        words[3] = 0;
        return 4;
    case abi::Fault::vm:
        words[1] = tcb.fault.words[0];
        words[2] = tcb.fault.words[1] == abi::fault_status_instruction ? 1 : 0;
        words[3] = tcb.fault.words[1];
        return 4;
    }
    return 0;
}

} // namespace fault
