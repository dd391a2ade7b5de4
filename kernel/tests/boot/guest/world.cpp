// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A root task that compares the world in which it wakes up with what kernel/abi/boot_info.hpp
/// says. It has no memory but its own and finds UART and finisher by itself, so it needs little of
/// the kernel to be right. Writes TAP; ends the machine with exit code 0 or 1.
/// Read next: kernel/tests/boot/test_boot.py, which starts it.
/// @stage{none}
#include "kernel/abi/boot_info.hpp"
#include "kernel/abi/user_interrupt.hpp"
#include "kernel/config.hpp"
#include "platform/tests/lib/device_tree.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/objects.hpp"

#include <algorithm>
#include <span>

extern "C" {
extern abi::Word first_registers[32];
[[noreturn]] void look(const abi::BootInfo& info);
}

constinit abi::Word first_registers[32] = {};

namespace {

using abi::SlotRegion;
using abi::UntypedDescription;
using abi::Word;

constexpr Word page = Word{1} << abi::page_bits;
constexpr Word image_start = 0x10000; // user/lib/program.ld
constexpr Word own_slots = 1000;      // used by this program, counted from info.empty.start

constinit unsigned tests = 0;
constinit unsigned failures = 0;

void check(bool condition, const char* name) {
    tests++;
    failures += condition ? 0 : 1;
    println(condition ? "ok " : "not ok ", tests, " - ", name);
}

std::span<const UntypedDescription> untypeds(const abi::BootInfo& info) {
    return {info.untypeds, info.untyped.end - info.untyped.start};
}

Word size_of(const UntypedDescription& untyped) { return Word{1} << untyped.size_bits; }

bool contains(const UntypedDescription& untyped, Word address) {
    return untyped.paddr <= address && address - untyped.paddr < size_of(untyped);
}

/// Is the address in an untyped of this kind?
bool is_given(const abi::BootInfo& info, Word address, bool device) {
    return std::ranges::any_of(untypeds(info), [=](const UntypedDescription& untyped) {
        return contains(untyped, address) && (untyped.is_device != 0) == device;
    });
}

/// Maps one page of device registers behind all that the kernel mapped; `number` tells several
/// apart. Objects of an untyped are made from its start on, so everything before the page is, too.
Word map_device(const abi::BootInfo& info, Word paddr, Word number) {
    const auto list = untypeds(info);
    const auto found = std::ranges::find_if(
        list, [=](const UntypedDescription& one) { return contains(one, paddr); });
    if (found == list.end())
        return 0;
    const Word untyped = info.untyped.start + static_cast<Word>(found - list.begin());
    Word slot = info.empty.start + number * own_slots;
    for (Word left = (paddr - found->paddr) / page + 1; left > 0;) {
        const Word count = std::min(left, abi::retype_limit);
        if (!sel4::untyped_retype(untyped, abi::ObjectType::page, 0, slot, count))
            return 0;
        slot += count;
        left -= count;
    }
    const Word behind = reinterpret_cast<Word>(&info) + page +
                        (info.extra_frames.end - info.extra_frames.start) * page;
    const Word vaddr = behind + number * page;
    return sel4::page_map(slot - 1, abi::root_vspace, vaddr, abi::read | abi::write) ? vaddr : 0;
}

DeviceTree device_tree(const abi::BootInfo& info) {
    const auto* header =
        reinterpret_cast<const abi::ExtraHeader*>(reinterpret_cast<const uint8_t*>(&info) + page);
    return DeviceTree(header + 1);
}

void check_start(const abi::BootInfo& info) {
    bool zero = true;
    for (unsigned i = 1; i < 32; i++)
        zero = zero && (i == 10 || first_registers[i] == 0);
    check(zero, "every register but a0 is 0");
    check(info.ipc_buffer + page == reinterpret_cast<Word>(&info),
          "boot info lies behind the message buffer");
    const Word frames = info.image_frames.end - info.image_frames.start;
    check(info.ipc_buffer == image_start + frames * page,
          "the message buffer lies behind the image, all of which has frames");
    check(info.node_id == 0 && info.domain == 0, "it runs on hart 0, in domain 0");
}

bool follow(std::initializer_list<SlotRegion> regions) {
    return std::ranges::adjacent_find(regions, [](const SlotRegion& a, const SlotRegion& b) {
               return a.end != b.start || a.start > a.end;
           }) == regions.end();
}

void check_slots(const abi::BootInfo& info) {
    check(info.image_page_tables.start == abi::first_free_slot, "dynamic slots begin at 16");
    check(follow({info.image_page_tables, info.extra_frames, info.image_frames, info.untyped,
                  info.empty}),
          "page tables, extra frames, image frames, untypeds and empty slots follow each other");
    check(info.empty.end == Word{1} << info.cnode_bits, "empty slots go up to the end");
    check(info.cnode_bits == config::root_cnode_bits ||
              info.empty.start * 4 > Word{1} << (info.cnode_bits - 1),
          "the CNode has as many slots as the kernel is configured for, or as many more as are "
          "needed");
    // One table for the GiB, one for each 2 MiB.
    const Word end = reinterpret_cast<Word>(&info) +
                     page * (1 + info.extra_frames.end - info.extra_frames.start);
    const Word tables = 1 + ((end - 1) >> 21) - (image_start >> 21) + 1;
    check(info.image_page_tables.end - info.image_page_tables.start == tables,
          "there are as many page tables as the image needs");
}

/// The physical address of a frame; all ones if the slot holds no frame.
Word address_of(Word slot) {
    const auto result = sel4::invoke(slot, abi::PageGetAddress{});
    return result ? result.words[0] : ~Word{0};
}

void check_frames(const abi::BootInfo& info) {
    bool good = true;
    for (Word slot = info.image_frames.start; slot < info.image_frames.end; slot++)
        good = good && address_of(slot) != ~Word{0} && !is_given(info, address_of(slot), false);
    check(good, "image frames are frames, and in no untyped");
    good = true;
    for (Word slot = info.extra_frames.start; slot < info.extra_frames.end; slot++)
        good = good && !is_given(info, address_of(slot), false);
    check(good, "extra frames are frames, and in no untyped");
    check(address_of(abi::boot_info_frame) != ~Word{0}, "boot info has a frame");
    check(address_of(abi::root_ipc_buffer) != ~Word{0}, "the message buffer has a frame");
    // Each frame's capability knows that it is mapped at its address, and can map it there again.
    Word vaddr = image_start;
    good = true;
    for (Word slot = info.image_frames.start; slot < info.image_frames.end; slot++) {
        good = good && sel4::page_map(slot, abi::root_vspace, vaddr, abi::read | abi::write);
        vaddr += page;
    }
    check(good, "image frames are in the order of their addresses");
}

void check_list(const abi::BootInfo& info) {
    const auto list = untypeds(info);
    check(!list.empty() && list.size() <= abi::untyped_descriptions, "there are untypeds");
    const auto first_memory = std::ranges::find(list, 0, &UntypedDescription::is_device);
    check(std::ranges::all_of(first_memory, list.end(),
                              [](const auto& one) { return one.is_device == 0; }),
          "untypeds of devices come before memory");
    const auto ascending = [](auto part) {
        return std::ranges::adjacent_find(part, [](const auto& a, const auto& b) {
                   return a.paddr + size_of(a) > b.paddr;
               }) == part.end();
    };
    check(ascending(std::ranges::subrange(list.begin(), first_memory)) &&
              ascending(std::ranges::subrange(first_memory, list.end())),
          "untypeds ascend and do not overlap");
    check(std::ranges::all_of(list,
                              [](const auto& one) {
                                  return one.size_bits >= abi::least_untyped_bits &&
                                         one.size_bits <= abi::greatest_untyped_bits &&
                                         one.paddr % size_of(one) == 0;
                              }),
          "untypeds are aligned to their size");
}

void check_devices(const abi::BootInfo& info, const DeviceTree& tree) {
    for (const char* kernels : {"riscv,plic0", "riscv,clint0", "riscv,uintc0"}) {
        const Node node = tree.compatible(kernels);
        check(!node.exists() || !is_given(info, node.address(), true), kernels);
    }
    for (const char* users : {"ns16550a", "sifive,test0"})
        check(is_given(info, tree.compatible(users).address(), true), users);
    check(is_given(info, (Word{1} << 39) - 1, true), "devices go up to 512 GiB");
    const Node memory = tree.of_type("memory", 0);
    check(!is_given(info, memory.address(), true) &&
              !is_given(info, memory.address() + memory.size() - 1, true),
          "memory is no device");
    const Property initrd = tree.named("chosen").property("linux,initrd-start");
    check(is_given(info, initrd.length() == 8 ? initrd.double_cell(0) : initrd.cell(0), false),
          "the memory of the initial RAM disk is given back");
    Word given = 0;
    for (const UntypedDescription& untyped : untypeds(info))
        given += untyped.is_device != 0 ? 0 : size_of(untyped);
    constexpr Word kernels_share = 4 << 20;
    check(given <= memory.size() && given + kernels_share >= memory.size(),
          "all memory is given away, but for 4 MiB at most");
    constexpr Word enough = Word{2} << abi::giga_page_bits;
    check(memory.size() < enough || std::ranges::any_of(untypeds(info),
                                                        [](const auto& one) {
                                                            return one.is_device == 0 &&
                                                                   one.size_bits >=
                                                                       abi::giga_page_bits;
                                                        }),
          "of 2 GiB, one is in one piece");
}

void check_extra(const abi::BootInfo& info, const DeviceTree& tree) {
    const auto* header =
        reinterpret_cast<const abi::ExtraHeader*>(reinterpret_cast<const uint8_t*>(&info) + page);
    check(header->id == abi::extra_device_tree, "the first extra record is the device tree");
    const auto* second = reinterpret_cast<const abi::ExtraHeader*>(
        reinterpret_cast<const uint8_t*>(header) + header->length);
    check(second->id == abi::extra_user_interrupts &&
              second->length == sizeof *second + sizeof(abi::UserInterruptInfo) &&
              header->length + second->length == info.extra_length,
          "the second and last one is of user interrupts");
    check(tree.exists(), "the device tree begins as one");
    const Word frames = info.extra_frames.end - info.extra_frames.start;
    check((info.extra_length + page - 1) / page == frames, "the extra records have their frames");
    Word harts = 0;
    while (tree.of_type("cpu", static_cast<uint32_t>(harts)).exists())
        harts++;
    check(info.nodes == std::min<Word>(harts, config::harts), "as many nodes as harts");
}

constinit uint32_t code_in_data[] = {0x00008067}; // ret

void check_rights(const abi::BootInfo& info) {
    asm volatile("fence.i" : : : "memory");
    reinterpret_cast<void (*)()>(&code_in_data)();
    auto* const text = reinterpret_cast<volatile uint32_t*>(&look);
    *text = *text;
    check(true, "the image can be read, written and executed");
    check(bool{sel4::invoke(abi::root_tcb, abi::TcbSetPriority{255}, abi::root_tcb)},
          "it may have the greatest priority");
    const Word slot = info.empty.end - 1;
    check(bool{sel4::cap_copy(abi::root_cnode, slot)} && bool{sel4::cap_delete(slot)},
          "slots have their own numbers");
    check(sel4::invoke(abi::irq_control, abi::IrqControlGet{0, slot, 64}, abi::root_cnode).error ==
              abi::Error::range_error,
          "it has the interrupt control");
    check(sel4::invoke(abi::asid_control, abi::AsidControlMakePool{slot, 64}, abi::root_cnode,
                       abi::root_cnode)
                  .error == abi::Error::invalid_capability,
          "it has the ASID control");
    check(sel4::invoke(abi::root_asid_pool, abi::AsidPoolAssign{}, abi::root_cnode).error ==
              abi::Error::invalid_capability,
          "it has an ASID pool");
    check(sel4::invoke(abi::root_vspace, abi::PageTableUnmap{}).error == abi::Error::revoke_first,
          "its VSpace is a root in use");
}

/// Parks for a thousand seconds. The machine counts instructions, and would have come to its limit
/// if a hart that sleeps executed only those of its ticks.
void check_sleep(const abi::BootInfo& info, Word control) {
    const Word slot = info.empty.end - 8;
    const auto memory = std::ranges::find_if(untypeds(info), [](const UntypedDescription& one) {
        return one.is_device == 0 && one.size_bits >= abi::page_bits + 1;
    });
    const Word untyped = info.untyped.start + static_cast<Word>(memory - untypeds(info).begin());
    check(sel4::untyped_retype(untyped, abi::ObjectType::notification, 0, slot) &&
              sel4::untyped_retype(untyped, abi::ObjectType::page, 0, slot + 1) &&
              sel4::invoke(slot, abi::UintrRegisterReceiver{}, abi::root_tcb, control, slot + 1),
          "it can have a receiver");
    const Word frequency = device_tree(info).named("cpus").property("timebase-frequency").cell(0);
    const Word deadline = machine::time() + 1000 * frequency;
    sel4::uintr_park(abi::no_sender, deadline);
    const Word late = machine::time() - deadline;
    check(late < frequency / 1000, "it can sleep for a long time, and wakes when that is over");
}

/// Of user interrupts there is what the device tree says, if the harts have the registers.
void check_user_interrupts(const abi::BootInfo& info, const DeviceTree& tree) {
    const auto* record = reinterpret_cast<const abi::UserInterruptInfo*>(
        reinterpret_cast<const uint8_t*>(&info) + page + info.extra_length -
        sizeof(abi::UserInterruptInfo));
    check(record->receivers == 0 || tree.compatible("riscv,uintc0").exists(),
          "receivers are those of a controller");
    check(record->wakes == 0 || record->receivers != 0, "without receivers nobody is woken");
    check(sel4::invoke(record->control, abi::TcbSuspend{}).error == abi::Error::illegal_operation,
          "it has the control of user interrupts");
    println("user interrupts: ", record->receivers, " receivers, ",
            record->wakes != 0 ? "they wake" : "they do not wake", ", senders are ",
            record->checks_senders != 0 ? "checked" : "not checked");
    check(record->receivers != 0 || record->checks_senders == 0, "without receivers nobody sends");
    // Harts that the kernel does not use do not sleep: they wait in the firmware.
    const bool all_used = !tree.of_type("cpu", static_cast<uint32_t>(info.nodes)).exists();
    if (record->receivers != 0 && all_used)
        check_sleep(info, record->control);
}

/// Ends the machine, or at least this program.
[[noreturn]] void end(const abi::BootInfo& info, const DeviceTree& tree) {
    const Word finisher = map_device(info, tree.compatible("sifive,test0").address(), 1);
    *reinterpret_cast<volatile uint32_t*>(finisher) = failures == 0 ? 0x5555 : 0x1'3333;
    for (;;)
        sel4::yield();
}

} // namespace

void look(const abi::BootInfo& info) {
    const DeviceTree tree = device_tree(info);
    console::use_uart(map_device(info, tree.compatible("ns16550a").address(), 0));
    check_start(info);
    check_slots(info);
    check_frames(info);
    check_list(info);
    check_devices(info, tree);
    check_extra(info, tree);
    check_rights(info);
    check_user_interrupts(info, tree);
    println("1..", tests);
    end(info, tree);
}
