// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The judge: a root task that has no line of the exercises in it. It starts the TCP server, which
/// is the student's, and a net server of its own, which plays all other ends; and it is the broker
/// of both. The TCP server has no console, and is told nothing of the command line: what it does is
/// all that speaks for it. A session is over when all connections are closed, or time is.
/// Read next: session.cpp; labs/7-tcp-server/tests/net/main.cpp.
#pragma once

#include "labs/7-tcp-server/tests/net/report.hpp"
#include "user/lib/test.hpp"

namespace session {

using lab7::Report;
using lab7::Task;

/// Has the session of this task come to its end?
enum class End : uint8_t { none, closed, server_ended, out_of_time, not_started };

struct Result {
    End end = End::none;
    const Report* report = nullptr;
};

/// Does what the task says, once, before the first test.
void run(Task task, abi::Word seed);

/// What has come of it.
const Result& result_of(Task task);

} // namespace session
