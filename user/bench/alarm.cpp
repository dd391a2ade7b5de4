// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Registers of the clock; a time is read low word first, which latches the high one, and set high
/// word first.
/// @stage{none}
#include "user/bench/alarm.hpp"

#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"

namespace bench {

using abi::Word;

namespace {

constexpr Word time_low = 0x00;
constexpr Word time_high = 0x04;
constexpr Word alarm_low = 0x08;
constexpr Word alarm_high = 0x0c;
constexpr Word interrupt_enabled = 0x10;
constexpr Word clear_interrupt = 0x1c;

/// Of QEMU's board; the device tree's reader does not tell interrupts.
constexpr Word line = 11;

} // namespace

bool Alarm::create(abi::CPtr notification) {
    const user::DeviceRegisters device = user::find_device("google,goldfish-rtc");
    const abi::CPtr frame = device.exists() ? user::allocator.device_frame(device.paddr) : 0;
    registers_ = frame == 0 ? 0 : user::vspace.map_somewhere(frame);
    handler_ = user::allocator.slot();
    return registers_ != 0 &&
           sel4::invoke(abi::irq_control, abi::IrqControlGet{line, handler_, sel4::full_depth},
                        sel4::own_cnode) &&
           sel4::invoke(handler_, abi::IrqHandlerSetNotification{}, notification);
}

Word Alarm::now() const {
    const Word low = at(time_low);
    return Word{at(time_high)} << 32 | low;
}

void Alarm::set(Word time) {
    at(interrupt_enabled) = 1;
    at(alarm_high) = static_cast<uint32_t>(time >> 32);
    at(alarm_low) = static_cast<uint32_t>(time);
}

void Alarm::acknowledge() {
    at(clear_interrupt) = 1;
    sel4::invoke(handler_, abi::IrqHandlerAck{});
}

} // namespace bench
