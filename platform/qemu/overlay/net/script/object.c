/*
 * -object rel4-net-script,id=ID,file=SCRIPT[,log=FILE][,offload=on][,stop=on]
 *
 * The network back end ID, for netdev=ID of a card. virtio-net then sends by a
 * timer, too, unless it is told otherwise: QEMU's own way, a "bottom half",
 * runs whenever the host comes to it.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/module.h"
#include "qapi/error.h"
#include "qom/object_interfaces.h"
#include "hw/qdev-properties.h"
#include "standard-headers/linux/virtio_net.h"
#include "sysemu/sysemu.h"
#include "peer.h"

/* How long a card takes to look at what it is to send. */
#define CARD_NS "1000"

static bool client_has_vnet_hdr(NetClientState *client)
{
    return peer_of(client)->offload;
}

static bool client_has_vnet_hdr_len(NetClientState *client, int length)
{
    return peer_of(client)->offload &&
           (length == sizeof(struct virtio_net_hdr) ||
            length == sizeof(struct virtio_net_hdr_mrg_rxbuf));
}

static void client_using_vnet_hdr(NetClientState *client, bool enable)
{
    peer_of(client)->header = enable ? sizeof(struct virtio_net_hdr) : 0;
}

static void client_set_vnet_hdr_len(NetClientState *client, int length)
{
    peer_of(client)->header = length;
}

static void client_set_offload(NetClientState *client, int csum, int tso4,
                               int tso6, int ecn, int ufo)
{
    peer_of(client)->guest_sums = csum;
}

static NetClientInfo client_info = {
    .type = NET_CLIENT_DRIVER_NONE,
    .size = sizeof(NetScriptClient),
    .receive = peer_receive,
    .has_vnet_hdr = client_has_vnet_hdr,
    .has_vnet_hdr_len = client_has_vnet_hdr_len,
    .using_vnet_hdr = client_using_vnet_hdr,
    .set_vnet_hdr_len = client_set_vnet_hdr_len,
    .set_offload = client_set_offload,
};

static GlobalProperty card_defaults[] = {
    { "virtio-net-device", "tx", "timer", .optional = true },
    { "virtio-net-device", "x-txtimer", CARD_NS, .optional = true },
};

static void set_card_defaults(void)
{
    static bool done;

    for (unsigned i = 0; !done && i < ARRAY_SIZE(card_defaults); i++) {
        qdev_prop_register_global(&card_defaults[i]);
    }
    done = true;
}

static void net_script_complete(UserCreatable *object, Error **errp)
{
    NetScript *peer = NET_SCRIPT(object);
    const char *id = object_get_canonical_path_component(OBJECT(object));

    if (!peer->file) {
        error_setg(errp, "rel4-net-script needs file=SCRIPT");
        return;
    }
    if (qemu_find_netdev(id)) {
        error_setg(errp, "there is a network back end '%s' already", id);
        return;
    }
    peer->script = script_parse(peer->file, errp);
    if (!peer->script) {
        return;
    }
    if (peer->log_file) {
        peer->log = fopen(peer->log_file, "w");
        if (!peer->log) {
            error_setg_errno(errp, errno, "%s", peer->log_file);
            return;
        }
        setvbuf(peer->log, NULL, _IOLBF, 0);
    }
    peer->script->peer = peer;
    g_queue_init(&peer->sending);
    set_card_defaults();
    peer->client = qemu_new_net_client(&client_info, NULL, TYPE_NET_SCRIPT, id);
    container_of(peer->client, NetScriptClient, client)->peer = peer;
    peer->exit.notify = peer_machine_ends;
    qemu_add_exit_notifier(&peer->exit);
    peer->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, peer_work, peer);
    timer_mod(peer->timer, 0);
}

/* The client of a script cannot be taken back from its card. */
static bool net_script_can_be_deleted(UserCreatable *object)
{
    return false;
}

static char *get_file(Object *object, Error **errp)
{
    return g_strdup(NET_SCRIPT(object)->file);
}

static void set_file(Object *object, const char *value, Error **errp)
{
    g_free(NET_SCRIPT(object)->file);
    NET_SCRIPT(object)->file = g_strdup(value);
}

static char *get_log(Object *object, Error **errp)
{
    return g_strdup(NET_SCRIPT(object)->log_file);
}

static void set_log(Object *object, const char *value, Error **errp)
{
    g_free(NET_SCRIPT(object)->log_file);
    NET_SCRIPT(object)->log_file = g_strdup(value);
}

static bool get_offload(Object *object, Error **errp)
{
    return NET_SCRIPT(object)->offload;
}

static void set_offload(Object *object, bool value, Error **errp)
{
    NET_SCRIPT(object)->offload = value;
}

static bool get_stop(Object *object, Error **errp)
{
    return NET_SCRIPT(object)->stop;
}

static void set_stop(Object *object, bool value, Error **errp)
{
    NET_SCRIPT(object)->stop = value;
}

static void net_script_class_init(ObjectClass *oc, void *data)
{
    UserCreatableClass *creatable = USER_CREATABLE_CLASS(oc);

    creatable->complete = net_script_complete;
    creatable->can_be_deleted = net_script_can_be_deleted;
    object_class_property_add_str(oc, "file", get_file, set_file);
    object_class_property_add_str(oc, "log", get_log, set_log);
    object_class_property_add_bool(oc, "offload", get_offload, set_offload);
    object_class_property_add_bool(oc, "stop", get_stop, set_stop);
}

static const TypeInfo net_script_info = {
    .name = TYPE_NET_SCRIPT,
    .parent = TYPE_OBJECT,
    .instance_size = sizeof(NetScript),
    .class_init = net_script_class_init,
    .interfaces = (InterfaceInfo[]) { { TYPE_USER_CREATABLE }, { } },
};

static void net_script_register(void)
{
    type_register_static(&net_script_info);
}

type_init(net_script_register);
