// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Code for threads without stack and memory; it may be copied to any address.
/// Read next: threads.hpp.
/// @stage{2}

.equ syscall_send, -3
.equ syscall_receive, -5

.section .text.threads_code, "ax"
.balign 8 // it is copied word by word
.option norvc
.global threads_code_start
threads_code_start:

.global spin_forever
spin_forever:
    j spin_forever

.global count_forever
count_forever:
    addi s1, s1, 1
    j count_forever

.global load_and_signal
load_and_signal:
    ld s1, 0(s0)
    mv a0, s2
    li a1, 0
    li a7, syscall_send
    ecall
    mv a0, s3
    li a7, syscall_receive
    ecall
    j load_and_signal

.global call_once
call_once:
    ecall
    addi s1, s1, 1
.global wait_forever
wait_forever:
    mv a0, s3
    li a7, syscall_receive
    ecall
    j wait_forever

.global threads_code_end
threads_code_end:

// What a probe does, each at an address of its own: see fault_catcher.hpp.
.global probe_load, probe_store, probe_fetch
probe_load:
    ld a0, 0(a0)
    ret
probe_store:
    sd a1, 0(a0)
    ret
probe_fetch:
    jr a0
