# SPDX-License-Identifier: BSD-2-Clause
#
# The first instructions of each hart, in S-mode with the MMU off: at physical addresses, while
# everything is linked for the window (lib/window.hpp). They turn translation on and leave for C++.
#
#     pc   0x80200000 (physical) ──> satp ──> 0x80200... (identity entry) ──> 0xffffffc0'80200...
#
# The first table maps the whole window, and the GiB in which the kernel is loaded a second time, at
# its physical address. `la` gives an address relative to the pc: before the jump the physical one.
# Read next: kernel/boot/boot.cpp.
# @stage{1}

#define SATP_SV39 8
#define HART_STACK 8

# Entries of the first table (kernel/vm/page_table.hpp): D A X W R V, G, and the page number of the
# second GiB.
#define LEAF 0xcf
#define GLOBAL 0x20
#define GIB (1 << 28)

# Turns translation on. Uses t0 and t1.
.macro enter_window
    csrw    sie, zero
    la      t0, boot_root
    srli    t0, t0, 12
    li      t1, SATP_SV39 << 60
    or      t0, t0, t1
    sfence.vma
    csrw    satp, t0
    sfence.vma
    la      t0, 1f
    ld      t0, (t0)
    jr      t0
    .balign 8
1:  .dword  2f                      # where 2: lies in the window
2:
.endm

# The first hart: the firmware's choice. a0 = its number, a1 = address of the device tree.
    .section .text.start, "ax"
    .global boot_entry
boot_entry:
# @cond LAB2
    la      t0, first_has_come
    li      t1, 1
    amoswap.w t0, t1, (t0)
    bnez    t0, other_hart
# @endcond
    la      t0, bss_start
    la      t1, bss_end
3:  bgeu    t0, t1, 4f
    sd      zero, (t0)
    addi    t0, t0, 8
    j       3b
4:  la      t0, boot_root + 256 * 8
    li      t1, LEAF | GLOBAL
    li      t2, GIB
    li      t3, 256
5:  sd      t1, (t0)
    add     t1, t1, t2
    addi    t0, t0, 8
    addi    t3, t3, -1
    bnez    t3, 5b
    la      t0, boot_entry
    srli    t0, t0, 30
    slli    t1, t0, 28
    ori     t1, t1, LEAF
    slli    t0, t0, 3
    la      t2, boot_root
    add     t0, t0, t2
    sd      t1, (t0)
    enter_window
    la      tp, harts               # its struct Hart is the first
    la      sp, first_stack_end
    ld      sp, (sp)
    call    boot_first_hart         # does not return

    .section .bss
    .balign 4096
boot_root:
    .zero   4096
    .section .text.start, "ax"

# @cond LAB2
# Another hart, when the first one starts it. It comes in where the first one did, for OpenSBI 1.1
# may let it go before it has written down where to: it would come here in any case, now and then.
other_hart:
    fence                           # partner: sbi::start_hart
    enter_window
    la      tp, hart_that_starts
    ld      tp, (tp)
    ld      sp, HART_STACK(tp)
    call    boot_other_hart         # does not return

    .data
first_has_come:
    .word   0
# @endcond
