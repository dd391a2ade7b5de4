// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers of the interface that seL4 does not have, written out, and the machine's own as the boot
/// info tells them: the kernel and its user library share headers, and would agree on a wrong one.
/// Read next: kernel/abi/user_interrupt.hpp.
/// @stage{3}
#include "platform/tests/lib/device_tree.hpp"
#include "user/lib/program.hpp"
#include "user/tests/uintr.hpp"

#include <stddef.h>

namespace {

static_assert(static_cast<Word>(abi::Label::uintr_register_receiver) == 1024);
static_assert(static_cast<Word>(abi::Label::uintr_register_sender) == 1025);
static_assert(static_cast<Word>(abi::Label::tcb_set_fault_buffer) == 1027);
static_assert(static_cast<Word>(abi::Label::tcb_set_sender_table) == 1028);
static_assert(static_cast<int64_t>(abi::Syscall::uintr_park) == -42);
static_assert(static_cast<Word>(ObjectType::sender_table) == 64);
static_assert(abi::object_bits(ObjectType::sender_table, 0) == 12);
static_assert(abi::extra_user_interrupts == 1024);
static_assert(abi::user_vectors == 64 && abi::sender_entries == 512);
static_assert(abi::no_sender == ~Word{0});
static_assert(offsetof(abi::BadgePage, badges) == 0 && sizeof(abi::BadgePage) == 512);
static_assert(offsetof(abi::UserInterruptInfo, control) == 0);
static_assert(offsetof(abi::UserInterruptInfo, receivers) == 8);
static_assert(offsetof(abi::UserInterruptInfo, wakes) == 16);

} // namespace

TEST("uintr: the boot info tells what the device tree does") {
    const DeviceTree tree{user::boot_record(abi::extra_device_tree).data()};
    const Node uintc = tree.compatible("riscv,uintc0");
    if (!uintc.exists())
        return void(expect_equal("receivers", 0, user_interrupts().receivers));
    const Property receivers = uintc.property("rel4,receivers");
    expect_equal("receivers", receivers.exists() ? receivers.cell(0) : uintc.size() / 0x20,
                 user_interrupts().receivers);
    expect_equal("wakes", uintc.property("rel4,wake-interrupt").exists() ? 1 : 0,
                 user_interrupts().wakes);
}

TEST("uintr: there is a capability to the control, which does nothing by itself") {
    if (!interrupts_exist())
        return;
    for (const Word label : {Word{0}, Word{1}, Word{1024}, Word{1025}, Word{1028}})
        expect_error("invoked", Error::illegal_operation,
                     invoke_raw(user_interrupts().control, MessageInfo::make(label, 0)));
}

TEST("uintr: a sender table does nothing by itself, and is made of 4 KiB of memory") {
    const CPtr memory = make(ObjectType::untyped, 12);
    const CPtr table = empty_slot();
    expect_success("make", untyped_retype(memory, ObjectType::sender_table, 0, table));
    expect_error("no room for another", Error::not_enough_memory,
                 untyped_retype(memory, ObjectType::sender_table, 0, empty_slot()), {0});
    for (const Word label : {Word{0}, Word{1}, Word{1024}, Word{1025}, Word{1028}})
        expect_error("invoked", Error::illegal_operation,
                     invoke_raw(table, MessageInfo::make(label, 0)));
    expect_error(
        "too little", Error::not_enough_memory,
        untyped_retype(make(ObjectType::untyped, 11), ObjectType::sender_table, 0, empty_slot()),
        {2048});
}

TEST("uintr: types beside that of the sender table do not exist") {
    const CPtr memory = make(ObjectType::untyped, 14);
    for (const Word type : {Word{9}, Word{63}, Word{66}, Word{128}, ~Word{0}})
        expect_error("type", Error::invalid_argument,
                     untyped_retype(memory, static_cast<ObjectType>(type), 0, empty_slot()), {0});
}

TEST("uintr: the controller's registers are nobody's") {
    const user::DeviceRegisters registers = user::find_device("riscv,uintc0");
    for (Word page = 0; page < registers.size; page += user::page_size)
        expect_equal("a frame", 0, user::allocator.device_frame(registers.paddr + page));
}
