/*
 * Network scripts: how a frame is made.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "standard-headers/linux/virtio_net.h"
#include "frame.h"

/* What makes a right sum a wrong one. */
#define WRONG 0x0101

static void set_sum(uint8_t *at, uint16_t sum, bool wrong)
{
    stw_be_p(at, wrong ? sum ^ WRONG : sum);
}

static uint16_t fold(uint32_t sum)
{
    return (uint16_t)~net_checksum_finish(sum);
}

static void fill_lengths(uint8_t *data, size_t size)
{
    size_t transport;

    stw_be_p(data + IP_LENGTH, size - ETHERNET_BYTES);
    transport = ETHERNET_BYTES + MAX(ip_header(data), IP_BYTES);
    if (data[IP_PROTOCOL] == 17 && transport + 8 <= size) {
        stw_be_p(data + transport + UDP_LENGTH, size - transport);
    }
}

/* True if the sum was left to the guest. */
static bool fill_sums(uint8_t *data, size_t size, unsigned flags)
{
    Anatomy a = frame_anatomy(data, size, true);
    size_t header = MIN(MAX(ip_header(data), IP_BYTES), size - ETHERNET_BYTES);
    uint16_t sum;

    if (a.protocol < IPV4) {
        return false;
    }
    stw_be_p(data + IP_SUM, 0);
    set_sum(data + IP_SUM, net_checksum_finish(
                net_checksum_add(header, data + ETHERNET_BYTES)),
            flags & BAD_IP_SUM);
    if (a.protocol < ICMP) {
        return false;
    }
    stw_be_p(data + a.sum, 0);
    if ((flags & PARTIAL) && a.protocol != ICMP) {
        set_sum(data + a.sum, fold(pseudo_header(data, &a)), flags & BAD_SUM);
        return true;
    }
    sum = net_checksum_finish(transport_sum(data, &a));
    if (a.protocol == UDP && !sum) {
        sum = 0xffff;           /* 0 says that there is none */
    }
    set_sum(data + a.sum, sum, flags & BAD_SUM);
    return false;
}

/* Where a term's place is in a frame that is being made. */
static size_t place_in(const Place *place, GByteArray *frame, unsigned header)
{
    Anatomy a = frame_anatomy(frame->data + header, frame->len - header,
                              false);

    return place->offset + (place->base == FROM_PAYLOAD ? a.payload : 0);
}

static void lengthen(GByteArray *frame, size_t size)
{
    size_t old = frame->len;

    if (size > old) {
        g_byte_array_set_size(frame, size);
        memset(frame->data + old, 0, size - old);
    }
}

static void put(Lane *lane, const Term *term, GByteArray *frame,
                unsigned header)
{
    size_t at = place_in(&term->place, frame, header) + header;
    uint64_t value = expression_value(&term->value, lane), position;
    size_t size = term->content == NUMBER ? term->place.size :
                  term->content == BYTES ? term->bytes->len :
                  expression_value(&term->length, lane);

    /* What would be too long is cut off: the longest frame is enough. */
    at = MIN(at, header + LONGEST_FRAME);
    size = MIN(size, header + LONGEST_FRAME - at);
    lengthen(frame, at + size);
    switch (term->content) {
    case NUMBER:
        for (unsigned i = 0; i < size; i++) {
            frame->data[at + i] = value >> (term->place.size - 1 - i) * 8;
        }
        break;
    case BYTES:
        memcpy(frame->data + at, term->bytes->data, size);
        break;
    case PATTERN:
        position = expression_value(&term->position, lane);
        for (size_t i = 0; i < size; i++) {
            frame->data[at + i] = pattern_byte(value, position + i);
        }
        break;
    }
}

void frame_build(Lane *lane, unsigned header, bool guest_sums)
{
    const Step *step = lane->outgoing;
    GByteArray *frame = lane->frame;
    struct virtio_net_hdr_mrg_rxbuf card = {};
    unsigned flags = guest_sums ? step->flags : step->flags & ~PARTIAL;
    uint8_t *data;
    size_t size;

    assert(header <= sizeof(card));
    g_byte_array_set_size(frame, 0);
    g_byte_array_append(frame, (uint8_t *)&card, header);
    g_byte_array_append(frame, step->bytes->data, step->bytes->len);
    for (unsigned i = 0; i < step->terms->len; i++) {
        put(lane, &g_array_index(step->terms, Term, i), frame, header);
    }
    lengthen(frame, header + ETHERNET_BYTES);
    data = frame->data + header;
    size = frame->len - header;
    if (size < ETHERNET_BYTES + IP_BYTES || lduw_be_p(data + 12) != 0x0800) {
        return;
    }
    if (!(flags & NO_LENGTH)) {
        fill_lengths(data, size);
    }
    if (!(flags & NO_SUM) && fill_sums(data, size, flags)) {
        Anatomy a = frame_anatomy(data, size, true);

        card.hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
        card.hdr.csum_start = a.transport;
        card.hdr.csum_offset = a.sum - a.transport;
    } else if (guest_sums && (flags & VALID)) {
        card.hdr.flags = VIRTIO_NET_HDR_F_DATA_VALID;
    }
    memcpy(frame->data, &card, header);
}
