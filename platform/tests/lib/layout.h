/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Offsets and numbers that assembler and C++ share. hart.hpp asserts each of them against the
 * structure it describes.
 */
#define MAX_HARTS 8

/* struct Frame: 32 words, x0's is the pc */
#define FRAME_SIZE 256

/* struct Hart */
#define HART_SIZE 2048
#define HART_SUPERVISOR_FRAME 0
#define HART_MACHINE_FRAME 256
#define HART_CONTEXT 512
#define HART_STACK 624
#define HART_SUPERVISOR_TRAP_STACK 632
#define HART_MACHINE_TRAP_STACK 640
#define HART_USER_VECTOR 648

/* Services of the bare environment's M-mode, in a7 */
#define SERVICE_STAY 0
#define SERVICE_ENTER_USER 1
#define SERVICE_STOP 2
