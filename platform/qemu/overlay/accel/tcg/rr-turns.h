/*
 * Round-robin TCG: how long a hart's turn lasts, and when the machine stops.
 *
 *   -accel tcg,slice=N            a turn lasts N instructions
 *   -accel tcg,slice=A..B,seed=S  each turn's length is drawn anew from A..B
 *   -accel tcg,stop-after=N       the machine stops after N instructions
 *
 * All need -icount, which counts the instructions. Without them the loop of
 * tcg-accel-ops-rr.c runs as it always did.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef ACCEL_TCG_RR_TURNS_H
#define ACCEL_TCG_RR_TURNS_H

/* Exit statuses of a machine that was stopped. */
#define RR_STOPPED_BY_LIMIT 124
#define RR_STOPPED_ASLEEP   125

void rr_turns_class_init(ObjectClass *oc);

/* Refuses combinations of options that cannot work; then the machine runs. */
void rr_turns_check(bool single_threaded);

/* True if any of the options is given. */
bool rr_turns_in_use(void);

/* The instructions that @cpu may execute now, at most @budget. */
int64_t rr_turns_begin(CPUState *cpu, int64_t budget);

/* True if @cpu, which has just run, goes on before the others. */
bool rr_turns_goes_on(CPUState *cpu);

/*
 * The loop waits for an event from now on, or no more. Guard: the iothread
 * lock.
 */
void rr_turns_set_waiting(bool waiting);

/*
 * True if the loop waits: then all that was executed has been counted. A hart
 * that has just fallen asleep is idle a moment before that, and a clock that
 * the main loop put forward then would later be put forward once more, by the
 * instructions of the hart's last run.
 */
bool rr_turns_waiting(void);

/*
 * @cpu takes a trap. A hart whose trap vector itself cannot be executed traps
 * for ever without an instruction that counts: each such trap counts as one.
 */
void rr_turns_trap(CPUState *cpu);

/* Ends the process if the limit is reached; or, when asleep, for ever. */
void rr_turns_stop_at_limit(void);
void rr_turns_stop_asleep(void);

#endif
