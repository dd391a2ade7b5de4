// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// For a kernel that tells nobody of faults: the thread is stopped, and whoever waits for it must
/// have a limit.
/// @stage{2}
#include "user/lib/fault.hpp"

namespace user {

bool FaultWatch::create(Allocator& memory) {
    notification_ = memory.make(ObjectType::notification);
    return notification_ != 0;
}

bool FaultWatch::poll(Event&) const { return false; }

Event FaultWatch::wait() const { return {.badge = sel4::wait(notification_)}; }

} // namespace user
