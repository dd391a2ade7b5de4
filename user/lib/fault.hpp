// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Learns of what happens to other threads and programs: their faults (an access to memory that is
/// not mapped, an illegal instruction, an unknown system call), and signals they send.
/// The two profiles of the kernel tell faults differently; the build chooses the source.
/// @cond NONE
/// fault_endpoint.cpp is for PROFILE=sel4.
/// @endcond
/// Read next: fault_none.cpp; kernel/abi/error.hpp.
/// @stage{2}
#pragma once

#include "kernel/abi/error.hpp"
#include "user/lib/allocator.hpp"

namespace user {

/// One fault of a thread; or, if its type is none, signals.
struct Event {
    abi::Fault fault = abi::Fault::none;
    Word badge = 0; ///< of the capability that the thread has for its fault handler, or signalled
    Word pc = 0;
    Word detail = 0; ///< vm: address; user_exception: scause; capability: pointer; else a7
};

/// One line of text for people.
const char* text(abi::Fault fault);

class FaultWatch {
public:
    /// False if its objects cannot be made.
    bool create(Allocator& memory);

    /// The capability to give threads as their fault handler; copies with badges tell threads
    /// apart. 0: this kernel tells nobody.
    [[nodiscard]] CPtr handler() const { return handler_; }
    /// A notification whose signals are told too.
    [[nodiscard]] CPtr notification() const { return notification_; }

    /// The next fault, if there is one. The thread stays stopped.
    bool poll(Event& event) const;

    /// Waits for a fault or a signal. Only the thread that called create() may do this.
    [[nodiscard]] Event wait() const;

private:
    CPtr handler_ = 0;
    CPtr notification_ = 0;
};

} // namespace user
