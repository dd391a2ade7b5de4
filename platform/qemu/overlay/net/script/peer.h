/*
 * Network scripts: the peer, as its two files see it.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef NET_SCRIPT_PEER_H
#define NET_SCRIPT_PEER_H

#include "qemu/notify.h"
#include "qemu/timer.h"
#include "qom/object.h"
#include "net/net.h"
#include "script.h"

#define TYPE_NET_SCRIPT "rel4-net-script"
OBJECT_DECLARE_SIMPLE_TYPE(NetScript, NET_SCRIPT)

/* One for each client of the network layer, which frees it. */
typedef struct NetScriptClient {
    NetClientState client;
    NetScript *peer;
} NetScriptClient;

struct NetScript {
    Object parent;
    char *file;
    char *log_file;
    bool offload;
    bool stop;

    Script *script;
    FILE *log;
    QEMUTimer *timer;
    NetClientState *client;
    GQueue sending;             /* of Lane */
    bool on_its_way;            /* the first one's frame */
    bool asked;                 /* the card, when it is ready */
    unsigned header;            /* bytes before each frame; 0: none */
    bool guest_sums;            /* the guest can do without checksums */
    Notifier exit;
};

static inline NetScript *peer_of(NetClientState *client)
{
    return container_of(client, NetScriptClient, client)->peer;
}

/* What the card gives to the peer. */
ssize_t peer_receive(NetClientState *client, const uint8_t *data, size_t size);
/* Everything happens in here: a timer's function. */
void peer_work(void *opaque);
/* The machine ends, perhaps before the script does. */
void peer_machine_ends(Notifier *notifier, void *data);

#endif
