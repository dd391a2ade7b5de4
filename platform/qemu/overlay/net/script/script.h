/*
 * Network scripts: a peer on the wire that does what a file says.
 *
 *   file --script_parse--> Script: lanes of steps --script_run--> frames, log
 *
 * A script holds lanes, a lane steps and a filter. A frame of the guest goes
 * to the first lane whose filter it passes, and waits there until a step looks
 * at it. Lanes run side by side, each step of a lane when the one before is
 * done. Always holds: steps are only done in script_run, which the peer calls
 * from a timer of the virtual clock, so that what happens is a function of
 * the script and the guest alone.
 *
 * The language is in platform/qemu/README.md. Read next: lane.c, peer.c; then
 * frame.c and build.c, parse.c, term.c and words.c.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef NET_SCRIPT_SCRIPT_H
#define NET_SCRIPT_SCRIPT_H

#include <stdint.h>

#define LONGEST_FRAME (14 + 65535)
#define LONGEST_SUM 4
#define FOR_EVER INT64_MAX

/* Numbers and variables of the lane, added and subtracted modulo 2^64. */
typedef struct Expression {
    unsigned count;
    struct {
        bool minus;
        int variable;           /* -1: it is a number */
        uint64_t number;
    } parts[LONGEST_SUM];
} Expression;

typedef enum Protocol {
    ANY_FRAME, ARP, IPV4, ICMP, UDP, TCP
} Protocol;

typedef enum Base {
    FROM_START,                 /* of the frame */
    FROM_PAYLOAD,               /* behind the innermost header */
    FRAME_LENGTH,               /* no place, but a number: bytes of the frame */
    PAYLOAD_LENGTH,
} Base;

/* Something in a frame. */
typedef struct Place {
    Base base;
    Protocol protocol;          /* it exists in frames of this only */
    uint32_t offset;
    unsigned size;              /* bytes of a number; 0: what is there has its
                                   own length */
} Place;

typedef enum Content {
    NUMBER,                     /* big-endian */
    BYTES,
    PATTERN,                    /* pattern_byte: of a seed, from a position */
} Content;

typedef enum Relation {
    EQUAL, UNEQUAL, CAPTURE     /* CAPTURE: the number goes to a variable */
} Relation;

/* What is put into a frame, or must be there. */
typedef struct Term {
    Place place;
    Relation relation;
    Content content;
    Expression value;           /* of a number; the seed of a pattern */
    uint64_t mask;
    Expression length;          /* of a pattern */
    Expression position;        /* of a pattern's first byte */
    GByteArray *bytes;
    GByteArray *bytes_mask;     /* NULL: all bits */
    int variable;
    char *text;                 /* as it was written */
} Term;

typedef enum Flag {
    /* of frames that are sent */
    NO_LENGTH = 1 << 0,         /* lengths stay as written */
    NO_SUM = 1 << 1,            /* checksums stay as written */
    BAD_SUM = 1 << 2,           /* that of ICMP, UDP or TCP is wrong */
    BAD_IP_SUM = 1 << 3,
    PARTIAL = 1 << 4,           /* left to the guest, if it can */
    VALID = 1 << 5,             /* the guest need not look at the sums */
    /* of frames that are expected */
    ANY_SUM = 1 << 6,           /* checksums may be wrong */
    OFFLOADED = 1 << 7,         /* the guest has left the sum to its card */
    SUMMED = 1 << 8,            /* it has not */
    FIN = 1 << 9,               /* of a stream: it ends */
} Flag;

typedef struct Barrier {
    char *name;
    unsigned lanes;             /* that have a step with it */
    unsigned waiting;
    unsigned opened;            /* how often */
    const char *ended;          /* one of its lanes that has ended */
} Barrier;

typedef enum StepKind {
    SET, WAIT, SEND, EXPECT, AWAIT, STREAM, SILENCE, IGNORE, HEED, REPEAT, END,
    BARRIER, MARK
} StepKind;

typedef struct Step {
    StepKind kind;
    unsigned line;
    char *text;                 /* the line */
    int64_t time;               /* ns that it lasts, or may last */
    GArray *terms;              /* of Term */
    unsigned flags;
    GByteArray *bytes;          /* SEND: of the frame, before the terms */
    Expression value;           /* SET; REPEAT: how often */
    int variable;               /* SET, STREAM; REPEAT: -1 if there is none */
    unsigned other;             /* REPEAT: its END; END: its REPEAT */
    bool forever;               /* REPEAT */
    struct Step *reply;         /* STREAM: a SEND, or NULL */
    Barrier *barrier;
    char *name;                 /* MARK */
} Step;

/* Where the parts of a frame are; what is not there begins and ends at its
   end. */
typedef struct Anatomy {
    Protocol protocol;
    bool whole;                 /* no fragment, headers and lengths fit */
    size_t transport;           /* the header of ICMP, UDP or TCP */
    size_t sum;                 /* its checksum */
    size_t payload;
    size_t end;                 /* of what IP counts */
} Anatomy;

/* A frame of the guest. */
typedef struct Frame {
    size_t size;
    int64_t time;
    bool offloaded;
    Anatomy anatomy;
    uint8_t data[];
} Frame;

typedef struct Lane {
    char *name;
    unsigned line;
    GArray *match;              /* of Term */
    GPtrArray *steps;           /* of Step */
    GPtrArray *variables;       /* names */
    GArray *values;             /* of uint64_t */
    bool background;            /* it repeats for ever: nobody waits for it */

    unsigned at;                /* the step that is to be done next */
    int64_t since;              /* when the one before was done */
    bool entered;               /* this step has begun */
    bool ended;
    GArray *rounds;             /* of uint64_t: REPEATs, by step */
    GPtrArray *ignored;         /* of Step: IGNOREs that hold */
    GQueue inbox;               /* of Frame */
    uint64_t streamed;          /* bytes of a STREAM that came */
    bool fin;                   /* and its end */
    const Step *outgoing;       /* a SEND whose frame the card has not got */
    GByteArray *frame;          /* what it becomes */
    bool sent;
    unsigned opened;            /* BARRIER: as it was when the lane came */
} Lane;

typedef struct Script {
    struct NetScript *peer;     /* who plays it */
    GPtrArray *lanes;           /* of Lane */
    GPtrArray *barriers;        /* of Barrier */
    GQueue arrived;             /* of Frame, for no lane yet */
    int64_t now;
    bool ended;
    bool passed;
    uint64_t frames_sent;
    uint64_t frames_received;
    uint64_t frames_unmatched;
} Script;

/* parse.c: NULL and an error "FILE:LINE: ..." if the file is no script. */
Script *script_parse(const char *file, Error **errp);

/*
 * frame.c, build.c
 */

/* Of a frame that is not complete, IP's length is not right yet. */
Anatomy frame_anatomy(const uint8_t *data, size_t size, bool complete);
uint64_t expression_value(const Expression *expression, const Lane *lane);
/* The byte at a position of the endless pattern of a seed. */
uint8_t pattern_byte(uint64_t seed, uint64_t position);

/* Makes lane->frame of lane->outgoing, with at least an Ethernet header, behind
   `header` bytes for the card. */
void frame_build(Lane *lane, unsigned header, bool guest_sums);
/* What the guest has left to its card is done. False: it cannot be. */
bool frame_finish_sum(Frame *frame, size_t start, size_t offset);
/* What is wrong with a frame's lengths and checksums; NULL if nothing. */
const char *frame_defect(const Frame *frame);
/* True if all terms from the `first` on hold. Captures nothing. Else, why not
   (if asked). */
bool frame_matches(const Frame *frame, const GArray *terms, unsigned first,
                   const Lane *lane, char **why);
void frame_capture(const Frame *frame, const GArray *terms, Lane *lane);
void frame_dump(const Frame *frame, GString *out);

/*
 * lane.c
 */

/* Does every step that can be done now. Frames that have come are in
   script->arrived. */
void script_run(Script *script);
/* The next time at which something is to be done without a frame. */
int64_t script_deadline(const Script *script);

/*
 * peer.c: what lanes ask for
 */
/* Sends what lane->outgoing says, as it is when the card takes it; then
   lane->sent. */
void peer_send(Script *script, Lane *lane);
/* A line of the log: what has happened when. */
void peer_mark(Script *script, const char *what, const char *name);
/* The end: logs it, and ends the machine if that was asked for. `summary` is
   one line, `details` may be "". */
void peer_end(Script *script, bool passed, const char *summary,
              const char *details);

#endif
