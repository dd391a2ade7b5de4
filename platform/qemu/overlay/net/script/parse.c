/*
 * Network scripts: reads one. Everything that can be wrong with a script by
 * itself is found here, before the machine starts: the first defect is told
 * with its line.
 *
 *   line  --split--> words --expand--> words without abbreviations --> Step
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "parse.h"

static bool parse_set(Parser *p, Step *step)
{
    const char *name = need_word(p, "a variable");
    const char *value = name ? need_word(p, "its value") : NULL;

    if (!value || !parse_expression(p, value, &step->value) || !at_end(p)) {
        return false;
    }
    step->variable = define_variable(p, name);
    return step->variable >= 0;
}

static bool parse_stream(Parser *p, Step *step)
{
    const char *name;

    step->terms = new_terms();
    if (!parse_time(p, &step->time)) {
        return false;
    }
    name = need_word(p, "a variable");
    if (!name) {
        return false;
    }
    step->variable = variable_index(p->lane, name);
    if (step->variable < 0) {
        return wrong(p, "there is no variable '%s' up to here", name);
    }
    if (!parse_condition(p, step->terms, &step->flags, EXPECT_FLAGS | FIN)) {
        return false;
    }
    if (step->terms->len == 0) {
        return wrong(p, "the bytes are missing: payload=.. or payload~..");
    }
    for (unsigned i = 0; i < step->terms->len; i++) {
        Term *term = &g_array_index(step->terms, Term, i);
        bool data = term->place.base == FROM_PAYLOAD;

        if (data != (i == 0) || (i == 0 && (term->place.offset ||
            term->bytes_mask || term->place.size ||
            term->relation != EQUAL))) {
            return wrong(p, "a stream's first term, and only that, is "
                         "payload=.. or payload~..");
        }
    }
    if (next_word(p)) {
        step->reply = g_new0(Step, 1);
        step->reply->kind = SEND;
        return parse_frame(p, step->reply);
    }
    return true;
}

static bool parse_repeat(Parser *p, Step *step)
{
    const char *times = need_word(p, "how often"), *name;
    unsigned index = p->lane->steps->len;

    if (!times) {
        return false;
    }
    step->forever = g_str_equal(times, "forever");
    step->variable = -1;
    if (!step->forever && !parse_expression(p, times, &step->value)) {
        return false;
    }
    name = next_word(p);
    if (name) {
        step->variable = define_variable(p, name);
        if (step->variable < 0) {
            return false;
        }
    }
    p->lane->background |= step->forever;
    g_array_append_val(p->open, index);
    return at_end(p);
}

/* Something for ever must take time, or the machine stands still. */
static bool takes_time(const Step *step)
{
    return step->kind == WAIT || step->kind == EXPECT || step->kind == AWAIT ||
           step->kind == STREAM || step->kind == SILENCE;
}

static bool parse_end(Parser *p, Step *step)
{
    unsigned begin;
    Step *repeat;

    if (!p->open->len) {
        return wrong(p, "end without repeat");
    }
    begin = g_array_index(p->open, unsigned, p->open->len - 1);
    g_array_set_size(p->open, p->open->len - 1);
    repeat = p->lane->steps->pdata[begin];
    repeat->other = p->lane->steps->len;
    step->other = begin;
    for (unsigned i = begin; repeat->forever; i++) {
        if (i == p->lane->steps->len) {
            return wrong(p, "the loop of line %u would never take time: it "
                         "needs a wait, an expect or the like", repeat->line);
        }
        if (takes_time(p->lane->steps->pdata[i])) {
            break;
        }
    }
    return at_end(p);
}

static bool has_barrier(const Lane *lane, const Barrier *barrier)
{
    for (unsigned i = 0; i < lane->steps->len; i++) {
        if (((Step *)lane->steps->pdata[i])->barrier == barrier) {
            return true;
        }
    }
    return false;
}

static bool parse_barrier(Parser *p, Step *step)
{
    const char *name = need_word(p, "a name");
    GPtrArray *barriers = p->script->barriers;

    if (!name || !check_name(p, name)) {
        return false;
    }
    for (unsigned i = 0; i < barriers->len && !step->barrier; i++) {
        Barrier *barrier = barriers->pdata[i];

        if (g_str_equal(barrier->name, name)) {
            step->barrier = barrier;
        }
    }
    if (!step->barrier) {
        step->barrier = g_new0(Barrier, 1);
        step->barrier->name = g_strdup(name);
        g_ptr_array_add(barriers, step->barrier);
    }
    step->barrier->lanes += !has_barrier(p->lane, step->barrier);
    return at_end(p);
}

static bool parse_mark(Parser *p, Step *step)
{
    const char *name = need_word(p, "a name");

    step->name = g_strdup(name);
    return name && check_name(p, name) && at_end(p);
}

static bool parse_wait(Parser *p, Step *step)
{
    return parse_time(p, &step->time) && at_end(p) &&
           (step->time != FOR_EVER || wrong(p, "this ends some time"));
}

static bool parse_expect(Parser *p, Step *step)
{
    step->terms = new_terms();
    return parse_time(p, &step->time) &&
           parse_condition(p, step->terms, &step->flags, EXPECT_FLAGS) &&
           at_end(p);
}

static bool parse_ignore(Parser *p, Step *step)
{
    step->terms = new_terms();
    if (!parse_condition(p, step->terms, &step->flags, EXPECT_FLAGS)) {
        return false;
    }
    for (unsigned i = 0; i < step->terms->len; i++) {
        if (g_array_index(step->terms, Term, i).relation == CAPTURE) {
            return wrong(p, "what is ignored goes into no variable");
        }
    }
    return at_end(p);
}

static const struct {
    const char *name;
    StepKind kind;
    bool (*parse)(Parser *p, Step *step);
} statements[] = {
    { "set", SET, parse_set },
    { "wait", WAIT, parse_wait },
    { "send", SEND, parse_frame },
    { "expect", EXPECT, parse_expect },
    { "await", AWAIT, parse_expect },
    { "stream", STREAM, parse_stream },
    { "silence", SILENCE, parse_wait },
    { "ignore", IGNORE, parse_ignore },
    { "heed", HEED, NULL },
    { "repeat", REPEAT, parse_repeat },
    { "end", END, parse_end },
    { "barrier", BARRIER, parse_barrier },
    { "mark", MARK, parse_mark },
};

static Lane *new_lane(const char *name, unsigned line)
{
    Lane *lane = g_new0(Lane, 1);

    lane->name = g_strdup(name);
    lane->line = line;
    lane->match = new_terms();
    lane->steps = g_ptr_array_new();
    lane->variables = g_ptr_array_new();
    lane->values = g_array_new(false, true, sizeof(uint64_t));
    lane->ignored = g_ptr_array_new();
    lane->rounds = g_array_new(false, true, sizeof(uint64_t));
    lane->frame = g_byte_array_new();
    g_queue_init(&lane->inbox);
    return lane;
}

static bool end_lane(Parser *p)
{
    if (p->open->len) {
        unsigned begin = g_array_index(p->open, unsigned, p->open->len - 1);
        Step *repeat = p->lane->steps->pdata[begin];

        return wrong(p, "the repeat of line %u has no end", repeat->line);
    }
    if (p->lane) {
        g_array_set_size(p->lane->rounds, p->lane->steps->len);
    }
    return true;
}

static bool parse_lane(Parser *p)
{
    const char *name = need_word(p, "a name");
    Lane *common = p->common;

    if (!end_lane(p) || !name || !check_name(p, name) || !at_end(p)) {
        return false;
    }
    for (unsigned i = 0; i < p->script->lanes->len; i++) {
        if (g_str_equal(((Lane *)p->script->lanes->pdata[i])->name, name)) {
            return wrong(p, "there is a lane '%s' already", name);
        }
    }
    p->lane = new_lane(name, p->line);
    g_ptr_array_add(p->script->lanes, p->lane);
    for (unsigned i = 0; i < common->variables->len; i++) {
        g_ptr_array_add(p->lane->variables, common->variables->pdata[i]);
    }
    g_array_append_vals(p->lane->values, common->values->data,
                        common->values->len);
    return true;
}

static bool parse_match(Parser *p)
{
    unsigned flags = 0;

    if (!p->lane) {
        return wrong(p, "match belongs into a lane");
    }
    if (!parse_condition(p, p->lane->match, &flags, 0)) {
        return false;
    }
    for (unsigned i = 0; i < p->lane->match->len; i++) {
        if (g_array_index(p->lane->match, Term, i).relation == CAPTURE) {
            return wrong(p, "a filter changes no variable");
        }
    }
    return at_end(p);
}

static bool parse_abbreviation(Parser *p)
{
    const char *name = need_word(p, "a name");
    GPtrArray *meaning = g_ptr_array_new();

    if (!name || !check_name(p, name)) {
        return false;
    }
    if (parse_flag(name) || g_str_equal(name, "reply") ||
        g_str_equal(name, "forever") || g_str_equal(name, "ever")) {
        return wrong(p, "'%s' means something else already", name);
    }
    if (is_hexadecimal(name, strlen(name))) {
        return wrong(p, "'%s' is no name for this: it could be bytes", name);
    }
    while (p->at < p->count) {
        g_ptr_array_add(meaning, (char *)next_word(p));
    }
    if (!meaning->len) {
        return wrong(p, "what '%s' stands for is missing", name);
    }
    g_hash_table_insert(p->abbreviations, g_strdup(name), meaning);
    return true;
}

static bool parse_statement(Parser *p, const char *word)
{
    for (unsigned i = 0; i < ARRAY_SIZE(statements); i++) {
        Step *step;

        if (!g_str_equal(statements[i].name, word)) {
            continue;
        }
        step = g_new0(Step, 1);
        step->kind = statements[i].kind;
        step->line = p->line;
        step->text = g_strdup(p->text);
        if (!p->lane && step->kind == SET) {
            if (!parse_set(p, step)) {
                return false;
            }
            g_array_index(p->common->values, uint64_t, step->variable) =
                expression_value(&step->value, p->common);
            return true;
        }
        if (!p->lane) {
            return wrong(p, "'%s' belongs into a lane", word);
        }
        if (statements[i].parse ? !statements[i].parse(p, step) : !at_end(p)) {
            return false;
        }
        g_ptr_array_add(p->lane->steps, step);
        return true;
    }
    return wrong(p, "'%s' is unknown", word);
}

static bool parse_line(Parser *p)
{
    const char *word = split_line(p) ? next_word(p) : NULL;

    if (!word) {
        return !p->error;
    }
    if (g_str_equal(word, "lane")) {
        return parse_lane(p);
    }
    if (g_str_equal(word, "match")) {
        return parse_match(p);
    }
    if (g_str_equal(word, "let")) {
        return parse_abbreviation(p);
    }
    return parse_statement(p, word);
}

static bool parse_lines(Parser *p, char *text, size_t length)
{
    g_auto(GStrv) lines = NULL;

    if (memchr(text, 0, length)) {
        for (p->line = 1; *text; text++) {
            p->line += *text == '\n';
        }
        return wrong(p, "this is no text");
    }
    lines = g_strsplit(text, "\n", -1);
    for (; lines[p->line]; ) {
        p->text = g_strstrip(lines[p->line++]);
        if (!parse_line(p)) {
            return false;
        }
    }
    return end_lane(p) && (p->lane || wrong(p, "there is no lane"));
}

Script *script_parse(const char *file, Error **errp)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) unreadable = NULL;
    Script *script = g_new0(Script, 1);
    Parser p = {
        .script = script,
        .abbreviations = g_hash_table_new(g_str_hash, g_str_equal),
        .common = new_lane("", 0),
        .open = g_array_new(false, false, sizeof(unsigned)),
    };
    size_t length;

    script->lanes = g_ptr_array_new();
    script->barriers = g_ptr_array_new();
    g_queue_init(&script->arrived);
    if (!g_file_get_contents(file, &text, &length, &unreadable)) {
        error_setg(errp, "%s", unreadable->message);
        return NULL;
    }
    if (!parse_lines(&p, text, length)) {
        error_setg(errp, "%s:%u: %s", file, MAX(p.line, 1), p.error);
        return NULL;
    }
    g_hash_table_destroy(p.abbreviations);
    g_array_free(p.open, true);
    return script;
}
