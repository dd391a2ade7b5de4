// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Extra records lie directly behind the page of the boot info, one after the other.
/// The device tree is read by the reader of the machine tests.
/// @stage{1}
#include "user/lib/boot_info.hpp"

#include "kernel/abi/object.hpp"
#include "platform/tests/lib/device_tree.hpp"
/// @cond LAB7
#include "user/lib/machine.hpp"
/// @endcond

namespace user {

namespace {

constinit const abi::BootInfo* info = nullptr;

DeviceTree device_tree() {
    const std::span<const uint8_t> blob = boot_record(abi::extra_device_tree);
    return blob.empty() ? DeviceTree{} : DeviceTree{blob.data()};
}

} // namespace

void remember_boot_info(const abi::BootInfo& given) { info = &given; }

const abi::BootInfo& boot_info() { return *info; }

std::span<const uint8_t> boot_record(Word id) {
    const uint8_t* at = reinterpret_cast<const uint8_t*>(info) + (Word{1} << abi::page_bits);
    const uint8_t* const end = at + info->extra_length;
    while (at + sizeof(abi::ExtraHeader) <= end) {
        const auto& header = *reinterpret_cast<const abi::ExtraHeader*>(at);
        if (header.id == id)
            return {at + sizeof header, header.length - sizeof header};
        at += header.length;
    }
    return {};
}

DeviceRegisters find_device(const char* compatible) {
    const DeviceTree tree = device_tree();
    const Node node = tree.compatible(compatible);
    return node.exists() ? DeviceRegisters{node.address(), node.size()} : DeviceRegisters{};
}

Word ticks_per_second() {
    return device_tree().named("cpus").property("timebase-frequency").cell(0);
}

const char* boot_arguments() {
    const DeviceTree tree = device_tree();
    return tree.named("chosen").property("bootargs").text();
}

Word boot_number(std::string_view name, Word otherwise) {
    std::string_view rest = boot_arguments();
    const size_t at = rest.find(name);
    if (at == rest.npos)
        return otherwise;
    Word number = 0;
    for (rest.remove_prefix(at + name.size()); !rest.empty(); rest.remove_prefix(1)) {
        if (rest[0] < '0' || rest[0] > '9')
            break;
        number = number * 10 + static_cast<Word>(rest[0] - '0');
    }
    return number;
}

Word ticks_for(Word million_instructions) {
    const Word pace = std::max(boot_number("pace=", 1000), Word{1});
    return ticks_per_second() * million_instructions / pace;
}

/// @cond LAB7
SipKey boot_seed() {
    const DeviceTree tree = device_tree();
    const Property seed = tree.named("chosen").property("rng-seed");
    if (seed.length() < sizeof(SipKey))
        return {machine::time(), 0};
    return {seed.double_cell(0), seed.double_cell(2)};
}
/// @endcond

} // namespace user
