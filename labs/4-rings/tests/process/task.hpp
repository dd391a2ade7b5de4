// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the judge and a process agree on: a page with the task, pages with what goes into a ring
/// and with what came out, and the buffer, a page of its own. The judge is a root task without a
/// line of the exercises; they run in the process. Neither believes more of the other than it must.
///
///     judge ── task, input (read-only there) ──> process ── output ──> judge
///                       both <── buffer ──> the other process, or the judge itself
///
/// Lines of one item are 8 words of input: id and info, then 7 words. A message is as many words as
/// its info says, behind a word with id and info.
/// Read next: main.cpp; labs/4-rings/tests/guest/judge.hpp.
#pragma once

#include "kernel/abi/ring.hpp"

namespace party {

using abi::Word;

constexpr abi::RingLines ring_lines{.requests = 16, .replies = 16};
constexpr Word capacity = 16 * abi::line_bytes;
static_assert(abi::buffer_bytes(ring_lines) <= 4096);

constexpr Word data_pages = 4; ///< of input, and of output
constexpr Word data_words = data_pages * 512;
constexpr Word line_words = 8;

/// What a process does. It is the client of the buffer if it makes, writes, sends or calls.
enum class Role : Word {
    snoop,   ///< loads the word at address `key`
    make,    ///< puts lines in; without room it lets others run
    take,    ///< takes lines; with nothing new it lets others run
    doze,    ///< takes lines; with nothing new it sleeps
    serve,   ///< answers lines, words changed by `key`, and ends bursts sleepily
    write,   ///< puts messages in; without room it lets others run
    send,    ///< puts messages in; ends bursts, and waits for room
    receive, ///< takes messages; ends bursts, and sleeps
    call,    ///< puts lines in, `burst` at a time, and takes the answers
    endure,  ///< takes and answers what it can, until it is stopped or the ring is corrupt
    measure, ///< is both sides: calls of `burst` lines to itself
};

/// Exit codes of a process.
enum class End : Word {
    done,
    hole,       ///< came to an exercise that is not done
    corrupt,    ///< some refill() said so
    bad_length, ///< a message has more lines than are available, or too many words
    bad_answer, ///< `measure` has read something else than it wrote
    no_memory,  ///< cannot map what it was given
};

struct Task {
    // The judge's, written before the process starts.
    Role role;
    Word hart;  ///< on which it is to run
    Word count; ///< of lines, or messages
    Word burst; ///< so many of them are published at once
    Word key;
    rt::SharedWord<Word> stop; ///< 1: `endure` is to end
    // The process's.
    rt::SharedWord<Word> hole;  ///< 41 is exercise 4.1
    rt::SharedWord<Word> taken; ///< words of output
};

} // namespace party
