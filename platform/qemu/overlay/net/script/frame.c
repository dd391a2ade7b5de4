/*
 * Network scripts: what is in a frame.
 *
 * Frames are Ethernet II; what is known of are ARP and IPv4 with ICMP, UDP and
 * TCP. Nothing is believed of a frame: a length that leads out of it ends at
 * its end.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "frame.h"

static const struct {
    uint8_t number;
    Protocol protocol;
    unsigned header;
    unsigned sum;
} transports[] = {
    { 1, ICMP, 8, 2 },
    { 6, TCP, 20, 16 },
    { 17, UDP, 8, 6 },
};

static void find_transport(const uint8_t *data, Anatomy *a)
{
    size_t space = a->end - a->transport;

    if (lduw_be_p(data + IP_FRAGMENT) & FRAGMENT_BITS) {
        a->whole = false;
        return;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(transports); i++) {
        size_t header = transports[i].header;

        if (transports[i].number != data[IP_PROTOCOL]) {
            continue;
        }
        if (space >= header && transports[i].protocol == TCP) {
            header = MAX(header, (data[a->transport + 12] >> 4) * 4);
        }
        if (space < header) {
            a->whole = false;
            return;
        }
        a->protocol = transports[i].protocol;
        a->sum = a->transport + transports[i].sum;
        a->payload = a->transport + header;
    }
}

Anatomy frame_anatomy(const uint8_t *data, size_t size, bool complete)
{
    Anatomy a = {
        .protocol = ANY_FRAME, .whole = true, .transport = size, .sum = size,
        .payload = MIN(size, ETHERNET_BYTES), .end = size,
    };
    unsigned type = size < ETHERNET_BYTES ? 0 : lduw_be_p(data + 12);

    if (type == 0x0806) {
        a.protocol = ARP;
    } else if (type == 0x0800 && size >= ETHERNET_BYTES + IP_BYTES &&
               data[ETHERNET_BYTES] >> 4 == 4) {
        a.protocol = IPV4;
        a.transport = ETHERNET_BYTES + MAX(ip_header(data), IP_BYTES);
        a.end = complete ? ETHERNET_BYTES + lduw_be_p(data + IP_LENGTH) : size;
        if (a.end > size || a.transport > a.end) {
            a.whole = false;
            a.end = size;
            a.transport = MIN(a.transport, size);
        }
        a.payload = a.transport;
        find_transport(data, &a);
    }
    return a;
}

static bool belongs_to(Protocol found, Protocol wanted)
{
    return wanted == ANY_FRAME || found == wanted ||
           (wanted == IPV4 && found > IPV4);
}

static uint64_t number_at(const uint8_t *data, unsigned size)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < size; i++) {
        number = number << 8 | data[i];
    }
    return number;
}

static uint64_t bits_of(unsigned size)
{
    return size >= 8 || !size ? UINT64_MAX : (UINT64_C(1) << size * 8) - 1;
}

uint64_t expression_value(const Expression *expression, const Lane *lane)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < expression->count; i++) {
        int variable = expression->parts[i].variable;
        uint64_t part = variable < 0 ? expression->parts[i].number :
                        g_array_index(lane->values, uint64_t, variable);

        sum += expression->parts[i].minus ? -part : part;
    }
    return sum;
}

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014. */
uint8_t pattern_byte(uint64_t seed, uint64_t position)
{
    uint64_t z = seed * 0xd1342543de82ef95 +
                 (position / 8 + 1) * 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return z >> position % 8 * 8;
}

uint32_t pseudo_header(const uint8_t *data, const Anatomy *a)
{
    size_t length = a->end - a->transport;

    return net_checksum_add(8, (uint8_t *)data + IP_ADDRESSES) +
           data[IP_PROTOCOL] + (length & 0xffff) + (length >> 16);
}

uint32_t transport_sum(const uint8_t *data, const Anatomy *a)
{
    uint32_t sum = net_checksum_add(a->end - a->transport,
                                    (uint8_t *)data + a->transport);

    return a->protocol == ICMP ? sum : sum + pseudo_header(data, a);
}

bool frame_finish_sum(Frame *frame, size_t start, size_t offset)
{
    uint16_t sum;

    if (start + offset + 2 > frame->size) {
        return false;
    }
    sum = net_checksum_finish(net_checksum_add(frame->size - start,
                                               frame->data + start));
    stw_be_p(frame->data + start + offset, sum ? sum : 0xffff);
    return true;
}

const char *frame_defect(const Frame *frame)
{
    const uint8_t *data = frame->data;
    Anatomy a = frame->anatomy;

    if (a.protocol < IPV4) {
        return NULL;
    }
    if (ip_header(data) < IP_BYTES ||
        ip_header(data) > lduw_be_p(data + IP_LENGTH)) {
        return "IPv4: the header is too short, or longer than the packet";
    }
    if (lduw_be_p(data + IP_LENGTH) + ETHERNET_BYTES > frame->size) {
        return "IPv4: the length leads out of the frame";
    }
    if (net_checksum_finish(net_checksum_add(ip_header(data),
                            (uint8_t *)data + ETHERNET_BYTES))) {
        return "IPv4: wrong checksum";
    }
    if (!a.whole && !(lduw_be_p(data + IP_FRAGMENT) & FRAGMENT_BITS)) {
        return "the header behind IPv4's does not fit into the packet";
    }
    if (a.protocol < ICMP ||
        (a.protocol == UDP && !lduw_be_p(data + a.sum))) {
        return NULL;
    }
    if (a.protocol == UDP &&
        lduw_be_p(data + a.transport + UDP_LENGTH) != a.end - a.transport) {
        return "UDP: the length is not the packet's";
    }
    if (net_checksum_finish(transport_sum(data, &a))) {
        return a.protocol == ICMP ? "ICMP: wrong checksum" :
               a.protocol == UDP ? "UDP: wrong checksum" :
               "TCP: wrong checksum";
    }
    return NULL;
}

static const char *const protocol_names[] = {
    [ARP] = "ARP", [IPV4] = "IPv4", [ICMP] = "ICMP", [UDP] = "UDP",
    [TCP] = "TCP",
};

#define NOWHERE SIZE_MAX

/* Where a term's bytes begin; NOWHERE if they are not all there. */
static size_t find_place(const Frame *frame, const Place *place, size_t size)
{
    bool payload = place->base == FROM_PAYLOAD;
    size_t end = payload ? frame->anatomy.end : frame->size;
    size_t at = place->offset + (payload ? frame->anatomy.payload : 0);

    return at <= end && size <= end - at ? at : NOWHERE;
}

static bool number_of(const Frame *frame, const Place *place, uint64_t *number)
{
    size_t at;

    switch (place->base) {
    case FRAME_LENGTH:
        *number = frame->size;
        return true;
    case PAYLOAD_LENGTH:
        *number = frame->anatomy.end - frame->anatomy.payload;
        return true;
    default:
        at = find_place(frame, place, place->size);
        if (at != NOWHERE) {
            *number = number_at(frame->data + at, place->size);
        }
        return at != NOWHERE;
    }
}

static uint64_t wanted_number(const Term *term, const Lane *lane)
{
    return expression_value(&term->value, lane) & bits_of(term->place.size);
}

/* The length of a term's bytes, and the first one that is wrong: the length if
   none is. False: they are not in the frame. */
static bool compare_bytes(const Frame *frame, const Term *term,
                          const Lane *lane, size_t *size, size_t *first,
                          uint8_t *wanted, uint8_t *got)
{
    bool pattern = term->content == PATTERN;
    uint64_t seed = pattern ? expression_value(&term->value, lane) : 0;
    uint64_t position = pattern ? expression_value(&term->position, lane) : 0;
    const uint8_t *data;
    size_t at;

    *size = pattern ? expression_value(&term->length, lane) : term->bytes->len;
    at = find_place(frame, &term->place, *size);
    if (at == NOWHERE) {
        return false;
    }
    data = frame->data + at;
    for (*first = 0; *first < *size; ++*first) {
        size_t i = *first;
        uint8_t mask = term->bytes_mask ? term->bytes_mask->data[i] : 0xff;

        *wanted = mask & (pattern ? pattern_byte(seed, position + i) :
                                    term->bytes->data[i]);
        *got = mask & data[i];
        if (*wanted != *got) {
            break;
        }
    }
    return true;
}

static bool holds(const Frame *frame, const Term *term, const Lane *lane)
{
    bool same;

    if (!belongs_to(frame->anatomy.protocol, term->place.protocol)) {
        return false;
    }
    if (term->content == NUMBER) {
        uint64_t got;

        if (!number_of(frame, &term->place, &got)) {
            return false;
        }
        if (term->relation == CAPTURE) {
            return true;
        }
        same = ((got ^ wanted_number(term, lane)) & term->mask) == 0;
    } else {
        size_t size, first;
        uint8_t wanted, got;

        if (!compare_bytes(frame, term, lane, &size, &first, &wanted, &got)) {
            return false;
        }
        same = first == size;
    }
    return same == (term->relation == EQUAL);
}

/* Why a term does not hold. */
static char *explain(const Frame *frame, const Term *term, const Lane *lane)
{
    size_t size, first;
    uint8_t wanted_byte, byte;
    uint64_t wanted = wanted_number(term, lane), got;

    if (!belongs_to(frame->anatomy.protocol, term->place.protocol)) {
        return g_strdup_printf("%s: the frame is not %s", term->text,
                               protocol_names[term->place.protocol]);
    }
    if (term->content == NUMBER ? !number_of(frame, &term->place, &got) :
        !compare_bytes(frame, term, lane, &size, &first, &wanted_byte, &byte)) {
        return g_strdup_printf("%s: the frame is too short", term->text);
    }
    if (term->relation == UNEQUAL) {
        return g_strdup_printf("%s: it is the same", term->text);
    }
    if (term->content == NUMBER) {
        return g_strdup_printf("%s: expected 0x%" PRIx64 ", got 0x%" PRIx64,
                               term->text, wanted & term->mask,
                               got & term->mask);
    }
    return g_strdup_printf("%s: byte %zu: expected 0x%02x, got 0x%02x",
                           term->text, first, wanted_byte, byte);
}

bool frame_matches(const Frame *frame, const GArray *terms, unsigned first,
                   const Lane *lane, char **why)
{
    for (unsigned i = first; i < terms->len; i++) {
        const Term *term = &g_array_index(terms, Term, i);

        if (!holds(frame, term, lane)) {
            if (why) {
                *why = explain(frame, term, lane);
            }
            return false;
        }
    }
    return true;
}

void frame_capture(const Frame *frame, const GArray *terms, Lane *lane)
{
    for (unsigned i = 0; i < terms->len; i++) {
        const Term *term = &g_array_index(terms, Term, i);

        if (term->relation == CAPTURE) {
            number_of(frame, &term->place,
                      &g_array_index(lane->values, uint64_t, term->variable));
        }
    }
}

void frame_dump(const Frame *frame, GString *out)
{
    g_string_append_printf(out, "  %zu bytes, came at %" PRId64 " ns%s\n",
                           frame->size, frame->time,
                           frame->offloaded ? ", checksum left to the card" :
                           "");
    for (size_t line = 0; line < frame->size; line += 16) {
        g_string_append_printf(out, "  %04zx ", line);
        for (size_t i = line; i < MIN(line + 16, frame->size); i++) {
            g_string_append_printf(out, " %02x", frame->data[i]);
        }
        g_string_append_c(out, '\n');
    }
}
