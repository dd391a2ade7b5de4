// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sets of addresses, and what is taken out of them.
/// @stage{1}
#include "kernel/boot/free_memory.hpp"

#include "kernel/lib/print.hpp"
#include "kernel/lib/window.hpp"
#include "kernel/riscv/sbi.hpp"

#include <cstring>

namespace {

/// User programs can be given registers of devices up to here.
constexpr PAddr device_end(Word{1} << 39);

void remove_all(Regions& regions, const Regions& removed) {
    for (const Range& range : removed)
        regions.remove(range);
}

} // namespace

FreeMemory::FreeMemory(const Machine& machine, Range kernel) : rest_(machine.memory) {
    remove_all(rest_, machine.reserved);
    rest_.remove(kernel);
    rest_.remove({window_end, PAddr(~Word{0})});
    usable_ = rest_;
    usable_.remove(machine.initrd);
    usable_.remove(machine.device_tree);
}

PAddr FreeMemory::take(Word size, unsigned alignment_bits) {
    const auto start = usable_.take(size, alignment_bits);
    if (!start) {
        println("root task: there is not enough memory for it");
        sbi::stop_machine(sbi::Stop::failure);
    }
    rest_.remove(Range::sized(*start, size));
    memset(window<char>(*start), 0, size);
    return *start;
}

Regions user_devices(const Machine& machine) {
    Regions devices;
    devices.add({PAddr(0), device_end});
    remove_all(devices, machine.memory);
    remove_all(devices, machine.reserved);
    for (const Range& range : {machine.plic, machine.clint, machine.uintc})
        devices.remove(range);
    return devices;
}
