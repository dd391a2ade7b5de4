# SPDX-License-Identifier: BSD-2-Clause
#
# The registers of the floating-point unit, to and from a FpuContext (kernel/object/context.hpp).
# The kernel itself is compiled without the unit; these few instructions name it.
# Read next: kernel/riscv/fpu.cpp.
# @stage{none}

    .attribute arch, "rv64imafdc"
    .option arch, +f, +d

#define FCSR (32 * 8)
#define F0_TO_F31 \
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31

    .section .text
# void fpu_save(FpuContext* a0)
    .global fpu_save
fpu_save:
    frcsr   t0
    sd      t0, FCSR(a0)
    .irp    n, F0_TO_F31
    fsd     f\n, (\n * 8)(a0)
    .endr
    ret

# void fpu_load(const FpuContext* a0)
    .global fpu_load
fpu_load:
    ld      t0, FCSR(a0)
    fscsr   t0
    .irp    n, F0_TO_F31
    fld     f\n, (\n * 8)(a0)
    .endr
    ret
