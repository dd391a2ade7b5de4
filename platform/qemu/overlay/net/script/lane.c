/*
 * Network scripts: lanes at work.
 *
 * script_run gives each frame that has come to its lane and lets every lane
 * do what it can before it looks at the next frame, always in the order of
 * the file. A step's limit of time is looked at only when no frame is left.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "lane.h"

static Step *current_step(const Lane *lane)
{
    return lane->steps->pdata[lane->at];
}

uint64_t *lane_variable(Lane *lane, int index)
{
    return &g_array_index(lane->values, uint64_t, index);
}

static int64_t deadline(const Lane *lane)
{
    const Step *step;

    if (lane->ended) {
        return FOR_EVER;
    }
    step = current_step(lane);
    switch (step->kind) {
    case WAIT:
    case EXPECT:
    case AWAIT:
    case STREAM:
    case SILENCE:
        return step->time == FOR_EVER ? FOR_EVER : lane->since + step->time;
    default:
        return FOR_EVER;
    }
}

bool lane_is_late(const Script *script, const Lane *lane)
{
    return script->now >= deadline(lane) && !script->arrived.length;
}

bool lane_fail(Script *script, const Lane *lane, const Frame *frame,
               const char *reason)
{
    const Step *step = current_step(lane);
    g_autofree char *summary =
        g_strdup_printf("lane %s, line %u: %s: %s", lane->name, step->line,
                        step->text, reason);
    g_autoptr(GString) dump = g_string_new("");

    if (frame) {
        frame_dump(frame, dump);
    }
    peer_end(script, false, summary, dump->str);
    return false;
}

/*
 * Frames that a lane looks at
 */

const char *lane_breach(const Frame *frame, unsigned flags)
{
    if ((flags & OFFLOADED) && !frame->offloaded) {
        return "the guest has summed it itself";
    }
    if ((flags & SUMMED) && frame->offloaded) {
        return "the guest has left the checksum to its card";
    }
    return flags & ANY_SUM ? NULL : frame_defect(frame);
}

/* Why a frame is not the one that a step wants; NULL if it is. */
static char *mismatch(const Frame *frame, const Step *step, const Lane *lane)
{
    const char *breach = lane_breach(frame, step->flags);
    char *why = NULL;

    if (breach) {
        return g_strdup(breach);
    }
    frame_matches(frame, step->terms, 0, lane, &why);
    return why;
}

bool lane_ignores(const Frame *frame, const Lane *lane)
{
    for (unsigned i = 0; i < lane->ignored->len; i++) {
        const Step *rule = lane->ignored->pdata[i];

        if (!lane_breach(frame, rule->flags) &&
            frame_matches(frame, rule->terms, 0, lane, NULL)) {
            return true;
        }
    }
    return false;
}

/* A frame that an AWAIT, or any step, passes over. */
static bool is_passed_over(const Frame *frame, const Step *step,
                           const Lane *lane)
{
    bool sound = (step->flags & ANY_SUM) || !frame_defect(frame);

    return (step->kind == AWAIT && sound) || lane_ignores(frame, lane);
}

/* An EXPECT or AWAIT, and the frames that have come. */
static bool look(Script *script, Lane *lane, const Step *step)
{
    Frame *next;

    while ((next = g_queue_pop_head(&lane->inbox))) {
        g_autofree Frame *frame = next;
        g_autofree char *why = mismatch(frame, step, lane);

        if (!why) {
            frame_capture(frame, step->terms, lane);
            return true;
        }
        if (!is_passed_over(frame, step, lane)) {
            return lane_fail(script, lane, frame, why);
        }
    }
    return lane_is_late(script, lane) &&
           lane_fail(script, lane, NULL, "nothing of the kind came in time");
}

static bool stay_silent(Script *script, Lane *lane)
{
    Frame *frame;

    while ((frame = g_queue_pop_head(&lane->inbox))) {
        if (!lane_ignores(frame, lane)) {
            lane_fail(script, lane, frame, "something came");
            g_free(frame);
            return false;
        }
        g_free(frame);
    }
    return lane_is_late(script, lane);
}

/*
 * Steps
 */

void lane_transmit(Script *script, Lane *lane, const Step *step)
{
    lane->entered = true;
    lane->sent = false;
    lane->outgoing = step;
    peer_send(script, lane);
}

static bool send_frame(Script *script, Lane *lane, const Step *step)
{
    if (!lane->entered) {
        lane_transmit(script, lane, step);
    }
    return lane->sent;
}

static bool begin_round(Lane *lane, const Step *step)
{
    uint64_t *rounds = &g_array_index(lane->rounds, uint64_t, lane->at);

    if (!lane->entered) {
        *rounds = 0;
    }
    if (!step->forever && *rounds >= expression_value(&step->value, lane)) {
        lane->at = step->other;     /* and behind it */
    } else if (step->variable >= 0) {
        *lane_variable(lane, step->variable) = *rounds;
    }
    return true;
}

static bool pass_barrier(Script *script, Lane *lane, const Step *step)
{
    Barrier *barrier = step->barrier;

    if (!lane->entered) {
        lane->entered = true;
        lane->opened = barrier->opened;
        if (++barrier->waiting == barrier->lanes) {
            barrier->waiting = 0;
            barrier->opened++;
        }
    }
    if (lane->opened != barrier->opened) {
        return true;
    }
    if (barrier->ended) {
        g_autofree char *reason = g_strdup_printf(
            "it never opens: lane %s has ended", barrier->ended);

        return lane_fail(script, lane, NULL, reason);
    }
    return false;
}

/* Does the lane's step, as far as that is possible now. True if it is done. */
static bool do_step(Script *script, Lane *lane, const Step *step)
{
    switch (step->kind) {
    case SET:
        *lane_variable(lane, step->variable) =
            expression_value(&step->value, lane);
        return true;
    case WAIT:
        return lane_is_late(script, lane);
    case SEND:
        return send_frame(script, lane, step);
    case EXPECT:
    case AWAIT:
        return look(script, lane, step);
    case STREAM:
        return lane_stream(script, lane, step);
    case SILENCE:
        return stay_silent(script, lane);
    case IGNORE:
        g_ptr_array_add(lane->ignored, (Step *)step);
        return true;
    case HEED:
        g_ptr_array_set_size(lane->ignored, 0);
        return true;
    case REPEAT:
        return begin_round(lane, step);
    case END:
        ++g_array_index(lane->rounds, uint64_t, step->other);
        return true;
    case BARRIER:
        return pass_barrier(script, lane, step);
    case MARK:
        peer_mark(script, "mark", step->name);
        return true;
    }
    g_assert_not_reached();
}

static void end_lane(Script *script, Lane *lane)
{
    lane->ended = true;
    for (unsigned i = 0; i < lane->steps->len; i++) {
        Barrier *barrier = ((Step *)lane->steps->pdata[i])->barrier;

        if (barrier) {
            barrier->ended = lane->name;
        }
    }
    peer_mark(script, "ended", lane->name);
}

/* Does one step of a lane. False if nothing could be done. */
static bool advance(Script *script, Lane *lane)
{
    Step *step;

    if (lane->ended || script->ended) {
        return false;
    }
    if (lane->at == lane->steps->len) {
        end_lane(script, lane);
        return true;
    }
    step = current_step(lane);
    if (!do_step(script, lane, step) || script->ended) {
        return false;
    }
    lane->since = script->now;
    lane->streamed = 0;
    lane->fin = false;
    /* Back at its REPEAT, a lane enters the next round. */
    lane->entered = step->kind == END;
    lane->at = step->kind == END ? step->other : lane->at + 1;
    return true;
}

static bool everyone_has_ended(const Script *script)
{
    for (unsigned i = 0; i < script->lanes->len; i++) {
        const Lane *lane = script->lanes->pdata[i];

        if (!lane->ended && !lane->background) {
            return false;
        }
    }
    return true;
}

static bool has_foreground(const Script *script)
{
    for (unsigned i = 0; i < script->lanes->len; i++) {
        if (!((Lane *)script->lanes->pdata[i])->background) {
            return true;
        }
    }
    return false;
}

/* Until no lane can do anything. */
static void settle(Script *script)
{
    bool more = true;

    while (more && !script->ended) {
        more = false;
        for (unsigned i = 0; i < script->lanes->len; i++) {
            while (advance(script, script->lanes->pdata[i])) {
                more = true;
            }
        }
    }
    if (!script->ended && everyone_has_ended(script) &&
        has_foreground(script)) {
        peer_end(script, true, "", "");
    }
}

static void give_to_lane(Script *script, Frame *frame)
{
    for (unsigned i = 0; i < script->lanes->len; i++) {
        Lane *lane = script->lanes->pdata[i];

        if (frame_matches(frame, lane->match, 0, lane, NULL)) {
            if (lane->ended) {
                break;
            }
            g_queue_push_tail(&lane->inbox, frame);
            return;
        }
    }
    script->frames_unmatched++;
    g_free(frame);
}

void script_run(Script *script)
{
    Frame *frame;

    while ((frame = g_queue_pop_head(&script->arrived))) {
        give_to_lane(script, frame);
        settle(script);
    }
    settle(script);
}

int64_t script_deadline(const Script *script)
{
    int64_t soonest = FOR_EVER;

    for (unsigned i = 0; i < script->lanes->len; i++) {
        soonest = MIN(soonest, deadline(script->lanes->pdata[i]));
    }
    return script->ended ? FOR_EVER : soonest;
}
