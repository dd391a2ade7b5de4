# SPDX-License-Identifier: BSD-2-Clause
#
# The registers of the floating-point unit: all of them at once, or one in code that faults at
# known places. Everything else in the suite leaves them alone. Read next: fpu.hpp.
# @stage{none}

#define FCSR (32 * 8)

    .macro all_registers operation
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \operation  f\n, (\n * 8)(a0)
    .endr
    .endm

    .text
# void fpu_set(const FpuRegisters& a0)
    .global fpu_set
fpu_set:
    ld      t0, FCSR(a0)
    fscsr   t0
    all_registers fld
    ret

# void fpu_see(FpuRegisters& a0)
    .global fpu_see
fpu_see:
    all_registers fsd
    frcsr   t0
    sd      t0, FCSR(a0)
    ret

# void fpu_set_status(Word a0): nothing but the control and status register
    .global fpu_set_status
fpu_set_status:
    fscsr   a0
    ret

# uint32_t fpu_divide(uint32_t a0, uint32_t a1): of integers, rounded to an integer
    .global fpu_divide
fpu_divide:
    fcvt.d.wu   fa0, a0
    fcvt.d.wu   fa1, a1
    fdiv.d      fa0, fa0, fa1
    fcvt.wu.d   a0, fa0
    ret

    .option norvc
    .balign 8
    .global fpu_write_one, fpu_read_one
fpu_write_one:
    fmv.d.x     fs0, t0
    ebreak
fpu_read_one:
    fmv.x.d     t0, fs0
    ebreak
