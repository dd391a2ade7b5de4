// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is the same however faults are told.
/// @stage{2}
#include "user/lib/fault.hpp"

namespace user {

const char* text(abi::Fault fault) {
    switch (fault) {
    case abi::Fault::none:
        return "no fault";
    case abi::Fault::capability:
        return "a capability that is not there";
    case abi::Fault::unknown_syscall:
        return "an unknown system call";
    case abi::Fault::user_exception:
        return "an exception";
    case abi::Fault::vm:
        return "an access to memory that is not mapped";
    }
    return "an unknown fault";
}

} // namespace user
