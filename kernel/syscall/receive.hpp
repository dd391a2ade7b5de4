// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Recv and NBRecv: the thread waits at a notification (profile sel4: or an endpoint), or polls it.
/// Read next: receive.cpp, kernel/object/notification.hpp.
/// @stage{2}
#pragma once

#include "kernel/object/tcb.hpp"

namespace calls {

/// The current thread receives from `cptr`.
void receive(CPtr cptr, bool blocking);

} // namespace calls
