// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The system calls of debug builds. Of those that print only that they come back is looked at.
/// @cond LAB2
/// In a release build they are faults: fault_catcher.hpp.
/// @endcond
/// Read next: user/lib/debug.hpp.
/// @stage{1}
#include "user/tests/registers.hpp"
#include "user/tests/suite.hpp"

namespace {

/// Kinds of capabilities, as seL4 numbers them.
enum class Kind : Word {
    null = 0,
    frame = 1,
    untyped = 2,
    page_table = 3,
    notification = 6,
    cnode = 10,
    asid_control = 11,
    thread = 12,
    asid_pool = 13,
    irq_control = 14,
};

bool only_in_debug_builds() {
    if constexpr (!config::debug)
        skip("no debug build");
    return config::debug;
}

void expect_kind(const char* what, Kind kind, CPtr cap, const Place& place = Place::current()) {
    expect_equal(what, kind, static_cast<Kind>(debug_cap_identify(cap)), place);
}

/// Makes a system call with a0 and every other register set; all are as before, but for a0.
Word call_with(abi::Syscall number, Word first) {
    RegisterFile file = {};
    for (unsigned i = 1; i < register_count; i++)
        file.x[i] = Word{0x0101'0101} * i;
    file.x[a0] = first;
    file.x[a7] = static_cast<Word>(number);
    const RegisterFile before = file;
    system_call_with(file);
    for (unsigned i = 1; i < register_count; i++)
        if (i != sp && i != a0)
            expect_equal("a register", before.x[i], file.x[i]);
    return file.x[a0];
}

} // namespace

TEST("debug: every kind of capability is told") {
    if (!only_in_debug_builds())
        return;
    expect_kind("nothing", Kind::null, empty_slot());
    expect_kind("slot 0", Kind::null, 0);
    expect_kind("page", Kind::frame, make(ObjectType::page));
    expect_kind("large page", Kind::frame, make(ObjectType::mega_page));
    expect_kind("untyped", Kind::untyped, make(ObjectType::untyped, 12));
    expect_kind("page table", Kind::page_table, make(ObjectType::page_table));
    expect_kind("notification", Kind::notification, make(ObjectType::notification));
    expect_kind("CNode", Kind::cnode, make(ObjectType::cnode, 4));
    expect_kind("thread", Kind::thread, make(ObjectType::tcb));
    expect_kind("own thread", Kind::thread, abi::root_tcb);
    expect_kind("own CNode", Kind::cnode, abi::root_cnode);
    expect_kind("own VSpace", Kind::page_table, abi::root_vspace);
    expect_kind("ASID control", Kind::asid_control, abi::asid_control);
    expect_kind("ASID pool", Kind::asid_pool, abi::root_asid_pool);
    expect_kind("boot info", Kind::frame, abi::boot_info_frame);
    expect_kind("message buffer", Kind::frame, abi::root_ipc_buffer);
    /// @cond LAB2
    expect_kind("interrupt control", Kind::irq_control, abi::irq_control);
    /// @endcond
}

TEST("debug: what cannot be looked up is no capability") {
    if (!only_in_debug_builds())
        return;
    expect_kind("a wrong guard", Kind::null, Word{1} << 40);
    expect_kind("all bits", Kind::null, ~Word{0});
}

TEST("debug: system calls preserve every register but a0") {
    if (!only_in_debug_builds())
        return;
    call_with(abi::Syscall::debug_put_char, '\n');
    expect_equal("kind of the own thread", Word{12},
                 call_with(abi::Syscall::debug_cap_identify, abi::root_tcb));
    call_with(abi::Syscall::debug_snapshot, 0);
    call_with(abi::Syscall::debug_dump_scheduler, 0);
}

TEST("debug: a thread can be named") {
    if (!only_in_debug_builds())
        return;
    debug_name_thread(make(ObjectType::tcb), "a thread of a test");
    debug_name_thread(make(ObjectType::tcb), "one with a name that is longer than names can be, "
                                             "and of which the kernel keeps what fits");
}
