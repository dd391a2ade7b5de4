// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Changes of mappings count on other harts too, from the moment the invocation comes back: a
/// thread that runs there all the time must not use what its hart remembers.
/// Read next: harts.hpp, kernel/sched/remote.hpp.
/// @stage{2}
#include "user/tests/fault_catcher.hpp"
#include "user/tests/foreign.hpp"
#include "user/tests/harts.hpp"
#include "user/tests/vspace.hpp"

namespace {

/// A thread on another hart that counts in a page, which the test sees at another address.
class PageCounter {
public:
    /// At `vaddr`, which has page tables; 0 is anywhere.
    bool start(Word hart, Word vaddr = 0, const Place& place = Place::current()) {
        body_ = {vaddr != 0 ? vaddr : vspace.reserve(page)};
        own_view_ = map(copy_of(frame, abi::all_rights, place));
        const Result mapped = vaddr != 0 ? map_page(frame, vaddr) : vspace.map(frame, body_.vaddr);
        if (!expect_success("map", mapped, place) || own_view_ == nullptr ||
            !catcher_.create(place) || !catcher_.watch(thread_, below, place) ||
            !expect_success("a hart", set_affinity(thread_.tcb(), hart), place))
            return false;
        ::start(thread_, body_);
        return runs(place);
    }
    [[nodiscard]] Word count() const { return *own_view_; }
    bool runs(const Place& place = Place::current()) const {
        const Word before = count();
        return test::expect("it counts", comes_true([&] { return count() > before + 50; }), place);
    }
    /// It does not count any more, now, and has faulted with this status.
    bool expect_fault(Word status, const Place& place = Place::current()) {
        const Word stopped = count();
        SeenFault fault;
        const bool faulted = comes_true([&] { return catcher_.poll(fault); });
        return test::expect("it faults", faulted, place) &&
               expect_equal("count after the change", stopped, count(), place) &&
               expect_equal("fault", abi::Fault::vm, fault.label, place) &&
               expect_equal("address", body_.vaddr, fault.words[1], place) &&
               expect_equal("status", status, fault.words[3], place);
    }
    /// It does not count any more, from now on.
    bool expect_stopped(const Place& place = Place::current()) const {
        const Word stopped = count();
        for (unsigned i = 0; i < 50; i++)
            yield();
        return expect_equal("it stands", stopped, count(), place);
    }
    bool go_on(const Place& place = Place::current()) const {
        return expect_success("resume", tcb_resume(thread_.tcb()), place) && runs(place);
    }
    [[nodiscard]] Word vaddr() const { return body_.vaddr; }

    const CPtr frame = make(ObjectType::page);

private:
    struct Body {
        Word vaddr;
        void operator()() const {
            for (;;) {
                const Word next = word_at(vaddr) + 1;
                word_at(vaddr) = next;
            }
        }
    };
    Body body_ = {};
    volatile Word* own_view_ = nullptr;
    FaultCatcher catcher_;
    user::Thread thread_; ///< last: it stops before its body goes
};

/// Counts in a register in an address space of its own, on another hart.
struct ForeignCounter {
    Foreign space;
    CPtr memory = make(ObjectType::untyped, abi::page_table_bits);
    CPtr tcb = bare_thread();

    bool start(Word hart, CPtr pool) {
        abi::UserContext registers = {};
        registers.pc = Foreign::pc_of(count_forever);
        return space.create(0, pool, memory) && expect_success("a hart", set_affinity(tcb, hart)) &&
               space.start(tcb, below, registers) &&
               expect("it counts", comes_true([&] { return count() > 100; }));
    }
    [[nodiscard]] Word count() const {
        abi::UserContext registers = {};
        tcb_read_registers(tcb, registers);
        return registers.s1;
    }
    void expect_stopped(const Place& place = Place::current()) const {
        const Word stopped = count();
        for (unsigned i = 0; i < 50; i++)
            yield();
        expect_equal("it stands", stopped, count(), place);
    }
};

} // namespace

TEST("vspace harts: taking away the right to write stops a writer on another hart") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        PageCounter counter;
        if (!counter.start(hart))
            return;
        for (unsigned i = 0; i < 10; i++) {
            expect_success("read only", map_page(counter.frame, counter.vaddr(), abi::root_vspace,
                                                 abi::Rights::read, abi::execute_never));
            if (!counter.expect_fault(abi::fault_status_store))
                return;
            expect_success("and back", map_page(counter.frame, counter.vaddr()));
            if (!counter.go_on())
                return;
        }
    }
}

TEST("vspace harts: an unmapped page is gone on another hart") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        PageCounter counter;
        if (!counter.start(hart))
            return;
        for (unsigned i = 0; i < 10; i++) {
            expect_success("unmap", page_unmap(counter.frame));
            counter.expect_stopped();
            expect_success("map", map_page(counter.frame, counter.vaddr()));
            if (!counter.go_on())
                return;
        }
    }
}

TEST("vspace harts: with a page table, unmapped or deleted, its pages are gone on another hart") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        for (const bool deleted : {false, true}) {
            const Word vaddr = fresh_gigabyte();
            const CPtr upper = table_at(vaddr);
            const CPtr lower = table_at(vaddr);
            PageCounter counter;
            if (!counter.start(hart, vaddr))
                return;
            if (deleted)
                expect_success("delete", cap_delete(upper));
            else
                expect_success("unmap", invoke(lower, abi::PageTableUnmap{}));
            counter.expect_stopped();
        }
    }
}

TEST("vspace harts: a page whose capability is deleted is gone on another hart") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        PageCounter counter;
        if (!counter.start(hart))
            return;
        expect_success("delete", cap_delete(counter.frame));
        counter.expect_stopped();
    }
}

TEST("vspace harts: deleting the root of a space stops a thread that runs in it elsewhere") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        ForeignCounter counter;
        if (!counter.start(hart, abi::root_asid_pool))
            return;
        expect_success("revoke", cap_revoke(counter.memory));
        counter.expect_stopped();
    }
}

TEST("vspace harts: deleting an ASID pool stops the threads of its spaces everywhere") {
    const Word harts = several_harts();
    for (Word hart = 1; hart < harts; hart++) {
        ForeignCounter counter;
        const CPtr pool = new_pool();
        if (!counter.start(hart, pool))
            return;
        expect_success("delete", cap_delete(pool));
        counter.expect_stopped();
    }
}

TEST("vspace harts: a space follows its thread from hart to hart, with its last mappings") {
    const Word harts = several_harts();
    Foreign space;
    const CPtr tcb = bare_thread();
    const CPtr told = make(ObjectType::notification);
    const CPtr awaited = make(ObjectType::notification);
    if (harts == 0 || !space.create(1))
        return;
    abi::UserContext registers = {};
    registers.pc = Foreign::pc_of(load_and_signal);
    registers.s0 = foreign_data;
    registers.s2 = told;
    registers.s3 = awaited;
    space.start(tcb, below, registers);
    wait(told);
    CPtr last = space.data();
    for (Word i = 0; i < 20; i++) {
        // Meanwhile another page is where it reads; harts it was on may remember the old one.
        const CPtr frame = make(ObjectType::page);
        *map(copy_of(frame)) = 100 + i;
        expect_success("unmap", page_unmap(last));
        expect_success("another", map_page(frame, foreign_data, space.root()));
        expect_success("move", set_affinity(tcb, i % harts));
        signal(awaited);
        wait(told);
        expect_success("read", tcb_read_registers(tcb, registers));
        if (!expect_equal("what it read", 100 + i, registers.s1))
            return;
        last = frame;
    }
}
