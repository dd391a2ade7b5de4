// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A new thread, and where its message buffer is.
/// @stage{1}
#include "kernel/object/tcb.hpp"

#include "kernel/sched/hart.hpp"
/// @cond LAB3
#include "kernel/riscv/user_interrupt.hpp"
/// @endcond
/// @cond NONE
#include "kernel/sched/scheduler.hpp"
/// @endcond

Tcb& Tcb::create(PAddr address) {
    Tcb& tcb = *window<Tcb>(address);
    /// @cond LAB2
    tcb.ticks_left = config::ticks_per_slice;
    /// @endcond
    /// @cond NONE
    tcb.place.domain = static_cast<uint8_t>(sched::current_domain);
    /// @endcond
    /// @cond LAB3
    if (!user_interrupt::exist) // then a switch must not touch their registers
        tcb.special = Tcb::uses_interrupts;
    /// @endcond
    tcb.place.hart = static_cast<uint8_t>(this_hart().index);
    tcb.context.hart = &this_hart();
    return tcb;
}

abi::IpcBuffer* Tcb::buffer_for(bool writable) const {
    const Cap& cap = slot(buffer).cap;
    if (ipc_buffer == 0 || !cap.is<FrameCap>())
        return nullptr;
    const auto frame = cap.as<FrameCap>();
    const Word needed = abi::read | (writable ? abi::write : Word{0});
    if (frame.device() || (frame.rights() & needed) != needed)
        return nullptr;
    return window<abi::IpcBuffer>(frame.base() + (ipc_buffer & mask(frame.size_bits())));
}
