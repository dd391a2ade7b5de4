/*
 * Network scripts: what steps share.
 *
 * Copyright (c) 2026 the ReL4 authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef NET_SCRIPT_LANE_H
#define NET_SCRIPT_LANE_H

#include "script.h"

uint64_t *lane_variable(Lane *lane, int index);
/* The step's time is over, and no frame is left that has come within it. */
bool lane_is_late(const Script *script, const Lane *lane);
/* Answers false: the lane does nothing more. */
bool lane_fail(Script *script, const Lane *lane, const Frame *frame,
               const char *reason);
/* Why a frame is none of those that the flags allow; NULL if it is. */
const char *lane_breach(const Frame *frame, unsigned flags);
bool lane_ignores(const Frame *frame, const Lane *lane);
/* Begins to send what a SEND says. */
void lane_transmit(Script *script, Lane *lane, const Step *step);

/* stream.c: goes on with a STREAM. True if it is done. */
bool lane_stream(Script *script, Lane *lane, const Step *step);

#endif
