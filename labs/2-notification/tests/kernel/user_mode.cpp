// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Leaving the kernel and coming back to the same place: what a function keeps is kept on the
/// test's stack, whose address is in lab_kernel_stack meanwhile.
#include "labs/2-notification/tests/kernel/user_mode.hpp"

#include "kernel/riscv/csr.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/kernel_map.hpp"
#include "labs/2-notification/tests/kernel/user_code.hpp"

#include <string.h>

extern "C" {
/// Trap that came, and the context to answer it with; null: back to the test.
constinit setting::Trap lab_trap = {};
constinit setting::Trap lab_first_trap = {};
constinit Context* lab_answer = nullptr;
constinit Word lab_kernel_stack = 0;

/// As return_to_user(context), but returns at the next trap.
void lab_run(Context* context);
/// The load of trap_of_kernel: lab_bad_load is its place.
void lab_load(Word address);
extern const char lab_bad_load[];

Context* real_syscall_entry(Word, Word, Word, Word, Word, Word, Word,
                            Word) asm("__real_syscall_entry");
Context* real_trap_entry(Word, Word) asm("__real_trap_entry");
}

static_assert(sizeof(setting::Trap) == 12 * sizeof(Word));

asm(R"(
    .text
    .macro  kept operation
    \operation ra, 0(sp)
    \operation tp, 8(sp)
    \operation gp, 16(sp)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    \operation s\n, (24 + 8 * \n)(sp)
    .endr
    .endm

    # No test has run: the root task does.
    .macro  to_kernel function
    la      t1, lab_kernel_stack
    ld      t1, (t1)
    bnez    t1, 1f
    tail    \function
1:
    .endm

    .balign 4
    .global lab_run, lab_load, lab_bad_load
lab_run:
    addi    sp, sp, -128
    kept    sd
    la      t0, lab_kernel_stack
    sd      sp, (t0)
    j       return_to_user
lab_load:
    addi    sp, sp, -128
    kept    sd
    la      t0, lab_kernel_stack
    sd      sp, (t0)
lab_bad_load:
    ld      t0, (a0)
    j       back_to_test

    .global __wrap_syscall_entry, __wrap_trap_entry, __wrap_kernel_trapped
    .balign 4
__wrap_syscall_entry:
    to_kernel __real_syscall_entry
    li      t0, 1
    j       note
__wrap_trap_entry:
    to_kernel __real_trap_entry
    li      t0, 2
    j       note
__wrap_kernel_trapped:
    to_kernel __real_kernel_trapped
    li      t0, 3
note:
    la      t1, lab_trap
    sd      t0, 0(t1)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
    sd      a\n, (8 + 8 * \n)(t1)
    .endr
    sd      sp, 72(t1)
    sd      tp, 80(t1)
    csrr    t2, sscratch
    sd      t2, 88(t1)
    la      t2, lab_answer
    ld      a0, (t2)
    beqz    a0, back_to_test
    sd      zero, (t2)
    la      t2, lab_first_trap
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      t0, (8 * \n)(t1)
    sd      t0, (8 * \n)(t2)
    .endr
    # What a function may change, it changes.
    .irp    n, 0, 1, 2, 3, 4, 5, 6
    li      t\n, -1 - \n
    .endr
    .irp    n, 1, 2, 3, 4, 5, 6, 7
    li      a\n, -10 - \n
    .endr
    ret
back_to_test:
    la      t0, lab_kernel_stack
    ld      sp, (t0)
    kept    ld
    addi    sp, sp, 128
    csrw    sscratch, zero
    ret
)");

namespace setting {

namespace {

constexpr Asid asid_of_tests(5);
constexpr VAddr code_page(0x40'0000);
constexpr VAddr data_page(0x40'2000);

/// A trap of the kernel itself leaves other bits there; and interrupts come in user mode only.
void prepare_sret() {
    csr::clear<csr::sstatus>(status::spp | status::sie);
    csr::set<csr::sstatus>(status::spie);
}

} // namespace

Space::Space()
    : pool_(take(abi::asid_pool_bits), Asid(0)),
      root_(PageTableCap(take(abi::page_table_bits)).with_mapping({asid_of_tests, VAddr(0)})),
      data_(nullptr) {
    copy_kernel_map(root_.object());
    asid::install_pool(pool_);
    pool_.object().entries[asid_of_tests.value].assign(root_.base());
    const PAddr code = take(abi::page_bits);
    const PAddr data = take(abi::page_bits);
    memcpy(window<char>(code), user_code_start, user_code_size());
    data_ = window<Word>(data);
    map(code_page, code, Pte::readable | Pte::executable | Pte::user);
    map(data_page, data, Pte::readable | Pte::writable | Pte::user);
    vspace::use(root_.space());
    vspace::flush_space(root_.space());
    asm volatile("fence.i" : : : "memory");
}

Space::~Space() { asid::remove_pool(pool_); }

void Space::map(VAddr address, PAddr page, Word permissions) {
    PageTable* table = &root_.object();
    for (unsigned level = page_table_levels - 1; level > 0; level--) {
        Pte& entry = table->entry(address, level);
        if (!entry.is_valid())
            entry = Pte::table(take(abi::page_table_bits));
        table = &entry.next();
    }
    table->entry(address, 0) = Pte::leaf(page, permissions);
}

Word Space::data_address(Word index) { return data_page.value + index * sizeof(Word); }

Word Space::code_address(const char* label) {
    return code_page.value + static_cast<Word>(label - user_code_start);
}

Trap run(Context& context) {
    prepare_sret();
    lab_trap = {};
    lab_run(&context);
    return lab_trap;
}

Traps run(Context& context, Context& next) {
    lab_first_trap = {};
    lab_answer = &next;
    const Trap second = run(context);
    lab_answer = nullptr;
    return {lab_first_trap, second};
}

Context* serve(const Trap& trap) {
    const Word* const a = trap.arguments;
    if (trap.entry == Trap::system_call)
        return real_syscall_entry(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    return real_trap_entry(a[0], a[1]);
}

Trap trap_of_kernel(Word address, Word& pc) {
    pc = reinterpret_cast<Word>(lab_bad_load);
    lab_trap = {};
    lab_load(address);
    return lab_trap;
}

} // namespace setting
