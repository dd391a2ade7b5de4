/*
 * Network scripts: the peer at work. What a card gives to it is noted, and so
 * is what a card has accepted; everything else is done by a timer of the
 * virtual clock that is due at once, when no other code is in the middle of
 * something. (With sleep=off, a clock that all harts wait for goes on as soon
 * as a timer is set: so a timer is set last.)
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "net/queue.h"
#include "standard-headers/linux/virtio_net.h"
#include "sysemu/cpu-timers.h"
#include "peer.h"

enum {
    STATUS_PASSED = 0,
    STATUS_FAILED = 121,
};

static void look_at_once(NetScript *peer)
{
    timer_mod(peer->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
}

/*
 * Frames of the guest
 */

ssize_t peer_receive(NetClientState *client, const uint8_t *data, size_t size)
{
    NetScript *peer = peer_of(client);
    Script *script = peer->script;
    struct virtio_net_hdr card = {};
    Frame *frame;

    if (script->ended || size < peer->header) {
        return size;
    }
    memcpy(&card, data, MIN(peer->header, sizeof(card)));
    frame = g_malloc(sizeof(*frame) + size - peer->header);
    frame->size = size - peer->header;
    frame->time = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    frame->offloaded = card.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
    memcpy(frame->data, data + peer->header, frame->size);
    if (frame->offloaded) {
        frame_finish_sum(frame, card.csum_start, card.csum_offset);
    }
    frame->anatomy = frame_anatomy(frame->data, frame->size, true);
    script->frames_received++;
    g_queue_push_tail(&script->arrived, frame);
    look_at_once(peer);
    return size;
}

/*
 * Frames for the guest: one at a time, in the order in which lanes come
 */

static void is_sent(NetScript *peer)
{
    Lane *lane = g_queue_pop_head(&peer->sending);

    lane->sent = true;
    peer->script->frames_sent++;
}

/* A card that its driver has reset refuses what waits for it. */
static void client_sent(NetClientState *client, ssize_t size)
{
    NetScript *peer = peer_of(client);

    peer->on_its_way = false;
    if (size > 0) {
        is_sent(peer);
    }
    look_at_once(peer);
}

static void client_ready(NetClientState *client, ssize_t size)
{
    NetScript *peer = peer_of(client);

    peer->asked = false;
    look_at_once(peer);
}

/* A card has no means to say that its driver has started it. But it looks at
   what waits for it just before that, and refuses it: so something does. */
static void ask_when_ready(NetScript *peer)
{
    static const uint8_t nothing[14];

    if (!peer->asked) {
        peer->asked = true;
        qemu_net_queue_send(peer->client->peer->incoming_queue, peer->client,
                            QEMU_NET_PACKET_FLAG_NONE, nothing,
                            sizeof(nothing), client_ready);
    }
}

/* The card takes the first one's frame at once, or calls client_sent. */
static void send_first(NetScript *peer)
{
    while (!g_queue_is_empty(&peer->sending)) {
        Lane *lane = g_queue_peek_head(&peer->sending);

        if (!qemu_can_send_packet(peer->client)) {
            ask_when_ready(peer);
            return;
        }
        frame_build(lane, peer->header, peer->header && peer->guest_sums);
        if (!qemu_send_packet_async(peer->client, lane->frame->data,
                                    lane->frame->len, client_sent)) {
            peer->on_its_way = true;
            return;
        }
        is_sent(peer);
    }
}

void peer_send(Script *script, Lane *lane)
{
    g_queue_push_tail(&script->peer->sending, lane);
    if (!script->peer->on_its_way) {
        send_first(script->peer);
    }
}

void peer_work(void *opaque)
{
    NetScript *peer = opaque;
    int64_t deadline;

    peer->script->now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    if (!peer->on_its_way) {
        send_first(peer);
    }
    script_run(peer->script);
    deadline = script_deadline(peer->script);
    if (deadline != FOR_EVER) {
        timer_mod(peer->timer, deadline);
    }
}

/*
 * The log
 */

static G_GNUC_PRINTF(2, 3) void note(NetScript *peer, const char *format, ...)
{
    va_list arguments;

    if (peer->log) {
        va_start(arguments, format);
        vfprintf(peer->log, format, arguments);
        va_end(arguments);
    }
}

void peer_mark(Script *script, const char *what, const char *name)
{
    note(script->peer, "%s %s time=%" PRId64 " instructions=%" PRId64
         " sent=%" PRIu64 " received=%" PRIu64 "\n", what, name, script->now,
         icount_enabled() ? icount_get_raw() : 0, script->frames_sent,
         script->frames_received);
}

static void tell(NetScript *peer, const char *verdict, const char *reason)
{
    const char *id = object_get_canonical_path_component(OBJECT(peer));

    fprintf(stderr, "net-script %s: %s%s%s\n", id, verdict,
            *reason ? ": " : "", reason);
}

void peer_end(Script *script, bool passed, const char *summary,
              const char *details)
{
    NetScript *peer = script->peer;
    const char *verdict = passed ? "passed" : "failed";
    unsigned unread = 0;

    script->ended = true;
    for (unsigned i = 0; i < script->lanes->len; i++) {
        unread += ((Lane *)script->lanes->pdata[i])->inbox.length;
    }
    if (!passed) {
        note(peer, "failure %s\n%s", summary, details);
    }
    note(peer, "frames unmatched=%" PRIu64 " unread=%u\n",
         script->frames_unmatched, unread);
    peer_mark(script, "verdict", verdict);
    tell(peer, verdict, summary);
    if (peer->stop) {
        exit(passed ? STATUS_PASSED : STATUS_FAILED);
    }
}

void peer_machine_ends(Notifier *notifier, void *data)
{
    NetScript *peer = container_of(notifier, NetScript, exit);
    GPtrArray *lanes = peer->script->lanes;
    g_autoptr(GString) first = g_string_new("");

    for (unsigned i = 0; i < lanes->len && !peer->script->ended; i++) {
        const Lane *lane = lanes->pdata[i];
        const Step *step;

        if (lane->ended || lane->background) {
            continue;
        }
        step = lane->steps->pdata[lane->at];
        note(peer, "unfinished lane %s, line %u: %s\n", lane->name, step->line,
             step->text);
        if (!first->len) {
            g_string_printf(first, "lane %s, line %u: %s", lane->name,
                            step->line, step->text);
        }
    }
    if (first->len) {
        note(peer, "verdict unfinished\n");
        tell(peer, "unfinished", first->str);
    }
    if (peer->log) {
        fflush(peer->log);
    }
}
