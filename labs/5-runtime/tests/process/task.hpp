// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the judge and a process agree on: a page with the task, pages with what the process works
/// at and with what it has done, and the buffer. The judge is a root task without a line of the
/// exercises; they run in the process. Neither believes more of the other than it must.
///
///     judge ── task, input (read-only there) ──> process ── output ──> judge
///                       both <── buffer ──> the other process, or the judge itself
///
/// Read next: main.cpp; labs/5-runtime/tests/guest/judge.hpp.
#pragma once

#include "kernel/abi/ring.hpp"

namespace party {

using abi::Word;

constexpr abi::RingLines ring_lines{.requests = 16, .replies = 16};
constexpr Word capacity = 16 * abi::line_bytes;
static_assert(abi::buffer_bytes(ring_lines) <= 4096);

constexpr Word data_pages = 4; ///< of input, and of output
constexpr Word data_words = data_pages * 512;

/// What a process does. It is the client of the buffer if it calls.
enum class Role : Word {
    snoop,   ///< loads the word at address `key`
    frames,  ///< takes frames from a pool of `width` blocks, and gives them back
    turns,   ///< runs coroutines that take turns
    sleep,   ///< runs coroutines that sleep
    call,    ///< `width` coroutines make `count` calls each
    serve,   ///< answers requests, words changed by `key`, until it is stopped
    park,    ///< sleeps until it is notified, `count` times
    measure, ///< is both sides: `width` coroutines make `count` calls each
};

// What lies in input and output, in words, i being the number of a line:
//   frames    input  i: bytes of a frame to be taken; 0: the one taken longest ago goes back
//             output i: offset of the frame in the pool's memory, 1 more; 0: there was none
//   turns     input  i: priority and turns of coroutine i, as turns_of() says
//   sleep     input  i: the deadline of coroutine i
//             output of both: numbers of coroutines, in the order in which they ran
//   call      input  i: the word that call i sends; coroutine c makes the calls c * count + k
//             output i: the first word of its reply; no_reply: there was none

constexpr Word no_reply = ~Word{0};

/// Input of Role::turns.
constexpr Word turns_of(Word priority, Word turns) { return priority | turns << 8; }

/// How a server changes a word.
constexpr Word changed(Word word, Word key) { return (word ^ key) + 1; }

/// Exit codes of a process.
enum class End : Word {
    done,
    hole,       ///< came to an exercise that is not done
    closed,     ///< the connection was closed, for what the other side has done
    bad_answer, ///< `measure` has got something else than it expects
    no_memory,  ///< cannot map what it was given, or has no frames
};

struct Task {
    // The judge's, written before the process starts.
    Role role;
    Word hart;  ///< on which it is to run
    Word count; ///< of lines, or calls of a coroutine
    Word width; ///< coroutines, or blocks
    Word key;
    rt::SharedWord<Word> stop; ///< 1: `serve` is to end
    // The process's.
    rt::SharedWord<Word> hole;  ///< 41 is exercise 4.1
    rt::SharedWord<Word> taken; ///< words of output; of `park`: notifications
};

} // namespace party
