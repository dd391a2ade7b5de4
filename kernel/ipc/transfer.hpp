// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Passing a message from thread to thread: words, the badge, and capabilities.
/// Profile sel4 only. Reference: seL4 manual 4.2.2. Read next: transfer.cpp, fault_message.hpp.
/// @stage{none}
#pragma once

#include "kernel/object/tcb.hpp"

struct Endpoint;
class Invocation;

namespace transfer {

/// `receiver` gets what `sender` says: its message, or the fault it has. Capabilities go along if
/// `may_grant`; one to `endpoint`, over which the message goes, arrives as its badge. `call`: the
/// sender's invocation, if the message is sent just now; it knows buffer and capabilities.
void message(Tcb& sender, Endpoint* endpoint, Badge badge, bool may_grant, Tcb& receiver,
             const Invocation* call = nullptr);

} // namespace transfer
