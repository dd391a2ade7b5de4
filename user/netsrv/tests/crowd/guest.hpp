// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A guest of the crowd, and what it can do. Read next: guest.cpp, hostile.cpp.
/// @stage{none}
#pragma once

#include "user/lib/async_process.hpp"
#include "user/lib/machine.hpp"
#include "user/netsrv/tests/crowd/crowd.hpp"

namespace crowd {

struct Guest {
    user::AsyncProcess* process;
    unsigned number;
    ipc::Client& client; ///< of the net server,
    net::Net net;        ///< who is asked by it, and
    Word window;         ///< where its ring lies
    net::Addresses addresses = {};
    Word listener = 0;
    Word datagrams = 0; ///< handle of UDP's port
    unsigned served = 0;
    unsigned working = 0; ///< coroutines that are not at their end
    Word worst = 0;       ///< ticks that an answer has taken
    bool all_here = false;
    bool failed = false;

    void expect(bool holds, const char* what);
    void spawn(rt::Task<> task);
};

inline Word soon(Word milliseconds) { return machine::time() + user::ticks_of(milliseconds); }

/// How long all stay, so that the auditor sees them together.
constexpr Word stay_milliseconds = 400;

// What a guest does when all are here.

rt::Task<> talk(rt::Frames frames, Guest* guest);
/// Has many requests in progress, most of which are never answered.
rt::Task<> be_busy(rt::Frames frames, Guest* guest);
rt::Task<> babble(rt::Frames frames, Guest* guest);
rt::Task<> take_all(rt::Frames frames, Guest* guest);
/// Never again uses what it writes into.
void scribble(const Guest& guest);

} // namespace crowd
