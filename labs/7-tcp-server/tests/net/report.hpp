// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the judge and its net server tell each other, in a page that only they have.
/// Read next: main.cpp.
#pragma once

#include "kernel/abi/types.hpp"
#include "runtime/shared_word.hpp"

namespace lab7 {

using abi::Word;

enum class Task : uint8_t { echo, pages, measured };

struct Report {
    // What the net server is to do.
    Task task;
    Word seed;
    // What it has seen.
    rt::SharedWord<Word> listeners;
    rt::SharedWord<Word> begun;  ///< connections that were accepted
    rt::SharedWord<Word> closed; ///< of these
    rt::SharedWord<Word> right;  ///< pieces that came back, or answers, as they should be
    rt::SharedWord<Word> wrong;
    rt::SharedWord<Word> expected; ///< the first wrong one: its bytes, or status
    rt::SharedWord<Word> got;
    rt::SharedWord<Word> refused;      ///< requests that make no sense
    rt::SharedWord<Word> instructions; ///< until the last piece that is measured was back
};

constexpr Word echo_connections = 6;
constexpr Word echo_pieces = 20; ///< of each
constexpr Word page_connections = 4;
constexpr Word page_requests = 6; ///< of each
constexpr Word speed_warm = 200;
constexpr Word speed_pieces = 2000; ///< that are measured
constexpr Word speed_bytes = 64;

/// By which the page is granted.
constexpr const char* report_name = "report";

} // namespace lab7
