// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From the first instruction of a root task to its main(): takes all memory and slots that boot
/// info names, and finds the two devices that the library uses.
/// Read next: program.hpp.
/// @stage{1}
/// @cond NONE
#include "kernel/lib/trace.hpp"
/// @endcond
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"

#include <stddef.h>

namespace user {

namespace {

constexpr Word slots = 8192; ///< that it takes at first
constinit Allocator::Record records[slots] = {};

/// Where nothing is mapped by the kernel: behind image, message buffer and boot info.
constexpr Word free_addresses = 0x10'0000'0000;

void take_memory(const abi::BootInfo& info) {
    allocator.take_slots(info.empty);
    for (CPtr cap = info.untyped.start; cap < info.untyped.end; cap++) {
        const abi::UntypedDescription& untyped = info.untypeds[cap - info.untyped.start];
        if (untyped.is_device == 0)
            allocator.take_untyped(cap, untyped.size_bits);
        else if (untyped.size_bits >= abi::page_bits)
            allocator.take_device_untyped(cap, untyped.size_bits, untyped.paddr);
    }
}

/// Maps the registers of the first such device. Address 0 if there is none.
struct MappedDevice {
    Word address = 0;
    DeviceFrame frame = {};
};
MappedDevice map_device(const char* compatible) {
    const DeviceRegisters device = find_device(compatible);
    const CPtr frame = device.exists() ? allocator.device_frame(device.paddr) : 0;
    const Word page = frame == 0 ? 0 : vspace.map_somewhere(frame);
    const Word offset = device.paddr % page_size;
    return page == 0 ? MappedDevice{} : MappedDevice{page + offset, {frame, offset}};
}

void find_devices() {
    const MappedDevice uart = map_device("ns16550a");
    uart_frame = uart.frame;
    console::use_uart(uart.address);
    machine::use_finisher(map_device("sifive,test0").address);
}

} // namespace

constinit Allocator allocator{records};
constinit VSpace vspace{allocator};
constinit DeviceFrame uart_frame = {};

void exit(unsigned code) { machine::exit(code); }

bool take_all_slots() {
    const CPtr page = allocator.make(ObjectType::mega_page);
    const Word address = page == 0 ? 0 : vspace.map_somewhere(page, abi::mega_page_bits);
    constexpr Word count = (Word{1} << abi::mega_page_bits) / sizeof(Allocator::Record);
    if (address != 0)
        allocator.take_more_slots({reinterpret_cast<Allocator::Record*>(address), count},
                                  boot_info().empty.end);
    return address != 0;
}

} // namespace user

static_assert(offsetof(abi::BootInfo, ipc_buffer) == 32, "root_start.S knows this offset");

extern "C" [[noreturn]] void start_root(const abi::BootInfo& info) {
    user::remember_boot_info(info);
    user::take_memory(info);
    user::vspace.take(abi::root_vspace, user::free_addresses, abi::user_top);
    user::find_devices();
    /// @cond NONE
    trace::named("root");
    /// @endcond
    user::exit(static_cast<unsigned>(main()));
}
