// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What goes into rings, and what must come out.
/// Read next: lines.cpp; labs/lib/judge/judge.hpp.
#pragma once

#include "labs/4-rings/tests/process/task.hpp"
#include "labs/lib/judge/judge.hpp"

namespace judge {

using party::line_words;

/// Draws lines, `line_words` words each.
void draw_lines(Draw& draw, Word* to, Word count);
/// Draws messages of up to `longest` words; answers how many words that makes.
Word draw_messages(Draw& draw, Word* to, Word count, Word longest);

/// What has come out is what went in, each word changed by `key` unless it is the first of a line.
bool expect_lines(const char* what, const Side& from, const Side& to, Word count, Word key,
                  const Place& place = Place::current());
/// The same for messages, word by word.
bool expect_messages(const Side& from, Word words, const Side& to,
                     const Place& place = Place::current());

} // namespace judge
