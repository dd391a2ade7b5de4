// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What processes of lab 5 do.
/// Read next: main.cpp; labs/lib/judge/task.hpp.
#pragma once

#include "labs/lib/judge/task.hpp"

namespace party {

/// What a process does. It is the client of the buffer if it calls.
enum class Role : Word {
    snoop,   ///< loads the word at address `key`
    frames,  ///< takes frames from a pool of `burst` blocks, and gives them back
    turns,   ///< runs coroutines that take turns
    sleep,   ///< runs coroutines that sleep
    call,    ///< `burst` coroutines make `count` calls each
    serve,   ///< answers requests, words changed by `key`, until it is stopped
    park,    ///< sleeps until it is notified, `count` times
    measure, ///< is both sides: `burst` coroutines make `count` calls each
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

} // namespace party
