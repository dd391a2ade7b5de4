/*
 * Network scripts: what the files that read one share.
 *
 *   words.c: words, numbers, bytes    term.c: terms    parse.c: lines
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef NET_SCRIPT_PARSE_H
#define NET_SCRIPT_PARSE_H

#include "script.h"

typedef struct Parser {
    Script *script;
    unsigned line;
    const char *text;           /* the line, without blanks around it */
    char **words;
    unsigned at;                /* the next word */
    unsigned count;
    GHashTable *abbreviations;  /* name -> GPtrArray of words */
    Lane *common;               /* variables that every lane begins with */
    Lane *lane;                 /* NULL: before the first one */
    GArray *open;               /* of unsigned: REPEATs without their END */
    char *error;
} Parser;

/* The first error is the one that is told. Answers false. */
bool wrong(Parser *p, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * words.c. What answers bool answers false after an error.
 */

const char *next_word(Parser *p);
/* A word that must be there. */
const char *need_word(Parser *p, const char *what);
bool at_end(Parser *p);
/* The words of p->text, abbreviations replaced. */
bool split_line(Parser *p);
bool is_hexadecimal(const char *word, size_t length);
bool check_name(Parser *p, const char *name);

int variable_index(const Lane *lane, const char *name);
/* The variable of this name in the lane, made if it is new; -1: no name. */
int define_variable(Parser *p, const char *name);
bool parse_number(Parser *p, const char *text, uint64_t *number);
Expression constant(uint64_t number);
bool parse_expression(Parser *p, const char *text, Expression *e);
bool parse_time(Parser *p, int64_t *time);
/* "0a1b..", an address, or a text in quotes. */
bool append_bytes(Parser *p, const char *word, GByteArray *bytes);

/*
 * term.c
 */

#define SEND_FLAGS (NO_LENGTH | NO_SUM | BAD_SUM | BAD_IP_SUM | PARTIAL | VALID)
#define EXPECT_FLAGS (ANY_SUM | OFFLOADED | SUMMED)

/* 0: it is no flag. */
unsigned parse_flag(const char *word);
GArray *new_terms(void);
/* Terms and flags of a frame that is expected, up to "reply". */
bool parse_condition(Parser *p, GArray *terms, unsigned *flags,
                     unsigned allowed);
/* Bytes, then terms and flags, of a frame that is sent. */
bool parse_frame(Parser *p, Step *step);

#endif
