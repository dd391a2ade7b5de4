/*
 * Network scripts: what the files about frames share.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef NET_SCRIPT_FRAME_H
#define NET_SCRIPT_FRAME_H

#include "net/checksum.h"
#include "qemu/bswap.h"
#include "script.h"

enum {
    ETHERNET_BYTES = 14,
    IP_BYTES = 20,
    IP_LENGTH = ETHERNET_BYTES + 2,
    IP_FRAGMENT = ETHERNET_BYTES + 6,
    IP_PROTOCOL = ETHERNET_BYTES + 9,
    IP_SUM = ETHERNET_BYTES + 10,
    IP_ADDRESSES = ETHERNET_BYTES + 12,
    UDP_LENGTH = 4,             /* from the header on */
    FRAGMENT_BITS = 0x3fff,     /* more fragments, offset */
};

static inline size_t ip_header(const uint8_t *data)
{
    return (data[ETHERNET_BYTES] & 15) * 4;
}

/* Sums to be folded: of the pseudo header, and of all that the checksum of
   ICMP, UDP or TCP covers. */
uint32_t pseudo_header(const uint8_t *data, const Anatomy *a);
uint32_t transport_sum(const uint8_t *data, const Anatomy *a);

#endif
