# SPDX-License-Identifier: BSD-2-Clause
#
# What a benchmark measures lies between two readings of `cycle`, which counts instructions when
# QEMU counts them. timed.hpp says what is left to subtract. The labels bench_begin, bench_arrival
# and bench_end tell a profiler where an operation begins and ends.
# Read next: timed.hpp.
# @stage{none}

    .text

# void timed_trap(Trap& trap)
    .global timed_trap
timed_trap:
    mv      t2, a0
    ld      a1, 8(t2)
    ld      a2, 16(t2)
    ld      a3, 24(t2)
    ld      a4, 32(t2)
    ld      a5, 40(t2)
    ld      a7, 48(t2)
    ld      a0, 0(t2)
    .global bench_begin
bench_begin:
    rdcycle t0
    ecall
    .global bench_end
bench_end:
    rdcycle t1
    sd      a0, 0(t2)
    sd      a1, 8(t2)
    sd      a2, 16(t2)
    sd      a3, 24(t2)
    sd      a4, 32(t2)
    sd      a5, 40(t2)
    sd      t0, 56(t2)
    sd      t1, 64(t2)
    ret

# void timed_fault(Trap& trap): the handler lets the thread go on behind the instruction of four
# bytes that no machine has.
    .global timed_fault
timed_fault:
    mv      t2, a0
    .option push
    .option norvc
    .global bench_fault_begin
bench_fault_begin:
    rdcycle t0
    unimp
    .option pop
    .global bench_fault_end
bench_fault_end:
    rdcycle t1
    sd      t0, 56(t2)
    sd      t1, 64(t2)
    ret

# void timed_breakpoint(Trap& trap): the same with an instruction that firmware does not take first.
    .global timed_breakpoint
timed_breakpoint:
    mv      t2, a0
    .option push
    .option norvc
    rdcycle t0
    ebreak
    .option pop
    rdcycle t1
    sd      t0, 56(t2)
    sd      t1, 64(t2)
    ret

# void timed_nothing(Trap& trap): what two readings cost by themselves.
    .global timed_nothing
timed_nothing:
    rdcycle t0
    rdcycle t1
    sd      t0, 56(a0)
    sd      t1, 64(a0)
    ret

# void serve(CPtr object, Word& arrival, MessageInfo answer, Syscall number): receives once, then
# makes the system call again and again. Message word 0 goes back 4 greater: that is what a handler
# of faults answers.
    .global serve
serve:
    mv      s0, a0
    mv      s1, a1
    mv      s2, a2
    mv      s3, a3
    li      a7, -5
1:  ecall
    .global bench_arrival
bench_arrival:
    rdcycle t0
    sd      t0, 0(s1)
    addi    a2, a2, 4
    mv      a0, s0
    mv      a1, s2
    mv      a7, s3
    j       1b
