// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Learns of what happens to other threads and programs: their faults (an access to memory that is
/// not mapped, an illegal instruction, an unknown system call), and signals they send.
/// The two profiles of the kernel tell faults differently; the build chooses the source.
/// @cond NONE
/// fault_endpoint.cpp is for PROFILE=sel4.
/// @endcond
/// Read next: fault_buffer.cpp; kernel/abi/error.hpp.
/// @stage{2}
#pragma once

#include "kernel/abi/error.hpp"
#include "user/lib/vspace.hpp"

namespace abi {
struct FaultBuffer;
}

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
    /// False if its objects cannot be made, or mapped in `space`, which is this program's.
    bool create(Allocator& memory, VSpace& space);

    /// Watches a thread from now on. The badge tells threads apart. A thread that has handler() as
    /// its fault handler already, with a badge of its own, stays as it is.
    [[nodiscard]] bool attach(CPtr tcb, Word badge = 0) const;
    /// @cond NONE
    /// PROFILE=sel4: the endpoint that must be a thread's fault handler from its configuration on,
    /// in the thread's own CSpace. 0: none is needed.
    /// @endcond
    [[nodiscard]] CPtr handler() const { return handler_; }

    /// A notification whose signals are told too.
    [[nodiscard]] CPtr notification() const { return notification_; }

    /// The next fault, if there is one. The thread stays stopped.
    [[nodiscard]] bool poll(Event& event);

    /// Waits for a fault or a signal. Only the thread that called create() may do this.
    [[nodiscard]] Event wait();

private:
    /// What is shared with the kernel where faults are records.
    struct Ring {
        Allocator* memory = nullptr;
        CPtr frame = 0;
        abi::FaultBuffer* buffer = nullptr;
        Word signalled = 0; ///< badges that wait() has received and not told yet
    };

    CPtr handler_ = 0;
    CPtr notification_ = 0;
    [[maybe_unused]] Ring ring_;
};

} // namespace user
