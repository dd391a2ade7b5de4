// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See alarm.hpp.
/// @stage{none}
#include "user/netsrv/alarm.hpp"

#include "kernel/abi/invocation.hpp"
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"
#include "user/netsrv/start.hpp"

namespace netsrv {

using abi::CPtr;
using abi::Word;

bool Alarm::start(CPtr notification, Word badge) {
    const CPtr frame = user::granted("clock");
    irq_ = user::granted("clock-irq");
    if (frame == 0 || irq_ == 0 || attach_interrupt(irq_, notification, badge) == 0)
        return false;
    registers_ = reinterpret_cast<volatile uint32_t*>(user::vspace.map_somewhere(frame));
    if (registers_ == nullptr)
        return false;
    registers_[irq_enabled] = 1;
    return true;
}

void Alarm::set(Word milliseconds) {
    const Word low = registers_[time_low];
    const Word now = Word{registers_[time_high]} << 32 | low;
    const Word then = now + milliseconds * 1'000'000;
    registers_[alarm_high] = static_cast<uint32_t>(then >> 32);
    registers_[alarm_low] = static_cast<uint32_t>(then);
}

void Alarm::acknowledge() {
    registers_[clear_interrupt] = 1;
    sel4::invoke(irq_, abi::IrqHandlerAck{});
}

} // namespace netsrv
