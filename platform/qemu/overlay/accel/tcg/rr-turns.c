/*
 * Round-robin TCG: how long a hart's turn lasts, and when the machine stops.
 *
 * A turn is counted in executed instructions, never in time, so the same
 * options give the same interleaving of harts on every host. QEMU may break
 * off a run early (a timer is due); the hart then goes on with what is left
 * of its turn. A hart that sleeps ends its turn. A length is drawn when the
 * next hart begins to execute, not when the loop merely visits it: how often
 * it visits sleeping harts depends on the host.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "sysemu/cpu-timers.h"
#include "sysemu/runstate.h"
#include "cpu.h"
#include "rr-turns.h"

/* A deadline this far away is a timer that was set to "never". */
#define NEVER_NS (INT64_MAX / 2)

static struct {
    uint64_t shortest;          /* 0: turns are not limited */
    uint64_t longest;
    uint64_t seed;
    bool seed_given;
    int64_t stop_after;         /* 0: no limit */
} options;

static struct {
    CPUState *cpu;
    int64_t begin;
    int64_t end;
    uint64_t random;
} turn;

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014. */
static uint64_t next_random(void)
{
    uint64_t z = turn.random += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static int64_t draw_length(void)
{
    uint64_t choices = options.longest - options.shortest + 1;

    return options.shortest + next_random() % choices;
}

int64_t rr_turns_begin(CPUState *cpu, int64_t budget)
{
    int64_t now = icount_get_raw();

    if (options.shortest) {
        /* A restored machine counts from its own past: begin afresh. */
        if (turn.cpu != cpu || now >= turn.end || now < turn.begin) {
            /* The length of a turn in which nothing ran is used again. */
            bool unused = turn.cpu && now == turn.begin;
            int64_t length = unused ? turn.end - turn.begin : draw_length();
            turn.cpu = cpu;
            turn.begin = now;
            turn.end = now + length;
        }
        budget = MIN(budget, turn.end - now);
    }
    if (options.stop_after) {
        budget = MIN(budget, MAX(options.stop_after - now, 0));
    }
    return budget;
}

bool rr_turns_goes_on(CPUState *cpu)
{
    return options.shortest && turn.cpu == cpu && !cpu->halted &&
           !cpu->stop && !cpu->stopped && icount_get_raw() < turn.end;
}

static bool loop_waits;

void rr_turns_set_waiting(bool waiting)
{
    loop_waits = waiting;
}

bool rr_turns_waiting(void)
{
    return loop_waits;
}

bool rr_turns_in_use(void)
{
    return options.shortest || options.stop_after;
}

void rr_turns_trap(CPUState *cpu)
{
    static struct {
        CPUState *cpu;
        int64_t executed;
    } last;
    IcountDecr *left = &cpu_neg(cpu)->icount_decr;
    int64_t executed;

    if (!rr_turns_in_use()) {
        return;
    }
    executed = icount_get_raw();
    if (last.cpu == cpu && last.executed == executed) {
        if (left->u16.low) {
            left->u16.low--;
            executed++;
        } else if (cpu->icount_extra) {
            cpu->icount_extra--;
            executed++;
        }
    }
    last.cpu = cpu;
    last.executed = executed;
}

static void report_harts(void)
{
    static const char modes[] = "USHM";
    CPUState *cpu;

    CPU_FOREACH(cpu) {
        CPURISCVState *env = cpu->env_ptr;
        fprintf(stderr, "hart %d: pc=0x%" PRIx64 " priv=%c%s\n",
                cpu->cpu_index, (uint64_t)env->pc, modes[env->priv],
                cpu->halted ? " asleep" : "");
    }
}

void rr_turns_stop_at_limit(void)
{
    if (options.stop_after && icount_get_raw() >= options.stop_after) {
        fprintf(stderr, "stopped: %" PRId64 " instructions executed\n",
                icount_get_raw());
        report_harts();
        exit(RR_STOPPED_BY_LIMIT);
    }
}

void rr_turns_stop_asleep(void)
{
    int64_t deadline;

    /* A machine that a debugger has stopped, or that is to be reset or shut
       down in a moment, is not asleep. */
    if (!options.stop_after || !runstate_is_running() ||
        qemu_reset_requested_get() || qemu_shutdown_requested_get()) {
        return;
    }
    deadline = qemu_clock_deadline_ns_all(QEMU_CLOCK_VIRTUAL,
                                          ~QEMU_TIMER_ATTR_EXTERNAL);
    if (deadline < 0 || deadline > NEVER_NS) {
        fprintf(stderr, "stopped: every hart waits and no timer is set\n");
        report_harts();
        exit(RR_STOPPED_ASLEEP);
    }
}

void rr_turns_check(bool single_threaded)
{
    if (rr_turns_in_use() && (!icount_enabled() || !single_threaded)) {
        error_report("slice and stop-after count instructions: "
                     "they need -icount, and thread=single");
        exit(1);
    }
    if (options.seed_given && options.shortest == options.longest) {
        error_report("seed is for a slice that is drawn: slice=A..B");
        exit(1);
    }
    turn.random = options.seed;
}

/* "N" or "A..B", whole numbers from 1 up. */
static void set_slice(Object *obj, const char *value, Error **errp)
{
    const char *rest;

    if (qemu_strtou64(value, &rest, 10, &options.shortest) == 0) {
        options.longest = options.shortest;
        if (!*rest ||
            (g_str_has_prefix(rest, "..") &&
             qemu_strtou64(rest + 2, NULL, 10, &options.longest) == 0)) {
            if (options.shortest && options.shortest <= options.longest &&
                options.longest <= INT32_MAX) {
                return;
            }
        }
    }
    error_setg(errp, "slice is N or A..B, instructions from 1 to %d",
               INT32_MAX);
}

static char *get_slice(Object *obj, Error **errp)
{
    return g_strdup_printf("%" PRIu64 "..%" PRIu64,
                           options.shortest, options.longest);
}

static void set_seed(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    options.seed_given = visit_type_uint64(v, name, &options.seed, errp);
}

static void set_stop_after(Object *obj, Visitor *v, const char *name,
                           void *opaque, Error **errp)
{
    int64_t limit;

    if (!visit_type_int64(v, name, &limit, errp)) {
        return;
    }
    if (limit < 1) {
        error_setg(errp, "stop-after is a number of instructions, 1 or more");
        return;
    }
    options.stop_after = limit;
}

void rr_turns_class_init(ObjectClass *oc)
{
    object_class_property_add_str(oc, "slice", get_slice, set_slice);
    object_class_property_set_description(oc, "slice",
        "Instructions of a hart's turn: N, or A..B to draw each turn's");
    object_class_property_add(oc, "seed", "uint64", NULL, set_seed,
                              NULL, NULL);
    object_class_property_set_description(oc, "seed",
        "Seed of the turns that are drawn");
    object_class_property_add(oc, "stop-after", "int64", NULL, set_stop_after,
                              NULL, NULL);
    object_class_property_set_description(oc, "stop-after",
        "Instructions after which the machine stops with exit status 124");
}
