// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See card.hpp. The device tree says where virtio devices may be; the registers, what each is.
/// @stage{7}
#include "user/root/card.hpp"

#include "kernel/abi/invocation.hpp"
#include "platform/tests/lib/device_tree.hpp"
#include "user/lib/boot_info.hpp"

namespace root {

namespace {

constexpr uint32_t magic = 0x74726976; // "virt"
constexpr uint32_t network_card = 1;
constexpr unsigned most_places = 32;

struct Found {
    abi::CPtr frame = 0;
    abi::Word irq = 0;
};

/// Each place for a device is a page of registers, mapped only to look at it.
Found find_card() {
    const std::span<const uint8_t> blob = user::boot_record(abi::extra_device_tree);
    if (blob.empty())
        return {};
    const DeviceTree tree{blob.data()};
    for (unsigned i = 0; i < most_places; i++) {
        const Node place = tree.compatible("virtio,mmio", i);
        if (!place.exists())
            break;
        const abi::CPtr frame = user::allocator.device_frame(place.address());
        const abi::Word page = frame == 0 ? 0 : user::vspace.map_somewhere(frame);
        const volatile uint32_t* const registers = reinterpret_cast<volatile uint32_t*>(page);
        const bool found = page != 0 && registers[0] == magic && registers[2] == network_card;
        if (page != 0)
            sel4::page_unmap(frame);
        if (found)
            return {frame, place.property("interrupts").cell(0)};
        if (frame != 0)
            user::allocator.destroy(frame);
    }
    return {};
}

/// Its registers, and a handler of its interrupt.
bool give(user::Process& process, const Found& device, std::string_view registers,
          std::string_view interrupt) {
    if (device.frame == 0)
        return true;
    const abi::CPtr handler = user::allocator.slot();
    return handler != 0 &&
           sel4::invoke(abi::irq_control, abi::IrqControlGet{device.irq, handler, sel4::full_depth},
                        sel4::own_cnode) &&
           process.grant(registers, device.frame) && process.grant(interrupt, handler);
}

} // namespace

bool give_card(user::Process& process) { return give(process, find_card(), "net-card", "net-irq"); }
/// @cond NONE

bool give_clock(user::Process& process) {
    const std::span<const uint8_t> blob = user::boot_record(abi::extra_device_tree);
    if (blob.empty())
        return true;
    const DeviceTree tree{blob.data()};
    const Node clock = tree.compatible("google,goldfish-rtc", 0);
    if (!clock.exists())
        return true;
    const Found found = {user::allocator.device_frame(clock.address()),
                         clock.property("interrupts").cell(0)};
    return give(process, found, "clock", "clock-irq");
}
/// @endcond

} // namespace root
