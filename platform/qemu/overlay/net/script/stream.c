/*
 * Network scripts: STREAM, bytes that TCP delivers in segments of any length.
 * Bytes that came before are accepted again.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "lane.h"

enum {
    TCP_FIN = 1,
    TCP_RST = 4,
};

static uint64_t stream_length(const Term *data, const Lane *lane)
{
    return data->content == BYTES ? data->bytes->len :
           expression_value(&data->length, lane);
}

static uint8_t stream_byte(const Term *data, const Lane *lane, uint64_t at)
{
    return data->content == BYTES ? data->bytes->data[at] :
           pattern_byte(expression_value(&data->value, lane),
                        expression_value(&data->position, lane) + at);
}

/* What is wrong with the segment's bytes from `old` on; NULL if nothing. */
static char *check_bytes(const Frame *frame, size_t old, const Term *data,
                         const Lane *lane)
{
    const Anatomy *a = &frame->anatomy;
    uint64_t length = stream_length(data, lane);
    uint64_t at = lane->streamed;

    for (size_t i = a->payload + old; i < a->end; i++, at++) {
        if (at == length) {
            return g_strdup_printf("more than %" PRIu64 " bytes came", length);
        }
        if (frame->data[i] != stream_byte(data, lane, at)) {
            return g_strdup_printf("byte %" PRIu64 ": expected 0x%02x, got "
                                   "0x%02x", at, stream_byte(data, lane, at),
                                   frame->data[i]);
        }
    }
    return NULL;
}

static char *end_stream(Lane *lane, const Step *step)
{
    const Term *data = &g_array_index(step->terms, Term, 0);

    if (!(step->flags & FIN)) {
        return g_strdup("the guest has ended the connection");
    }
    if (lane->streamed != stream_length(data, lane)) {
        return g_strdup("the guest has ended the connection too early");
    }
    *lane_variable(lane, step->variable) += !lane->fin;
    lane->fin = true;
    return NULL;
}

/* Takes a segment. NULL, or what is wrong with it. *said: there is something
   in it that is to be acknowledged. */
static char *take_segment(Lane *lane, const Step *step, const Frame *frame,
                          bool *said)
{
    const Term *data = &g_array_index(step->terms, Term, 0);
    const char *breach = lane_breach(frame, step->flags);
    const Anatomy *a = &frame->anatomy;
    uint32_t length = a->end - a->payload, old;
    const uint8_t *tcp = frame->data + a->transport;
    char *why = NULL;

    if (breach || a->protocol != TCP) {
        return g_strdup(breach ? breach : "it is no TCP segment");
    }
    if (tcp[13] & TCP_RST) {
        return g_strdup("the guest has reset the connection");
    }
    *said = length || (tcp[13] & TCP_FIN);
    if (!*said) {
        return NULL;
    }
    old = *lane_variable(lane, step->variable) - ldl_be_p(tcp + 4);
    if ((int32_t)old < 0) {
        return g_strdup_printf("%u bytes are missing before it", -old);
    }
    if (!frame_matches(frame, step->terms, 1, lane, &why)) {
        return why;
    }
    if (old < length) {
        why = check_bytes(frame, old, data, lane);
        if (why) {
            return why;
        }
        lane->streamed += length - old;
        *lane_variable(lane, step->variable) += length - old;
        old = length;
    }
    return old == length && (tcp[13] & TCP_FIN) ? end_stream(lane, step) : NULL;
}

static bool is_streamed(const Lane *lane, const Step *step)
{
    const Term *data = &g_array_index(step->terms, Term, 0);

    return lane->streamed == stream_length(data, lane) &&
           (lane->fin || !(step->flags & FIN));
}

bool lane_stream(Script *script, Lane *lane, const Step *step)
{
    for (;;) {
        g_autofree Frame *frame = NULL;
        g_autofree char *why = NULL;
        bool said = false;

        if (lane->entered && !lane->sent) {
            return false;
        }
        if (is_streamed(lane, step)) {
            return true;
        }
        frame = g_queue_pop_head(&lane->inbox);
        if (!frame) {
            return lane_is_late(script, lane) &&
                   lane_fail(script, lane, NULL, "not all of it came in time");
        }
        if (lane_ignores(frame, lane)) {
            continue;
        }
        why = take_segment(lane, step, frame, &said);
        if (why) {
            return lane_fail(script, lane, frame, why);
        }
        if (said && step->reply) {
            lane_transmit(script, lane, step->reply);
        }
    }
}
