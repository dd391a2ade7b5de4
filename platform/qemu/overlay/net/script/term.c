/*
 * Network scripts: terms, flags and frames.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "parse.h"

static const struct {
    const char *name;
    Protocol protocol;
    uint32_t offset;
    unsigned size;
} fields[] = {
    { "eth.dst", ANY_FRAME, 0, 6 },
    { "eth.src", ANY_FRAME, 6, 6 },
    { "eth.type", ANY_FRAME, 12, 2 },
    { "arp.op", ARP, 20, 2 },
    { "arp.sha", ARP, 22, 6 },
    { "arp.spa", ARP, 28, 4 },
    { "arp.tha", ARP, 32, 6 },
    { "arp.tpa", ARP, 38, 4 },
    { "ip.tos", IPV4, 15, 1 },
    { "ip.length", IPV4, 16, 2 },
    { "ip.id", IPV4, 18, 2 },
    { "ip.fragment", IPV4, 20, 2 },
    { "ip.ttl", IPV4, 22, 1 },
    { "ip.protocol", IPV4, 23, 1 },
    { "ip.sum", IPV4, 24, 2 },
    { "ip.src", IPV4, 26, 4 },
    { "ip.dst", IPV4, 30, 4 },
    { "icmp.type", ICMP, 34, 1 },
    { "icmp.code", ICMP, 35, 1 },
    { "icmp.sum", ICMP, 36, 2 },
    { "icmp.id", ICMP, 38, 2 },
    { "icmp.seq", ICMP, 40, 2 },
    { "udp.src", UDP, 34, 2 },
    { "udp.dst", UDP, 36, 2 },
    { "udp.length", UDP, 38, 2 },
    { "udp.sum", UDP, 40, 2 },
    { "tcp.src", TCP, 34, 2 },
    { "tcp.dst", TCP, 36, 2 },
    { "tcp.seq", TCP, 38, 4 },
    { "tcp.ack", TCP, 42, 4 },
    { "tcp.header", TCP, 46, 1 },
    { "tcp.flags", TCP, 47, 1 },
    { "tcp.window", TCP, 48, 2 },
    { "tcp.sum", TCP, 50, 2 },
    { "tcp.urgent", TCP, 52, 2 },
};

static const struct {
    const char *name;
    unsigned flag;
} flag_names[] = {
    { "nolength", NO_LENGTH }, { "nosum", NO_SUM }, { "badsum", BAD_SUM },
    { "badipsum", BAD_IP_SUM }, { "partial", PARTIAL }, { "valid", VALID },
    { "anysum", ANY_SUM }, { "offloaded", OFFLOADED }, { "summed", SUMMED },
    { "fin", FIN },
};

/* Letters of TCP's flags: "SA" is 0x12. */
static bool parse_tcp_flags(const char *text, uint64_t *number)
{
    static const char letters[] = "FSRPAUEC";

    *number = 0;
    for (; *text; text++) {
        const char *letter = strchr(letters, *text);

        if (!letter) {
            return false;
        }
        *number |= 1 << (letter - letters);
    }
    return true;
}

static bool parse_offset(Parser *p, const char *text, uint32_t *offset)
{
    uint64_t number;

    if (!parse_number(p, text, &number)) {
        return false;
    }
    *offset = number;
    return number < LONGEST_FRAME || wrong(p, "%s is beyond any frame", text);
}

static bool parse_place(Parser *p, const char *text, Place *place)
{
    g_autofree char *offset = NULL;
    const char *colon = strchr(text, ':');

    *place = (Place) {};
    for (unsigned i = 0; i < ARRAY_SIZE(fields); i++) {
        if (g_str_equal(text, fields[i].name)) {
            *place = (Place) { FROM_START, fields[i].protocol,
                               fields[i].offset, fields[i].size };
            return true;
        }
    }
    if (g_str_equal(text, "length") || g_str_equal(text, "payload.length")) {
        place->base = *text == 'l' ? FRAME_LENGTH : PAYLOAD_LENGTH;
        place->size = 8;
        return true;
    }
    if (colon && (colon[1] < '1' || colon[1] > '8' || colon[2])) {
        return wrong(p, "'%s': a number has 1 to 8 bytes", text);
    }
    offset = g_strndup(text, colon ? colon - text : strlen(text));
    place->size = colon ? colon[1] - '0' : 0;
    if (g_str_has_prefix(offset, "payload")) {
        const char *rest = offset + strlen("payload");

        place->base = FROM_PAYLOAD;
        return !*rest || (*rest == '+' &&
                          parse_offset(p, rest + 1, &place->offset)) ||
               wrong(p, "'%s' is no place in a frame", text);
    }
    if (!g_ascii_isdigit(*offset)) {
        return wrong(p, "'%s' is no place in a frame", text);
    }
    return parse_offset(p, offset, &place->offset);
}

/* What follows a term's = if it is a number. */
static bool parse_value(Parser *p, char *text, Term *term)
{
    char *slash = strchr(text, '/');
    bool flags = g_str_has_prefix(term->text, "tcp.flags");
    uint64_t number;

    term->mask = UINT64_MAX;
    if (slash) {
        *slash++ = 0;
        if (!(flags && parse_tcp_flags(slash, &term->mask)) &&
            !parse_number(p, slash, &term->mask)) {
            return false;
        }
    }
    if (flags && parse_tcp_flags(text, &number)) {
        term->value = constant(number);
        return true;
    }
    return parse_expression(p, text, &term->value);
}

static bool parse_bytes(Parser *p, char *text, Term *term)
{
    char *slash = *text == '"' ? NULL : strchr(text, '/');

    term->content = BYTES;
    term->bytes = g_byte_array_new();
    if (slash) {
        *slash++ = 0;
        term->bytes_mask = g_byte_array_new();
        if (!append_bytes(p, slash, term->bytes_mask)) {
            return false;
        }
    }
    if (!append_bytes(p, text, term->bytes)) {
        return false;
    }
    return !slash || term->bytes->len == term->bytes_mask->len ||
           wrong(p, "'%s': the mask is not as long as the bytes", term->text);
}

/* What follows a term's ~. */
static bool parse_pattern(Parser *p, char *text, Term *term)
{
    char *seed = strchr(text, '='), *position;

    term->content = PATTERN;
    if (!seed) {
        return wrong(p, "'%s': a pattern is ~LENGTH=SEED", term->text);
    }
    *seed++ = 0;
    position = strchr(seed, '@');
    if (position) {
        *position++ = 0;
    }
    term->position = constant(0);
    return parse_expression(p, text, &term->length) &&
           parse_expression(p, seed, &term->value) &&
           (!position || parse_expression(p, position, &term->position));
}

/* PLACE=.., PLACE!=.., PLACE~.. or PLACE->VARIABLE. */
static bool parse_term(Parser *p, const char *word, Term *term)
{
    size_t length = strcspn(word, "=!~>");
    g_autofree char *place = NULL;
    g_autofree char *rest = NULL;
    char sign = word[length];

    *term = (Term) { .text = g_strdup(word) };
    if (!sign || (sign == '!' && word[length + 1] != '=') ||
        (sign == '>' && (!length || word[length - 1] != '-'))) {
        return wrong(p, "'%s' is no term: PLACE=, PLACE!=, PLACE~ or PLACE->",
                     word);
    }
    place = g_strndup(word, sign == '>' ? length - 1 : length);
    rest = g_strdup(word + length + (sign == '!' ? 2 : 1));
    if (!parse_place(p, place, &term->place)) {
        return false;
    }
    term->relation = sign == '!' ? UNEQUAL : sign == '>' ? CAPTURE : EQUAL;
    if (sign == '>') {
        term->variable = define_variable(p, rest);
        return term->variable >= 0 &&
               (term->place.size || wrong(p, "'%s': bytes do not go into a "
                                          "variable, numbers do (12:2)", word));
    }
    if (sign == '~') {
        return (!term->place.size || wrong(p, "'%s': a pattern has its own "
                                           "length", word)) &&
               parse_pattern(p, rest, term);
    }
    return term->place.size ? parse_value(p, rest, term) :
                              parse_bytes(p, rest, term);
}

unsigned parse_flag(const char *word)
{
    for (unsigned i = 0; i < ARRAY_SIZE(flag_names); i++) {
        if (g_str_equal(word, flag_names[i].name)) {
            return flag_names[i].flag;
        }
    }
    return 0;
}

GArray *new_terms(void)
{
    return g_array_new(false, true, sizeof(Term));
}

bool parse_condition(Parser *p, GArray *terms, unsigned *flags,
                     unsigned allowed)
{
    while (p->at < p->count && !g_str_equal(p->words[p->at], "reply")) {
        const char *word = next_word(p);
        unsigned flag = parse_flag(word);
        Term term;

        if (flag & allowed) {
            *flags |= flag;
            continue;
        }
        if (flag) {
            return wrong(p, "'%s' is not for this", word);
        }
        if (!parse_term(p, word, &term)) {
            return false;
        }
        g_array_append_val(terms, term);
    }
    return true;
}

bool parse_frame(Parser *p, Step *step)
{
    step->bytes = g_byte_array_new();
    step->terms = new_terms();
    while (p->at < p->count) {
        const char *word = next_word(p);
        unsigned flag = parse_flag(word);
        Term term;

        if (flag & SEND_FLAGS) {
            step->flags |= flag;
        } else if (flag) {
            return wrong(p, "'%s' is not for frames that are sent", word);
        } else if (*word == '"' || !strpbrk(word, "=~>")) {
            if (step->terms->len) {
                return wrong(p, "'%s': bytes come before terms", word);
            }
            if (!append_bytes(p, word, step->bytes)) {
                return false;
            }
        } else if (!parse_term(p, word, &term)) {
            return false;
        } else if (term.relation != EQUAL || term.bytes_mask ||
                   (term.content == NUMBER && term.mask != UINT64_MAX) ||
                   term.place.base >= FRAME_LENGTH) {
            return wrong(p, "'%s' cannot be put into a frame", word);
        } else {
            g_array_append_val(step->terms, term);
        }
    }
    if (step->bytes->len + step->terms->len == 0) {
        return wrong(p, "a frame is missing");
    }
    return step->bytes->len <= LONGEST_FRAME ||
           wrong(p, "the frame is too long");
}
