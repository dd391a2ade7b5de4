// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rights of mappings, as hardware sees them: reading, writing and executing, allowed or faulting
/// with exactly the words of the fault; and that a change of a mapping counts at once.
/// Read next: fault_catcher.hpp.
/// @stage{2}
#include "user/tests/fault_catcher.hpp"
#include "user/tests/vspace.hpp"

namespace {

/// A frame that holds an instruction, written through another mapping.
CPtr frame_with_code() {
    const CPtr frame = make(ObjectType::page);
    const CPtr copied = copy_of(frame);
    volatile Word* const words = map(copied);
    if (words != nullptr)
        words[0] = instruction_ret;
    asm volatile("fence.i" : : : "memory");
    return frame;
}

struct Mapped {
    CPtr frame = frame_with_code();
    Word vaddr = vspace.reserve(page);

    Mapped(Word rights, Word attributes, CPtr copied = 0) {
        if (copied != 0)
            frame = copied;
        expect_success("map", vspace.map(frame, vaddr, rights, attributes));
    }
};

void expect_all(Probe& probe, const char* what, Word vaddr, bool load, bool store, bool fetch,
                const Place& place = Place::current()) {
    struct {
        Access access;
        bool allowed;
    } const cases[] = {{Access::load, load}, {Access::fetch, fetch}, {Access::store, store}};
    for (const auto& each : cases) {
        if (each.allowed)
            probe.expect_allowed(what, each.access, vaddr, place);
        else
            probe.expect_fault(what, each.access, vaddr, place);
    }
}

} // namespace

TEST("rights: what is not mapped can be neither read nor written nor executed") {
    Probe probe;
    if (!probe.create())
        return;
    for (const Word vaddr : {Word{0}, fresh_gigabyte(), vspace.reserve(page), abi::user_top - 8})
        expect_all(probe, "not mapped", vaddr, false, false, false);
}

TEST("rights: addresses of the kernel, and none at all, fault like others") {
    Probe probe;
    if (!probe.create())
        return;
    for (const Word vaddr : {abi::user_top, Word{0xffff'ffff'8000'0000}, ~abi::mask(12),
                             Word{1} << 39, Word{0x8020'0000}}) {
        SeenFault fault;
        struct {
            void operator()() const { probe_load(address); }
            Word address;
        } const body{vaddr};
        start(probe.thread(), body);
        expect("it faults", probe.catcher().poll(fault));
        expect_equal("fault", abi::Fault::vm, fault.label);
        expect_equal("address", vaddr, fault.words[1]);
    }
}

TEST("rights: a page is mapped with the rights that are asked for") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped writable(user::read_write, abi::execute_never);
    const Mapped read_only(abi::Rights::read, abi::execute_never);
    expect_all(probe, "read and write", writable.vaddr, true, true, false);
    expect_all(probe, "read only", read_only.vaddr, true, false, false);
}

TEST("rights: a page can be executed unless that is forbidden") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped code(abi::Rights::read, 0);
    const Mapped all(user::read_write, 0);
    expect_all(probe, "read and execute", code.vaddr, true, false, true);
    expect_all(probe, "everything", all.vaddr, true, true, true);
}

TEST("rights: the right to write alone is none") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped write_only(abi::Rights::write, abi::execute_never);
    expect_all(probe, "write only", write_only.vaddr, false, false, false);
    const Mapped nothing(0, abi::execute_never);
    expect_all(probe, "nothing", nothing.vaddr, false, false, false);
}

TEST("rights: code can be mapped to be executed and not read") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped code(0, 0);
    expect_all(probe, "code", code.vaddr, false, false, true);
    const Mapped write_only(abi::Rights::write, 0);
    expect_all(probe, "code that could be written", write_only.vaddr, false, false, true);
    const CPtr other = make(ObjectType::page);
    expect_error("its place is taken", Error::delete_first,
                 map_page(other, code.vaddr, abi::root_vspace, user::read_write, 0));
}

TEST("rights: a capability's own rights are the most that a mapping has") {
    Probe probe;
    if (!probe.create())
        return;
    const CPtr read_only = copy_of(frame_with_code(), abi::Rights::read);
    const Mapped mapped(user::read_write, abi::execute_never, read_only);
    expect_all(probe, "a read-only capability", mapped.vaddr, true, false, false);
    const CPtr none = copy_of(frame_with_code(), 0);
    const Mapped unreadable(user::read_write, abi::execute_never, none);
    expect_all(probe, "one without rights", unreadable.vaddr, false, false, false);
}

TEST("rights: grant and grant-reply say nothing about memory") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped mapped(abi::Rights::read | abi::Rights::grant | abi::Rights::grant_reply | 0x10,
                        abi::execute_never);
    expect_all(probe, "read", mapped.vaddr, true, false, false);
}

TEST("rights: a large page has the same rights everywhere") {
    Probe probe;
    if (!probe.create())
        return;
    const CPtr frame = make(ObjectType::mega_page);
    const Word vaddr = vspace.reserve(megabytes_2, megabytes_2);
    expect_success("map", vspace.map(frame, vaddr, abi::Rights::read, abi::execute_never));
    for (const Word offset : {Word{0}, megabytes_2 / 2 + 8, megabytes_2 - 8})
        expect_all(probe, "read only", vaddr + offset, true, false, false);
}

TEST("rights: mapping again changes them at once, either way") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped mapped(user::read_write, abi::execute_never);
    struct {
        Word rights, attributes;
        bool load, store, fetch;
    } const steps[] = {{user::read_write, 1, true, true, false},
                       {abi::Rights::read, 1, true, false, false},
                       {user::read_write, 1, true, true, false},
                       {abi::Rights::read, 0, true, false, true},
                       {0, 1, false, false, false},
                       {abi::Rights::read, 1, true, false, false}};
    // The store of a step must not destroy the instruction that the next one executes.
    const Word beside = mapped.vaddr + 64;
    for (const auto& step : steps) {
        expect_success("map again", map_page(mapped.frame, mapped.vaddr, abi::root_vspace,
                                             step.rights, step.attributes));
        if (step.fetch)
            probe.expect_allowed("execute", Access::fetch, mapped.vaddr);
        else
            probe.expect_fault("execute", Access::fetch, mapped.vaddr);
        step.load ? probe.expect_allowed("load", Access::load, beside)
                  : probe.expect_fault("load", Access::load, beside);
        step.store ? probe.expect_allowed("store", Access::store, beside)
                   : probe.expect_fault("store", Access::store, beside);
    }
}

TEST("rights: an unmapped page is gone at once, and another in its place is seen") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped mapped(user::read_write, abi::execute_never);
    probe.expect_allowed("mapped", Access::store, mapped.vaddr);
    expect_success("unmap", page_unmap(mapped.frame));
    expect_all(probe, "unmapped", mapped.vaddr, false, false, false);
    const CPtr other = make(ObjectType::page);
    expect_success("another", map_page(other, mapped.vaddr));
    expect_equal("its memory", 0, word_at(mapped.vaddr));
    probe.expect_allowed("for the other thread too", Access::store, mapped.vaddr);
}

TEST("rights: pages are gone with their page table, their frame, or the memory it is made of") {
    Probe probe;
    if (!probe.create())
        return;
    const Word vaddr = fresh_gigabyte();
    table_at(vaddr);
    const CPtr table = table_at(vaddr);
    const CPtr frame = make(ObjectType::page);
    expect_success("map", map_page(frame, vaddr));
    probe.expect_allowed("mapped", Access::load, vaddr);
    expect_success("delete the table", cap_delete(table));
    expect_all(probe, "without table", vaddr, false, false, false);
    table_at(vaddr);
    expect_success("map anew", map_page(frame, vaddr));
    probe.expect_allowed("mapped", Access::load, vaddr);
    expect_success("delete the frame", cap_delete(frame));
    expect_all(probe, "without frame", vaddr, false, false, false);
    const CPtr memory = make(ObjectType::untyped, abi::page_bits);
    const CPtr last = empty_slot();
    expect_success("retype", untyped_retype(memory, ObjectType::page, 0, last));
    expect_success("map", map_page(last, vaddr));
    probe.expect_allowed("mapped", Access::load, vaddr);
    expect_success("revoke", cap_revoke(memory));
    expect_all(probe, "without memory", vaddr, false, false, false);
}

TEST("rights: what was mapped in a table that was unmapped does not come back with it") {
    Probe probe;
    if (!probe.create())
        return;
    const Word first = fresh_gigabyte();
    const Word second = fresh_gigabyte();
    table_at(first);
    table_at(second);
    const CPtr table = table_at(first);
    const CPtr frame = make(ObjectType::page);
    expect_success("map", map_page(frame, first));
    expect_success("unmap the table", invoke(table, abi::PageTableUnmap{}));
    // From here on nothing names the frame: its memory can become anything.
    expect_success("delete the frame", cap_delete(frame));
    expect_success("map the table", map_table(table, second));
    expect_all(probe, "nothing is there", second, false, false, false);
}

TEST("rights: a page that is repaired lets the thread go on that faulted at it") {
    Probe probe;
    if (!probe.create())
        return;
    const Mapped mapped(abi::Rights::read, abi::execute_never);
    probe.expect_fault("read only", Access::store, mapped.vaddr);
    expect_success("repair", map_page(mapped.frame, mapped.vaddr));
    expect_success("resume", tcb_resume(probe.thread().tcb()));
    probe.catcher().expect_none("it goes on");
    expect("it came to its end", probe.thread().finished());
    expect_equal("and had stored", 1, word_at(mapped.vaddr));
}
