// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the judge and a process agree on: a page with the task, pages with what the process works
/// at and with what came out, and the buffer, a page of its own. The judge is a root task without a
/// line of the exercises; they run in the process. Neither believes more of the other than it must.
///
///     judge ── task, input (read-only there) ──> process ── output ──> judge
///                       both <── buffer ──> the other process, or the judge itself
///
/// What a process can do, and what lies in its input and output, each lab says itself.
/// Read next: judge.hpp, process.hpp.
#pragma once

#include "kernel/abi/ring.hpp"

namespace party {

using abi::Word;

constexpr abi::RingLines ring_lines{.requests = 16, .replies = 16};
constexpr Word capacity = 16 * abi::line_bytes;
static_assert(abi::buffer_bytes(ring_lines) <= 4096);

constexpr Word data_pages = 4; ///< of input, and of output
constexpr Word data_words = data_pages * 512;

/// What a process does; a lab has names for it. Role 0 is `snoop` in all: it loads the word at
/// address `key`.
enum class Role : Word;

/// Exit codes of a process.
enum class End : Word {
    done,
    hole,       ///< came to an exercise that is not done
    gave_up,    ///< says that the other side breaks the rules
    bad_length, ///< was told a length that cannot be
    bad_answer, ///< is both sides, and has read something else than it wrote
    no_memory,  ///< cannot map what it was given, or has no frames
};
constexpr unsigned ends = 6;

struct Task {
    // The judge's, written before the process starts.
    Role role;
    Word hart;  ///< on which it is to run
    Word count; ///< how much there is to be done, and
    Word burst; ///< how much of it at a time; of what, the role says
    Word key;
    rt::SharedWord<Word> stop; ///< 1: it is to end
    // The process's.
    rt::SharedWord<Word> hole;  ///< 41 is exercise 4.1
    rt::SharedWord<Word> taken; ///< how far it has come, mostly words of output
};

} // namespace party
