/*
 * Network scripts: words of a line, and the numbers and bytes that they are.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/cutils.h"
#include "parse.h"

#define NS_PER_SECOND INT64_C(1000000000)

bool wrong(Parser *p, const char *format, ...)
{
    va_list arguments;

    if (!p->error) {
        va_start(arguments, format);
        p->error = g_strdup_vprintf(format, arguments);
        va_end(arguments);
    }
    return false;
}

/*
 * Words
 */

const char *next_word(Parser *p)
{
    return p->at < p->count ? p->words[p->at++] : NULL;
}

const char *need_word(Parser *p, const char *what)
{
    const char *word = next_word(p);

    if (!word) {
        wrong(p, "%s is missing", what);
    }
    return word;
}

bool at_end(Parser *p)
{
    return p->at == p->count ||
           wrong(p, "'%s' is too much", p->words[p->at]);
}

/* Words end at blanks, but a text in quotes is of one word. */
static GPtrArray *split(Parser *p, const char *text)
{
    GPtrArray *words = g_ptr_array_new();

    while (*text) {
        const char *begin = text;
        bool quoted = false;

        if (g_ascii_isspace(*text)) {
            text++;
            continue;
        }
        if (*text == '#') {
            break;
        }
        while (*text && (quoted || !g_ascii_isspace(*text))) {
            if (*text == '"') {
                quoted = !quoted;
            } else if (quoted && *text == '\\' && text[1]) {
                text++;
            }
            text++;
        }
        if (quoted) {
            wrong(p, "a quote has no end");
        }
        g_ptr_array_add(words, g_strndup(begin, text - begin));
    }
    return words;
}

/* Replaces abbreviations; the first word of a line is never one. */
static void expand(Parser *p, GPtrArray *words)
{
    GPtrArray *all = g_ptr_array_new();

    for (unsigned i = 0; i < words->len; i++) {
        GPtrArray *meaning = i == 0 ? NULL :
            g_hash_table_lookup(p->abbreviations, words->pdata[i]);

        for (unsigned j = 0; meaning && j < meaning->len; j++) {
            g_ptr_array_add(all, meaning->pdata[j]);
        }
        if (!meaning) {
            g_ptr_array_add(all, words->pdata[i]);
        }
    }
    p->words = (char **)all->pdata;
    p->count = all->len;
    p->at = 0;
    g_ptr_array_free(all, false);
}

bool split_line(Parser *p)
{
    GPtrArray *words = split(p, p->text);

    expand(p, words);
    g_ptr_array_free(words, true);
    return !p->error;
}

bool is_hexadecimal(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isxdigit(word[i])) {
            return false;
        }
    }
    return length > 0;
}

bool check_name(Parser *p, const char *name)
{
    size_t length = strlen(name);

    if (!g_ascii_isalpha(name[0])) {
        return wrong(p, "'%s' is no name: it must begin with a letter", name);
    }
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isalnum(name[i]) && !strchr("_-", name[i])) {
            return wrong(p, "'%s' is no name: letters, digits, _ and - only",
                         name);
        }
    }
    return true;
}

static bool check_variable_name(Parser *p, const char *name)
{
    return !strchr(name, '-') ? check_name(p, name) :
           wrong(p, "'%s' is no variable: - is for subtraction", name);
}

/*
 * Numbers
 */

int variable_index(const Lane *lane, const char *name)
{
    for (unsigned i = 0; i < lane->variables->len; i++) {
        if (g_str_equal(lane->variables->pdata[i], name)) {
            return i;
        }
    }
    return -1;
}

static Lane *scope(Parser *p)
{
    return p->lane ? p->lane : p->common;
}

int define_variable(Parser *p, const char *name)
{
    Lane *lane = scope(p);
    int index = variable_index(lane, name);
    uint64_t zero = 0;

    if (index < 0 && check_variable_name(p, name)) {
        index = lane->variables->len;
        g_ptr_array_add(lane->variables, g_strdup(name));
        g_array_append_val(lane->values, zero);
    }
    return index;
}

/* "10.0.2.15" or "52:54:00:12:34:56". */
static bool parse_address(const char *text, uint64_t *number)
{
    bool dots = strchr(text, '.');
    g_auto(GStrv) parts = g_strsplit(text, dots ? "." : ":", -1);

    *number = 0;
    if (g_strv_length(parts) != (dots ? 4 : 6)) {
        return false;
    }
    for (unsigned i = 0; parts[i]; i++) {
        unsigned part;

        if (!is_hexadecimal(parts[i], strlen(parts[i])) ||
            qemu_strtoui(parts[i], NULL, dots ? 10 : 16, &part) || part > 255) {
            return false;
        }
        *number = *number << 8 | part;
    }
    return true;
}

bool parse_number(Parser *p, const char *text, uint64_t *number)
{
    if (strpbrk(text, ".:")) {
        return parse_address(text, number) ||
               wrong(p, "'%s' is no address", text);
    }
    return (g_ascii_isdigit(*text) && !qemu_strtou64(text, NULL, 0, number)) ||
           wrong(p, "'%s' is no number", text);
}

Expression constant(uint64_t number)
{
    return (Expression) {
        .count = 1, .parts = { { .variable = -1, .number = number } },
    };
}

bool parse_expression(Parser *p, const char *text, Expression *e)
{
    bool minus = false;

    e->count = 0;
    for (;;) {
        size_t length = strcspn(text, "+-");
        g_autofree char *part = g_strndup(text, length);
        uint64_t number = 0;
        int variable = -1;

        if (e->count == LONGEST_SUM) {
            return wrong(p, "a sum has at most %d parts", LONGEST_SUM);
        }
        if (g_ascii_isalpha(*part) && !strchr(part, ':')) {
            variable = variable_index(scope(p), part);
            if (variable < 0) {
                return wrong(p, "there is no variable '%s' up to here", part);
            }
        } else if (!parse_number(p, part, &number)) {
            return false;
        }
        e->parts[e->count].minus = minus;
        e->parts[e->count].variable = variable;
        e->parts[e->count++].number = number;
        if (!text[length]) {
            return true;
        }
        minus = text[length] == '-';
        text += length + 1;
    }
}

bool parse_time(Parser *p, int64_t *time)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {
        { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", NS_PER_SECOND },
    };
    const char *word = need_word(p, "a time"), *unit;
    uint64_t number;

    if (!word) {
        return false;
    }
    if (g_str_equal(word, "ever")) {
        *time = FOR_EVER;
        return true;
    }
    if (g_ascii_isdigit(*word) && !qemu_strtou64(word, &unit, 10, &number)) {
        for (unsigned i = 0; i < ARRAY_SIZE(units); i++) {
            if (g_str_equal(unit, units[i].name) && number > 0 &&
                number <= 1000000 * NS_PER_SECOND / units[i].ns) {
                *time = number * units[i].ns;
                return true;
            }
        }
    }
    return wrong(p, "'%s' is no time: a number from 1 up and ns, us, ms or s "
                 "(or: ever)", word);
}

/*
 * Bytes
 */

static bool append_text(Parser *p, const char *word, GByteArray *bytes)
{
    size_t length = strlen(word);

    if (length < 2 || word[length - 1] != '"') {
        return wrong(p, "'%s': nothing may follow a text", word);
    }
    for (size_t i = 1; i < length - 1; i++) {
        uint8_t byte = word[i];

        if (byte == '\\') {
            byte = word[++i];
            if (byte == 'x' && is_hexadecimal(word + i + 1, 2)) {
                byte = strtoul((char[]) { word[i + 1], word[i + 2], 0 },
                               NULL, 16);
                i += 2;
            } else if (byte == 'r' || byte == 'n') {
                byte = byte == 'r' ? '\r' : '\n';
            } else if (!strchr("\\\"", byte)) {
                return wrong(p, "in a text, \\ is followed by one of "
                             "r n \\ \" xHH");
            }
        }
        g_byte_array_append(bytes, &byte, 1);
    }
    return true;
}

static bool append_address(Parser *p, const char *word, GByteArray *bytes)
{
    uint64_t address;
    uint8_t wire[8];
    unsigned size = strchr(word, '.') ? 4 : 6;

    if (!parse_number(p, word, &address)) {
        return false;
    }
    stq_be_p(wire, address);
    g_byte_array_append(bytes, wire + sizeof(wire) - size, size);
    return true;
}

bool append_bytes(Parser *p, const char *word, GByteArray *bytes)
{
    size_t length = strlen(word);

    if (*word == '"') {
        return append_text(p, word, bytes);
    }
    if (strpbrk(word, ".:")) {
        return append_address(p, word, bytes);
    }
    if (!is_hexadecimal(word, length)) {
        return wrong(p, "'%s' is neither hexadecimal bytes nor a text nor the "
                     "name of some", word);
    }
    if (length % 2) {
        return wrong(p, "'%s': half a byte", word);
    }
    for (size_t i = 0; i < length; i += 2) {
        uint8_t byte = g_ascii_xdigit_value(word[i]) << 4 |
                       g_ascii_xdigit_value(word[i + 1]);

        g_byte_array_append(bytes, &byte, 1);
    }
    return true;
}
