// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What processes of lab 4 do. Lines of one item are 8 words of input: id and info, then 7 words. A
/// message is as many words as its info says, behind a word with id and info.
/// Read next: main.cpp; labs/lib/judge/task.hpp.
#pragma once

#include "labs/lib/judge/task.hpp"

namespace party {

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

} // namespace party
