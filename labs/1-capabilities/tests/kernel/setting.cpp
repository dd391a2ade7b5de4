// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The kernel may not touch user pages unless bit SUM of sstatus is set; so it is as long as there
/// is a Space. It is not changed for each access, because the emulator forgets translations when it
/// changes: a flush that a student forgot would go unnoticed.
/// An access that traps goes on behind it: meanwhile the trap vector leads there.
/// Reference: RISC-V privileged specification 4.1.1 (SUM), 4.1.2 (stvec).
#include "labs/1-capabilities/tests/kernel/setting.hpp"

#include "kernel/lib/assert.hpp"
#include "kernel/riscv/csr.hpp"
#include "kernel/vm/kernel_map.hpp"

#include <string.h>

namespace setting {

namespace {

constexpr unsigned memory_bits = 18;
constexpr Word memory_size = Word{1} << memory_bits;
alignas(1 << 14) constinit char memory[memory_size] = {};
constinit Word used = 0;
constinit Tcb* thread = nullptr;

constexpr Asid space_asid(5);

void make_caller() {
    thread = &Tcb::create(take(abi::tcb_bits));
    thread->slot(Tcb::buffer).cap = FrameCap(take(abi::page_bits), 0, false, abi::all_rights);
    thread->ipc_buffer = Word{1} << abi::page_bits;
}

/// Loads a byte from an address, or stores zero there. Answers scause if that trapped, else 0. A
/// trap changes other bits of sstatus, which are then restored.
template <bool stores>
Word access(VAddr address) {
    Word cause = 0;
    Word vector = 0;
    Word status = 0;
    asm volatile("la %[cause], 1f\n"
                 "csrrw %[vector], stvec, %[cause]\n"
                 "csrr %[status], sstatus\n"
                 "li %[cause], 0\n"
                 ".if %[stores]\n"
                 "sb zero, 0(%[address])\n"
                 ".else\n"
                 "lb zero, 0(%[address])\n"
                 ".endif\n"
                 "j 2f\n"
                 ".balign 4\n"
                 "1: csrr %[cause], scause\n"
                 "csrw sstatus, %[status]\n"
                 "2: csrw stvec, %[vector]\n"
                 : [cause] "=&r"(cause), [vector] "=&r"(vector), [status] "=&r"(status)
                 : [address] "r"(address.value), [stores] "i"(stores)
                 : "memory");
    return cause;
}

} // namespace

void reset() {
    used = 0;
    make_caller();
}

PAddr take(unsigned bits) {
    if (bits > memory_bits)
        panic("a test needs more memory than there is");
    used = (used + mask(bits)) & ~mask(bits);
    if (used + (Word{1} << bits) > memory_size)
        panic("a test needs more memory than there is");
    char* const start = memory + used;
    used += Word{1} << bits;
    memset(start, 0, Word{1} << bits);
    return physical(start);
}

Slot& slot(const Cap& cap) {
    Slot& slot = *window<Slot>(take(abi::slot_bits));
    slot.cap = cap;
    slot.mdb.set_flags(true, true);
    return slot;
}

CNodeCap cnode_of(unsigned radix, Word guard, unsigned guard_size) {
    return {take(radix + abi::slot_bits), radix, guard, guard_size};
}

Tcb& caller() { return *thread; }

Space::Space()
    : pool_(take(abi::asid_pool_bits), Asid(0)),
      root_cap_(PageTableCap(take(abi::page_table_bits)).with_mapping({space_asid, VAddr(0)})),
      root_(slot(root_cap_)) {
    copy_kernel_map(root_cap_.object());
    asid::install_pool(pool_);
    pool_.object().entries[space_asid.value].assign(root_cap_.base());
    vspace::use(root_cap_.space());
    vspace::flush_space(root_cap_.space());
    csr::set<csr::sstatus>(status::sum);
}

Space::~Space() {
    csr::clear<csr::sstatus>(status::sum);
    asid::remove_pool(pool_);
}

void Space::add_tables(VAddr address) {
    PageTable* table = &root_cap_.object();
    for (unsigned level = 2; level > 0; level--) {
        Pte& entry = table->entry(address, level);
        if (!entry.is_valid())
            entry = Pte::table(take(abi::page_table_bits));
        table = &entry.next();
    }
    vspace::flush_space(root_cap_.space());
}

Word Space::map(Slot& frame, VAddr address, Word rights) {
    Invocation call = invocation(abi::PageMap{address.value, rights, abi::execute_never}, {&root_});
    return error_of(vspace::invoke_frame(call, frame));
}

Word read_user(VAddr address) { return *reinterpret_cast<const volatile Word*>(address.value); }

bool can_load(VAddr address) { return access<false>(address) == 0; }
bool can_store(VAddr address) { return access<true>(address) == 0; }

} // namespace setting
